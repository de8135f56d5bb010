import LinearAlgebra
import ModelFiles
import RecurrentCells

/// Weights of a small model, and its data as files: what a user brings to `gradflow diagnose`.
public struct SmallModel: Sendable {
  public var cell: CellKind
  public var layers, directions, inputSize, hiddenSize: Int
  /// Standard deviation of the weights, times 1/√H.
  public var scale = 0.9
  /// Outputs of the readout; nil for none.
  public var readoutSize: Int?

  public init(
    _ cell: CellKind, layers: Int = 1, directions: Int = 1, inputSize: Int = 3, hiddenSize: Int = 4,
    readoutSize: Int? = nil
  ) {
    self.cell = cell
    self.layers = layers
    self.directions = directions
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.readoutSize = readoutSize
  }

  /// D·H.
  public var outputSize: Int { directions * hiddenSize }

  /// The weights, the same each time; `change` may replace those of a layer and direction.
  public func model(
    _ change: (RecurrentParameters<Double>) -> RecurrentParameters<Double> = { $0 }
  ) -> RecurrentModel<Double> {
    let rows = cell.gates.count * hiddenSize
    let deviation = scale / Double(hiddenSize).squareRoot()
    let found = (0..<layers).map { layer in
      (0..<directions).map { direction in
        let inputs = layer == 0 ? inputSize : outputSize
        var stream = RandomStream(
          rootSeed: 7, trialSeed: UInt64(layer * 2 + direction), purpose: .hiddenWeights(block: 0))
        func normals(_ count: Int) -> [Double] {
          stream.normals(count, standardDeviation: deviation)
        }
        return change(
          RecurrentParameters(
            weightIH: Matrix(rows: rows, columns: inputs, values: normals(rows * inputs)),
            weightHH: Matrix(rows: rows, columns: hiddenSize, values: normals(rows * hiddenSize)),
            biasIH: normals(rows), biasHH: normals(rows)))
      }
    }
    return RecurrentModel(cell: cell, layers: found)
  }

  /// The readout, if it has one.
  public var readout: Readout<Double>? {
    readoutSize.map { outputs in
      var stream = RandomStream(rootSeed: 7, trialSeed: 99, purpose: .readout)
      return Readout(
        weight: Matrix(
          rows: outputs, columns: outputSize,
          values: stream.normals(outputs * outputSize, standardDeviation: 0.5)),
        bias: stream.normals(outputs, standardDeviation: 0.5))
    }
  }

  /// Numbers that differ from place to place, the same each time.
  public static func numbers(_ count: Int, seed: UInt64 = 1) -> [Double] {
    var stream = RandomStream(rootSeed: 8, trialSeed: seed, purpose: .inputs)
    return stream.normals(count)
  }
}

extension TemporaryDirectory {
  /// Writes weights as safetensors; returns the path.
  public func write(
    _ model: SmallModel, to name: String = "model.safetensors",
    changed: (RecurrentParameters<Double>) -> RecurrentParameters<Double> = { $0 }
  ) throws -> String {
    try TrainedModel.write(model.model(changed), readout: model.readout, to: file(name))
    return file(name)
  }

  /// Writes an array of random numbers; returns the path.
  public func write(numbers shape: [Int], seed: UInt64 = 1, to name: String) throws -> String {
    try write(SmallModel.numbers(shape.reduce(1, *), seed: seed), shape: shape, to: name)
  }

  /// Writes an array of float64; returns the path.
  public func write(_ values: [Double], shape: [Int], to name: String) throws -> String {
    try NPYFile.write(try NumericArray(values, shape: shape), to: file(name))
    return file(name)
  }

  /// Writes an array of int64, 0, 1, … below `count` and again; returns the path.
  public func write(classes shape: [Int], below count: Int, to name: String) throws -> String {
    try write((0..<shape.reduce(1, *)).map { $0 % count }, shape: shape, to: name)
  }

  /// Writes an array of int64; returns the path.
  public func write(_ values: [Int], shape: [Int], to name: String) throws -> String {
    try NPYFile.write(try NumericArray(values, shape: shape), to: file(name))
    return file(name)
  }
}
