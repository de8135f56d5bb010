import ModelFiles
import RecurrentCells
import TestSupport
import Testing

/// Tensors that are no model, and the whole message that says so.
struct RefusedModel: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let tensors: ModelTensors
  let message: String
  var layout: ModelLayout?
  var prefix: String?
  var nonlinearity: Activation?
  var readout: String?

  init(
    _ name: String, _ tensors: ModelTensors, layout: ModelLayout? = nil, prefix: String? = nil,
    nonlinearity: Activation? = nil, readout: String? = nil, _ message: String
  ) {
    testDescription = name
    self.tensors = tensors
    self.layout = layout
    self.prefix = prefix
    self.nonlinearity = nonlinearity
    self.readout = readout
    self.message = message
  }

  func check() {
    let error = #expect(throws: ModelFileError.self) {
      try TrainedModel(
        tensors.archive(), layout: layout, prefix: prefix, nonlinearity: nonlinearity, readout: readout)
    }
    #expect(error?.description == message)
    #expect(error?.complaint == nil)
  }
}

@Suite("Trained models that are refused")
struct TrainedModelRefusalTests {
  private static let lstm = ModelTensors.pytorch(gates: 4, layers: 2, directions: 2, prefix: "rnn.")
  private static let gru = ModelTensors.keras(gates: 3)

  private static func changed(
    _ tensors: ModelTensors, _ name: String, _ change: (inout ModelTensors.Tensor) -> Void
  )
    -> ModelTensors
  {
    var copy = tensors
    guard var tensor = copy[name] else { return copy }
    change(&tensor)
    copy[name] = tensor
    return copy
  }

  private static func reshaped(_ tensors: ModelTensors, _ name: String, _ shape: [Int]) -> ModelTensors {
    changed(tensors, name) { $0 = ModelTensors.Tensor(name, shape) }
  }

  private static func joined(_ parts: ModelTensors...) -> ModelTensors {
    var all = ModelTensors()
    for part in parts { all.tensors += part.tensors }
    return all
  }

  @Test(arguments: [
    RefusedModel(
      "no arrays", ModelTensors(),
      "names: no arrays; PyTorch's are called weight_ih_l0, weight_hh_l0, … (a cell's weight_ih, weight_hh), "
        + "Keras's …/kernel and …/recurrent_kernel, behind the name of their module or layer"),
    RefusedModel(
      "other arrays", ModelTensors().adding("a.weight", [2, 2]).adding("a.bias", [2]),
      #"names: no recurrent weights; the file has a (weight [2, 2], bias [2]); "#
        + "PyTorch's are called weight_ih_l0, weight_hh_l0, … (a cell's weight_ih, weight_hh), "
        + "Keras's …/kernel and …/recurrent_kernel, behind the name of their module or layer"),
    RefusedModel(
      "Keras as PyTorch", gru, layout: .pytorch,
      "names: no recurrent weights of the layout pytorch; the file uses the names of the other layout: "
        + "use --layout keras"),
    RefusedModel(
      "PyTorch as Keras", lstm, layout: .keras,
      "names: no recurrent weights of the layout keras; the file uses the names of the other layout: "
        + "use --layout pytorch"),
    RefusedModel(
      "both", joined(lstm, gru),
      "names: recurrent weights of PyTorch and of Keras; choose with --layout pytorch or --layout keras"),
    RefusedModel(
      "several modules", joined(lstm, ModelTensors.pytorch(gates: 3)),
      #"names: 2 recurrent modules: "rnn", ""; choose one with --prefix"#),
    RefusedModel(
      "another prefix", lstm, prefix: "lstm.",
      #"prefix "lstm.": no recurrent module of this name; the file has "rnn""#),
    RefusedModel(
      "another layer", gru, prefix: "lstm",
      #"prefix "lstm": no recurrent layer of this name; the file has "model/rnn/cell""#),
    RefusedModel(
      "another readout", lstm.adding("fc.weight", [2, 6]), readout: "head",
      #"readout "head": no linear layer of this name; the file has "fc""#),
    RefusedModel(
      "no readout", lstm, readout: "head",
      #"readout "head": no linear layer of this name; the file has none; omit --readout"#),
    RefusedModel(
      "a readout of another width", lstm.adding("fc.weight", [2, 3]), readout: "fc",
      #"tensor "fc.weight": shape [2, 3]; it must be [2, 6], to read 6 hidden units"#),
    RefusedModel(
      "a readout with more biases", lstm.adding("fc.weight", [2, 6]).adding("fc.bias", [3]), readout: "fc",
      #"tensor "fc.bias": shape [3]; it must be [2], as "fc.weight" has 2 outputs"#),
    RefusedModel(
      "a nonlinearity of an LSTM", lstm, nonlinearity: .relu,
      "nonlinearity: relu for a model of lstm cells; only plain RNNs have a choice; omit --nonlinearity"),
  ])
  func choicesAreRefused(model: RefusedModel) { model.check() }

  @Test(arguments: [
    RefusedModel(
      "a layer missing", ModelTensors.pytorch(gates: 4, layers: 3).tensorsWithout("_l1"),
      "names: weights of layer 2 without layer 1; layers are numbered from l0 up without a gap; save all of them"
    ),
    RefusedModel(
      "a reverse direction missing", lstm.removing("rnn.weight_ih_l1_reverse"),
      #"tensor "rnn.weight_ih_l1_reverse": missing; the file has "rnn.bias_hh_l0", "rnn.bias_hh_l0_reverse", "#
        + #""rnn.bias_hh_l1", "rnn.bias_hh_l1_reverse" and 11 more; save the whole module, "#
        + "or, if it has factors or parts of weights in place of them, the weights themselves"),
    RefusedModel(
      "no partner", ModelTensors().adding("weight_ih_l0", [4, 2]),
      #"tensor "weight_hh_l0": missing; the file has "weight_ih_l0"; save the whole module, "#
        + "or, if it has factors or parts of weights in place of them, the weights themselves"),
    RefusedModel(
      "one bias", ModelTensors.pytorch(gates: 1).removing("bias_hh_l0"),
      #"tensor "bias_hh_l0": missing; the file has "bias_ih_l0", "weight_hh_l0", "weight_ih_l0"; save the whole module, "#
        + "or, if it has factors or parts of weights in place of them, the weights themselves"),
    RefusedModel(
      "a cell and layers", joined(.pytorch(gates: 1), .pytorchCell(gates: 1)),
      #"names: weights of a cell and of layers in one module, ""; a module has weight_hh or weight_hh_l0, "#
        + "weight_hh_l1, …"),
    RefusedModel(
      "another weight", lstm.adding("rnn.weight_xx_l0", [2]),
      #"tensor "rnn.weight_xx_l0": [2], no parameter of torch.nn.RNN, LSTM, GRU or their cells; the module's equation "#
        + "is another one; diagnose it from a capture of its gradients, or give a file without it"),
    RefusedModel(
      "a leak", ModelTensors.pytorchCell(gates: 1, prefix: "cell.").adding("cell.alpha", [1]),
      #"tensor "cell.alpha": [1], no parameter of torch.nn.RNN, LSTM, GRU or their cells; the module's equation "#
        + "is another one; diagnose it from a capture of its gradients, or give a file without it"),
    RefusedModel(
      "a second bias", ModelTensors.pytorchCell(gates: 4, prefix: "cell.").adding("cell.bias", [12]),
      #"tensor "cell.bias": [12], no parameter of torch.nn.RNN, LSTM, GRU or their cells; the module's equation "#
        + "is another one; diagnose it from a capture of its gradients, or give a file without it"),
    RefusedModel(
      "a projection inside",
      ModelTensors.pytorchCell(gates: 4, prefix: "cell.").adding("cell.P.weight", [3, 3]),
      #"tensor "cell.P.weight": [3, 3], no parameter of torch.nn.RNN, LSTM, GRU or their cells; the module's equation "#
        + "is another one; diagnose it from a capture of its gradients, or give a file without it"),
    RefusedModel(
      "peepholes by letters", ModelTensors.pytorchCell(gates: 4).adding("p_i", [3]),
      #"tensor "p_i": [3], no parameter of torch.nn.RNN, LSTM, GRU or their cells; the module's equation "#
        + "is another one; diagnose it from a capture of its gradients, or give a file without it"),
    RefusedModel(
      "one bias of a GRU",
      ModelTensors.pytorchCell(gates: 3).removing("bias_ih").removing("bias_hh").adding("bias", [9]),
      #"tensor "bias": one bias of a GRU; a GRU has one for each side, bias_ih and bias_hh, which its reset gate tells "#
        + "apart"),
    RefusedModel(
      "more inside Keras's cell", ModelTensors.keras(gates: 4).adding("model/rnn/cell/alpha", [3]),
      #"tensor "model/rnn/cell/alpha": no weight of Keras's SimpleRNN, LSTM or GRU; the cell's equation is another one; "#
        + "give a file without it"),
    RefusedModel(
      "no kernel", gru.removing("model/rnn/cell/kernel"),
      #"tensor "model/rnn/cell/kernel": missing; the file has "model/rnn/cell/recurrent_kernel"; "#
        + "save all weights of the layer"),
    RefusedModel(
      "a kernel twice", gru.adding("model.rnn.cell.kernel:0", [2, 9]),
      #"tensor "model.rnn.cell.kernel:0": the same variable as "model/rnn/cell/kernel"; a layer has one kernel"#
    ),
    RefusedModel(
      "one direction", ModelTensors.keras(gates: 4, path: "b/backward_lstm/cell"),
      #"names: "b/backward_lstm/cell" without the forward_ layer of the other direction; save both, or choose this "#
        + "one with --prefix"),
    RefusedModel(
      "stacked cells in a direction",
      joined(
        .keras(gates: 4, path: "b/forward_rnn/lstm_cell"), .keras(gates: 4, path: "b/forward_rnn/lstm_cell_1")
      ),
      #"names: several cells in one direction of "b/rnn"; a layer has one cell for each direction"#),
    RefusedModel(
      "layers of unknown order",
      joined(.keras(gates: 4, inputs: 3, path: "decoder"), .keras(gates: 4, inputs: 3, path: "encoder")),
      #"names: 2 recurrent layers of unknown order: "decoder", "encoder"; choose one with --prefix, or number them "#
        + "like lstm, lstm_1, …"),
  ])
  func incompleteNamesAreRefused(model: RefusedModel) { model.check() }

  @Test(arguments: [
    RefusedModel(
      "two gates", ModelTensors.pytorch(gates: 2),
      #"tensor "weight_hh_l0": shape [6, 3]; it must have as many rows as columns (RNN), 3 times (GRU) or 4 times "#
        + "as many (LSTM)"),
    RefusedModel(
      "half a gate", reshaped(.pytorch(gates: 4), "weight_hh_l0", [12, 5]),
      #"tensor "weight_hh_l0": shape [12, 5]; it must have as many rows as columns (RNN), 3 times (GRU) or 4 times "#
        + "as many (LSTM)"),
    RefusedModel(
      "Keras's shapes", reshaped(gru, "model/rnn/cell/recurrent_kernel", [9, 3]),
      #"tensor "model/rnn/cell/recurrent_kernel": shape [9, 3]; it must have as many columns as rows (RNN), 3 times "#
        + "(GRU) or 4 times as many (LSTM)"),
    RefusedModel(
      "no hidden units", reshaped(.pytorch(gates: 4), "weight_hh_l0", [0, 0]),
      #"tensor "weight_hh_l0": shape [0, 0]; extents must be 1 or more"#),
    RefusedModel(
      "no inputs", reshaped(.pytorch(gates: 4), "weight_ih_l0", [12, 0]),
      #"tensor "weight_ih_l0": shape [12, 0]; extents must be 1 or more"#),
    RefusedModel(
      "a vector of weights", reshaped(.pytorch(gates: 4), "weight_hh_l0", [36]),
      #"tensor "weight_hh_l0": shape [36]; it must have 2 extents"#),
    RefusedModel(
      "input weights of another size", reshaped(lstm, "rnn.weight_ih_l0_reverse", [12, 3]),
      #"tensor "rnn.weight_ih_l0_reverse": shape [12, 3]; it must be [12, 2], as "rnn.weight_hh_l0" is [12, 3]"#
    ),
    RefusedModel(
      "a second layer of another width", reshaped(lstm, "rnn.weight_ih_l1", [12, 3]),
      #"tensor "rnn.weight_ih_l1": shape [12, 3]; it must be [12, 6], as "rnn.weight_hh_l0" is [12, 3]"#),
    RefusedModel(
      "a bias of another size", reshaped(lstm, "rnn.bias_hh_l1", [13]),
      #"tensor "rnn.bias_hh_l1": shape [13]; it must be [12], as "rnn.weight_hh_l0" is [12, 3]"#),
    RefusedModel(
      "Keras layers that do not follow",
      joined(.keras(gates: 4, path: "lstm"), .keras(gates: 4, inputs: 5, path: "lstm_1")),
      #"tensor "lstm_1/kernel": reads 5 numbers; "lstm", the layer before it, gives 3; "#
        + #"choose one of "lstm", "lstm_1" with --prefix if they are not a stack"#),
    RefusedModel(
      "NaN", changed(lstm, "rnn.weight_hh_l1") { $0.values[7] = .nan },
      #"tensor "rnn.weight_hh_l1", element [2, 1]: nan; weights must be finite; save the model before it diverged"#
    ),
    RefusedModel(
      "an infinite half", changed(lstm.stored(as: .float16), "rnn.bias_ih_l0") { $0.values[3] = -.infinity },
      #"tensor "rnn.bias_ih_l0", element [3]: -inf; weights must be finite; save the model before it diverged"#
    ),
    RefusedModel(
      "NaN in the readout", changed(gru.adding("d/kernel", [3, 2]), "d/kernel") { $0.values[3] = .nan },
      #"tensor "d/kernel", element [1, 1]: nan; weights must be finite; save the model before it diverged"#),
  ])
  func shapesAndValuesAreRefused(model: RefusedModel) { model.check() }

  @Test(arguments: [
    RefusedModel(
      "proj_size", lstm.adding("rnn.weight_hr_l0", [2, 3]),
      #"tensor "rnn.weight_hr_l0": a projection of the hidden state (proj_size); use an LSTM without proj_size"#
    ),
    RefusedModel(
      "peepholes", ModelTensors.pytorchCell(gates: 4, prefix: "cell.").adding("cell.W_ci", [3]),
      #"tensor "cell.W_ci": peephole connections; use an LSTM without peepholes"#),
    RefusedModel(
      "peepholes of a layer",
      ModelTensors.pytorchCell(gates: 4, prefix: "cell.").adding("cell.weight_co_l1_reverse", [3]),
      #"tensor "cell.weight_co_l1_reverse": peephole connections; use an LSTM without peepholes"#),
    RefusedModel(
      "peepholes without the usual names", ModelTensors().adding("rnn/lstm_cell/w_f_diag", [3]),
      #"tensor "rnn/lstm_cell/w_f_diag": peephole connections; use an LSTM without peepholes"#),
    RefusedModel(
      "Keras peepholes",
      ModelTensors.keras(gates: 4).adding("model/rnn/cell/input_gate_peephole_weights", [3]),
      #"tensor "model/rnn/cell/input_gate_peephole_weights": peephole connections; use an LSTM without peepholes"#
    ),
    RefusedModel(
      "layer normalisation",
      ModelTensors.pytorchCell(gates: 4, prefix: "cell.").adding("cell.layernorm_i.weight", [12]),
      #"tensor "cell.layernorm_i.weight": layer normalisation inside the cell; use an RNN, LSTM or GRU without it"#
    ),
    RefusedModel(
      "batch normalisation",
      ModelTensors.pytorchCell(gates: 4, prefix: "cell.").adding("cell.bn_ih.weight", [12]),
      #"tensor "cell.bn_ih.weight": batch normalisation inside the cell; use an RNN, LSTM or GRU without it"#),
    RefusedModel(
      "layer normalisation at the top", ModelTensors.pytorchCell(gates: 4).adding("ln_hh.weight", [12]),
      #"tensor "ln_hh.weight": layer normalisation inside the cell; use an RNN, LSTM or GRU without it"#),
    RefusedModel(
      "Keras layer normalisation",
      ModelTensors.keras(gates: 4).adding("model/rnn/cell/kernel_norm/gamma", [12]),
      #"tensor "model/rnn/cell/kernel_norm/gamma": layer normalisation inside the cell; use an RNN, LSTM or GRU "#
        + "without it"),
    RefusedModel(
      "weight normalisation", lstm.adding("rnn.parametrizations.weight_hh_l0.original0", [12, 1]),
      #"tensor "rnn.parametrizations.weight_hh_l0.original0": a part of a weight that is reparametrised or pruned; "#
        + "save after torch.nn.utils.parametrize.remove_parametrizations, remove_weight_norm or prune.remove"),
    RefusedModel(
      "pruning", lstm.removing("rnn.weight_hh_l0").adding("rnn.weight_hh_l0_orig", [12, 3]),
      #"tensor "rnn.weight_hh_l0_orig": a part of a weight that is reparametrised or pruned; "#
        + "save after torch.nn.utils.parametrize.remove_parametrizations, remove_weight_norm or prune.remove"),
    RefusedModel(
      "quantised", ModelTensors().adding("rnn._all_weight_values.0.param", [3]),
      #"tensor "rnn._all_weight_values.0.param": quantised weights; save the model before it is quantised"#),
    RefusedModel(
      "whole numbers", changed(lstm, "rnn.weight_hh_l0") { $0.type = .int8 },
      #"tensor "rnn.weight_hh_l0": int8 elements; weights are floating point; save a model that is not quantised"#
    ),
    RefusedModel(
      "convolutional", reshaped(gru, "model/rnn/cell/recurrent_kernel", [1, 1, 3, 9]),
      #"tensor "model/rnn/cell/recurrent_kernel": shape [1, 1, 3, 9], as of a convolutional cell; "#
        + "RNN, LSTM and GRU have matrices of weights"),
    RefusedModel(
      "reset before", reshaped(gru, "model/rnn/cell/bias", [9]),
      #"tensor "model/rnn/cell/bias": shape [9], of a GRU with reset_after=False; "#
        + "only GRUs with reset_after=True are supported, whose bias is [2, 9]"),
  ])
  func otherEquationsAreRefusedByName(model: RefusedModel) { model.check() }

  @Test func anUnknownNonlinearityIsRefused() {
    var tensors = ModelTensors.pytorch(gates: 1)
    tensors.metadata = ["nonlinearity": "gelu"]
    RefusedModel(
      "gelu", tensors,
      #"__metadata__, "nonlinearity": the nonlinearity "gelu"; plain RNNs support tanh, relu, linear"#
    ).check()
  }

  @Test(arguments: ["lstm", "mgu"]) func aNameOfACellWithOtherShapesIsRefused(name: String) {
    var tensors = ModelTensors.pytorch(gates: 3)
    tensors.metadata = [CellKind.metadataKey: name]
    RefusedModel(
      name, tensors,
      #"__metadata__, "gradflow.cell": the cell "\#(name)"; the shapes are those of gru"#
    ).check()
  }

  /// What a model has beside the recurrent module is named.
  @Test func otherModulesAreLeftAloneAndNamed() throws {
    let tensors = ModelTensors.pytorch(gates: 4)
      .adding("norm.weight", [3]).adding("fc.parametrizations.weight.original0", [2, 1])
      .adding("head.qweight", [2], .int8)
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.notes == [])
    #expect(
      trained.unused().notes == [
        "not used: norm.weight [3], which may stand between the recurrent layers and what reads them, or inside the recurrence",
        "not used: fc.parametrizations.weight.original0 [2, 1], head.qweight [2]",
      ])
    let second = Self.joined(Self.lstm, ModelTensors.pytorch(gates: 4, prefix: "dec.")).adding(
      "dec.weight_hr_l0", [2, 3])
    #expect(try TrainedModel(second.archive(), prefix: "rnn").prefix == "rnn")
  }
}

extension ModelTensors {
  /// The same arrays without those whose names contain a text.
  fileprivate func tensorsWithout(_ text: String) -> Self {
    var copy = self
    copy.tensors.removeAll { $0.name.contains(text) }
    return copy
  }
}
