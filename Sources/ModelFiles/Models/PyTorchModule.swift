import LinearAlgebra
import RecurrentCells

/// A module of a `state_dict` with the parameters of torch.nn.RNN, LSTM, GRU or one of their cells.
struct PyTorchModule {
  /// What the names of its tensors start with: empty, or the module with a dot.
  let path: String
  /// Its recurrent parameters.
  private var tensors: [PyTorchName: String] = [:]
  /// Other tensors directly in it, by their whole names.
  private var others: [String] = []

  /// The module without the dot.
  var prefix: String { String(path.dropLast()) }

  /// The modules of a file that have recurrent parameters, in its order.
  static func all(in archive: ModelArchive) -> [Self] {
    var modules: [Self] = []
    var indices: [String: Int] = [:]
    for name in archive.names {
      let end =
        name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name.utf8.index(after: $0) } ?? name.startIndex
      let path = String(name[..<end])
      let index = indices[path] ?? modules.count
      if index == modules.count {
        modules.append(Self(path: path))
        indices[path] = index
      }
      if let parameter = PyTorchName(name[end...]) {
        modules[index].tensors[parameter] = name
      } else {
        modules[index].others.append(name)
      }
    }
    return modules.filter { !$0.tensors.isEmpty }
  }

  private init(path: String) { self.path = path }

  /// Reads the recurrent layers of a file.
  static func layers(_ reader: inout WeightReader, prefix: String?) throws(ModelFileError) -> FoundLayers {
    var notes: [String] = []
    let module = try chosen(from: all(in: reader.archive), prefix, reader.archive, &notes)
    if let refusal = UnsupportedVariant.refusal(below: module.path, in: reader.archive) { throw refusal }
    try module.checkOthers(&notes)
    let layers = try module.read(&reader, &notes)
    return FoundLayers(
      prefix: module.prefix, layers: layers,
      linearLayers: LinearLayer.pytorch(in: reader.archive, outside: module.path), notes: notes)
  }
}

// MARK: - Which module

extension PyTorchModule {
  private static func chosen(
    from modules: [Self], _ prefix: String?, _ archive: ModelArchive, _ notes: inout [String]
  ) throws(ModelFileError) -> Self {
    guard let first = modules.first else { throw .noRecurrentWeights(in: archive, layout: .pytorch) }
    if let prefix {
      let path = prefix.isEmpty || prefix.hasSuffix(".") ? prefix : prefix + "."
      // The module itself, or the only one in it, or the only one of this name in any other.
      let near = [
        modules.filter { $0.path == path }, modules.filter { $0.path.hasPrefix(path) },
        modules.filter { $0.path.hasSuffix("." + path) },
      ]
      if let match = near.first(where: { !$0.isEmpty }), match.count == 1 { return match[0] }
      throw .mismatch(
        "prefix \(Excerpt.literal(prefix))", "no recurrent module of this name",
        "the file has \(Excerpt.literals(modules.map(\.prefix)))")
    }
    guard modules.count > 1 else { return first }
    guard modules.dropFirst().allSatisfy({ $0.isTied(to: first, archive) }) else {
      throw .mismatch(
        "names", "\(modules.count) recurrent modules: \(Excerpt.literals(modules.map(\.prefix)))",
        "choose one with --prefix")
    }
    notes.append(
      "\(Excerpt.literals(modules.map(\.prefix))) have the same weights: \(Excerpt.literal(first.prefix)) is used"
    )
    return first
  }

  /// Whether both have the same tensors, as one module under two names has.
  private func isTied(to other: Self, _ archive: ModelArchive) -> Bool {
    tensors.count == other.tensors.count
      && tensors.allSatisfy { parameter, name in
        other.tensors[parameter].map { archive[$0] == archive[name] } ?? false
      }
  }

  /// Weights that are none of PyTorch's are an error; anything else beside the weights is not read.
  private func checkOthers(_ notes: inout [String]) throws(ModelFileError) {
    for name in others {
      let leaf = name.dropFirst(path.count)
      guard leaf.hasPrefix("weight_") || leaf.hasPrefix("bias_") else { continue }
      throw .unsupported(
        WeightReader.place(name), "not a parameter of torch.nn.RNN, LSTM or GRU",
        "beside weight_ih, weight_hh, bias_ih and bias_hh of each layer there must be no other weights")
    }
    if !others.isEmpty { notes.append("ignored: \(Excerpt.literals(others))") }
  }
}

// MARK: - Its tensors

extension PyTorchModule {
  private func read(
    _ reader: inout WeightReader, _ notes: inout [String]
  ) throws(ModelFileError) -> [[RecurrentParameters<Double>]] {
    let (layers, directions) = try extent()
    let hasBiases = tensors.keys.contains { $0.parameter == .biasIH || $0.parameter == .biasHH }
    if !hasBiases { notes.append("no biases are stored: they are zero") }

    let first = try name(.weightHH, layers[0], .forward)
    let recurrent = try reader.shape(of: first, rank: 2)
    let (rows, hidden) = (recurrent[0], recurrent[1])
    _ = try CellKind(
      rows: rows, columns: hidden, of: first, shape: recurrent, axes: (long: "rows", short: "columns"))
    let fits = "as \(Excerpt.literal(first)) is \(Excerpt.shape(recurrent))"

    var result: [[RecurrentParameters<Double>]] = []
    var inputs = try reader.shape(of: try name(.weightIH, layers[0], .forward), rank: 2)[1]
    for layer in layers {
      result.append(
        try directions.map { (direction) throws(ModelFileError) in
          func values(_ parameter: RecurrentParameter, _ shape: [Int]) throws(ModelFileError) -> [Double] {
            try reader.values(of: name(parameter, layer, direction), shape: shape, reason: fits)
          }
          func bias(_ parameter: RecurrentParameter) throws(ModelFileError) -> [Double] {
            hasBiases ? try values(parameter, [rows]) : Array(repeating: 0, count: rows)
          }
          return RecurrentParameters(
            weightIH: Matrix(rows: rows, columns: inputs, values: try values(.weightIH, [rows, inputs])),
            weightHH: Matrix(rows: rows, columns: hidden, values: try values(.weightHH, recurrent)),
            biasIH: try bias(.biasIH), biasHH: try bias(.biasHH))
        })
      inputs = directions.count * hidden
    }
    return result
  }

  /// Its layers, from 0 up without a gap, and its directions; a cell is one layer without a number.
  private func extent() throws(ModelFileError) -> (layers: [Int?], directions: [Direction]) {
    let layers = Set(tensors.keys.map(\.layer)).sorted { ($0 ?? -1) < ($1 ?? -1) }
    let directions: [Direction] =
      tensors.keys.contains { $0.direction == .reverse } ? [.forward, .reverse] : [.forward]
    guard layers != [nil] else { return ([nil], directions) }
    for (expected, layer) in layers.enumerated() where layer != expected {
      guard let layer else {
        throw .mismatch(
          "names", "weights of a cell and of layers in one module, \(Excerpt.literal(prefix))",
          "a module has weight_hh or weight_hh_l0, weight_hh_l1, …")
      }
      throw .mismatch(
        "names", "weights of layer \(layer) without layer \(expected)",
        "layers are numbered from l0 up without a gap; save all of them")
    }
    return (layers, directions)
  }

  /// The whole name of a parameter, which must be there.
  private func name(
    _ parameter: RecurrentParameter, _ layer: Int?, _ direction: Direction
  ) throws(ModelFileError) -> String {
    let name = PyTorchName(parameter: parameter, layer: layer, direction: direction)
    if let whole = tensors[name] { return whole }
    let others = tensors.values.sorted()
    throw .mismatch(
      WeightReader.place(path + name.text), "missing",
      "the file has \(Excerpt.literals(others)); save the whole module")
  }
}
