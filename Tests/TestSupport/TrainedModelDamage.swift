import ModelFiles

/// Damage to models that leaves files whole: names, shapes, types and values that do not belong together.
extension SeededGenerator {
  /// A safetensors or NPZ file of a model with one to three places damaged, in its arrays or, of some, in its bytes.
  public mutating func damagedModel() -> [UInt8] {
    var model = self.model()
    for _ in 0..<one(of: [0, 1, 1, 1, 2, 3]) { damage(&model) }
    if chance(oneIn: 4) { model.tensors.shuffle(using: &self) }
    if chance(oneIn: 3) {
      return chance(oneIn: 8) ? damaged(model.npz) : model.npz
    }
    return chance(oneIn: 8) ? damagedSafetensors(model.safetensors) : model.safetensors
  }

  /// A model of any kind and layout, sometimes two, with or without a readout.
  private mutating func model() -> ModelTensors {
    var model = ModelTensors()
    for _ in 0..<one(of: [1, 1, 1, 1, 2]) {
      let (gates, inputs, hidden) = (one(of: [1, 3, 4]), number(1...3), number(1...3))
      let hasBiases = !chance(oneIn: 4)
      let directions = number(1...2)
      switch number(0...3) {
      case 0: model.tensors += ModelTensors.pytorchCell(gates: gates, inputs: inputs, hidden: hidden).tensors
      case 1...2:
        model.tensors +=
          ModelTensors.pytorch(
            gates: gates, inputs: inputs, hidden: hidden, layers: number(1...3), directions: directions,
            hasBiases: hasBiases, prefix: one(of: ["", "rnn.", "module.encoder.lstm."])
          ).tensors
      default:
        for layer in 0..<number(1...3) {
          for direction in ["forward_", "backward_"].prefix(directions) {
            model.addKeras(
              gates: gates, inputs: layer == 0 ? inputs : directions * hidden, hidden: hidden,
              hasBias: hasBiases, path: "m/bi_\(layer)/\(directions == 2 ? direction : "")lstm_\(layer)/cell")
          }
        }
      }
      if chance(oneIn: 2) {
        model.add("fc.weight", [2, directions * hidden])
        model.add("m/dense/kernel", [directions * hidden, 2])
      }
    }
    return model
  }

  private mutating func damage(_ model: inout ModelTensors) {
    guard !model.tensors.isEmpty else { return }
    let at = number(0...model.tensors.count - 1)
    switch number(0...8) {
    case 0: model.tensors[at].name = damaged(model.tensors[at].name, fragments: Self.modelNames)
    case 1: model.tensors[at].name = one(of: Self.modelNames) + model.tensors[at].name
    case 2, 3: reshape(&model.tensors[at])
    case 4: model.tensors[at].type = one(of: [.float64, .float32, .float16, .int8, .int64])
    case 5: model.tensors.remove(at: at)
    case 6:
      guard !model.tensors[at].values.isEmpty else { return }
      let element = number(0...model.tensors[at].values.count - 1)
      model.tensors[at].values[element] = one(of: [.nan, .infinity, -.infinity, 1e300, -0.0])
    case 7: model.add(one(of: Self.modelNames), [number(0...3), number(1...3)])
    default:
      model.metadata[one(of: ["nonlinearity", "format", model.tensors[at].name, "fc.weight", "x.weight"])] =
        one(of: ["relu", "tanh", "", "gelu\n", model.tensors[number(0...model.tensors.count - 1)].name])
    }
  }

  /// Other extents: exchanged, one more or less, none, or one beyond all memory beside an empty one.
  private mutating func reshape(_ tensor: inout ModelTensors.Tensor) {
    var shape = tensor.shape
    switch number(0...5) {
    case 0: shape.reverse()
    case 1: shape.append(number(1...2))
    case 2: shape = Array(shape.dropLast())
    case 3 where !shape.isEmpty: shape[number(0...shape.count - 1)] = number(0...9)
    case 4: shape = [one(of: [0, 0, 1]), 0, one(of: [4, 1 << 61, .max])].shuffled(using: &self)
    case 5: shape = [0, one(of: [3, 1 << 61, .max])].shuffled(using: &self)
    default: break
    }
    // Extents that another one made harmless are not to be filled.
    let isEmpty = shape.contains(0)
    if !isEmpty { shape = shape.map { min($0, 9) } }
    tensor = ModelTensors.Tensor(tensor.name, isEmpty ? [0] : shape, tensor.type)
    tensor.shape = shape
  }

  private static let modelNames = [
    "", ".", "/", ":0", "rnn.", "module.", "_l0", "_l1", "_l7", "_l9223372036854775807",
    "_l99999999999999999999",
    "_l-1", "_l00", "_reverse", "weight_", "bias_", "weight_hh", "weight_ih_l0", "weight_hr_l0", "forward_",
    "backward_", "forward_lstm/", "kernel", "/kernel", "/recurrent_kernel", "recurrent_kernel:0", "/bias",
    "readout",
    "readout.weight", "w_ci", "cell.ln_i.weight", "parametrizations.weight_hh_l0", "_packed_params",
    "\u{1}\n", "é",
    "e\u{301}", "\u{202E}", "\u{301}", String(repeating: "a/", count: 300),
    String(repeating: "\u{2028}", count: 200),
    String(repeating: "0", count: 300), String(repeating: "9", count: 300),
  ]
}
