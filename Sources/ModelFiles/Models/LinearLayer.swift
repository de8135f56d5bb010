import LinearAlgebra
import RecurrentCells

/// A linear layer of a file, by the names of its tensors.
struct LinearLayer {
  /// Its module or path.
  let prefix: String
  let weight: String
  let bias: String?
  /// Whether the weights are [inputs, outputs], as Keras has them, instead of [outputs, inputs].
  let isTransposed: Bool

  /// Its inputs and outputs; nil if its tensors are not those of a linear layer.
  func extent(_ archive: ModelArchive) -> (inputs: Int, outputs: Int)? {
    guard let array = archive[weight], array.storedType.isFloatingPoint, array.shape.count == 2,
      !array.shape.contains(0)
    else { return nil }
    let outputs = array.shape[isTransposed ? 1 : 0]
    if let bias, archive[bias]?.shape != [outputs] { return nil }
    return (array.shape[isTransposed ? 0 : 1], outputs)
  }

  /// Reads it as the readout of a hidden state of `width` units.
  func readout(_ reader: inout WeightReader, width: Int) throws(ModelFileError) -> Readout<Double> {
    let outputs = try reader.shape(of: weight, rank: 2)[isTransposed ? 1 : 0]
    let values = try reader.values(
      of: weight, shape: isTransposed ? [width, outputs] : [outputs, width],
      reason: "to read \(width) hidden units")
    let matrix =
      isTransposed
      ? Matrix(rows: width, columns: outputs, values: values).transposed
      : Matrix(rows: outputs, columns: width, values: values)
    let biases = try bias.map { (bias) throws(ModelFileError) in
      try reader.values(
        of: bias, shape: [outputs], reason: "as \(Excerpt.literal(weight)) has \(outputs) outputs")
    }
    return Readout(weight: matrix, bias: biases ?? Array(repeating: 0, count: outputs))
  }
}

extension LinearLayer {
  /// The modules of a `state_dict` with a `weight`, tied ones too, that are not below some recurrent modules.
  static func pytorch(in archive: ModelArchive, outside paths: [String]) -> [Self] {
    let names = archive.names + archive.metadata.keys.sorted().filter { archive[$0] == nil }
    return names.compactMap { name in
      guard name.hasSuffix(".weight"), !paths.contains(where: { !$0.isEmpty && name.hasPrefix($0) }) else {
        return nil
      }
      return pytorch(in: archive, module: String(name.dropLast(".weight".count)))
    }
  }

  static func pytorch(in archive: ModelArchive, module: String) -> Self? {
    guard let weight = archive.storedName(module + ".weight") else { return nil }
    return Self(
      prefix: module, weight: weight, bias: archive.storedName(module + ".bias"), isTransposed: false)
  }
}

extension Matrix<Double> {
  /// Rows and columns exchanged.
  var transposed: Self {
    let result = [Double](unsafeUninitializedCapacity: values.count) { buffer, count in
      if let start = buffer.baseAddress {
        Double.transpose(rows: rows, columns: columns, values, into: start)
      }
      count = values.count
    }
    return Matrix(rows: columns, columns: rows, values: result)
  }
}
