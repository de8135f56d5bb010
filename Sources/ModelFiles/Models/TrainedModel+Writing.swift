import LinearAlgebra
import RecurrentCells

extension TrainedModel {
  /// The module of a readout that is written, and the one that is preferred where several linear layers may be it.
  public static let readoutName = "readout"

  /// The weights of a model under PyTorch's names, layer by layer, as in a `state_dict` of torch.nn.LSTM, then those of
  /// a readout.
  ///
  /// - Throws: `ModelFileError` never for a model that fits in memory.
  public static func tensors(
    of model: RecurrentModel<Double>, readout: Readout<Double>? = nil
  ) throws(ModelFileError) -> [(name: String, array: NumericArray)] {
    var tensors: [(name: String, array: NumericArray)] = []
    for (index, layer) in model.layers.enumerated() {
      for (direction, parameters) in zip(model.directions, layer) {
        let arrays = [
          try array(parameters.weightIH), try array(parameters.weightHH), try array(parameters.biasIH),
          try array(parameters.biasHH),
        ]
        for (parameter, array) in zip(RecurrentParameter.allCases, arrays) {
          let name = PyTorchName(parameter: parameter, layer: index, direction: direction).text
          tensors.append((name, array))
        }
      }
    }
    if let readout {
      tensors.append((readoutName + ".weight", try array(readout.weight)))
      tensors.append((readoutName + ".bias", try array(readout.bias)))
    }
    return tensors
  }

  /// Writes a model as a safetensors file, which PyTorch and this library read. Its metadata say what the weights are
  /// made for, the nonlinearity of a plain RNN, and the name of a cell that G does not tell.
  ///
  /// - Throws: `ModelFileError` of kind `cannotWrite` for the path.
  public static func write(
    _ model: RecurrentModel<Double>, readout: Readout<Double>? = nil, to path: String
  ) throws(ModelFileError) {
    var metadata = ["format": "pt"]
    metadata[Activation.metadataKey] = Activation(model.cell)?.rawValue
    if model.cell.needsName { metadata[CellKind.metadataKey] = model.cell.rawValue }
    try SafetensorsFile.write(tensors: tensors(of: model, readout: readout), metadata: metadata, to: path)
  }

  private static func array(_ vector: [Double]) throws(ModelFileError) -> NumericArray {
    try NumericArray(vector, shape: [vector.count])
  }

  private static func array(_ matrix: Matrix<Double>) throws(ModelFileError) -> NumericArray {
    try NumericArray(matrix.values, shape: [matrix.rows, matrix.columns])
  }
}
