import GradientFlow

/// A network's arrays as a safetensors file holds them, under PyTorch's names and in the training precision.
enum NetworkTensors {
  /// - Throws: `ModelFileError` never for a network that fits in memory.
  package static func of<Element: Scalar>(
    _ weights: NetworkWeights<Element>, prefix: String = ""
  ) throws(ModelFileError) -> [(name: String, array: NumericArray)] {
    try named(weights.arrays, shapes: shapes(weights), prefix: prefix)
  }

  /// Arrays shaped like those of a network.
  package static func named<Element: Scalar>(
    _ arrays: [[Element]], shapes: [[Int]], prefix: String
  ) throws(ModelFileError) -> [(name: String, array: NumericArray)] {
    var tensors: [(name: String, array: NumericArray)] = []
    for (name, (values, shape)) in zip(NetworkWeights<Element>.names, zip(arrays, shapes)) {
      tensors.append((prefix + name, try array(values, shape: shape)))
    }
    return tensors
  }

  /// The shapes of a network's arrays, in their order.
  package static func shapes<Element: Scalar>(_ weights: NetworkWeights<Element>) -> [[Int]] {
    let (p, o) = (weights.recurrent, weights.readout)
    return [
      [p.weightIH.rows, p.weightIH.columns], [p.weightHH.rows, p.weightHH.columns], [p.biasIH.count],
      [p.biasHH.count], [o.weight.rows, o.weight.columns], [o.bias.count],
    ]
  }

  /// Values in the precision they are computed in.
  package static func array<Element: Scalar>(
    _ values: [Element], shape: [Int]
  ) throws(ModelFileError) -> NumericArray {
    Element.self == Float.self
      ? try NumericArray(Element.doubles(values).map { Float($0) }, shape: shape)
      : try NumericArray(Element.doubles(values), shape: shape)
  }
}
