import GradientFlow

extension NetworkWeights {
  /// Its arrays as a safetensors file holds them, under PyTorch's names and in the training precision.
  ///
  /// - Throws: `ModelFileError` never for a network that fits in memory.
  func tensors(prefix: String = "") throws(ModelFileError) -> [(name: String, array: NumericArray)] {
    var tensors: [(name: String, array: NumericArray)] = []
    for (name, (values, shape)) in zip(Self.names, zip(arrays, shapes)) {
      tensors.append((prefix + name, try NumericArray(computed: values, shape: shape)))
    }
    return tensors
  }

  /// The shapes of its arrays, in their order.
  var shapes: [[Int]] {
    let (p, o) = (recurrent, readout)
    return [
      [p.weightIH.rows, p.weightIH.columns], [p.weightHH.rows, p.weightHH.columns], [p.biasIH.count],
      [p.biasHH.count], [o.weight.rows, o.weight.columns], [o.bias.count],
    ]
  }
}

extension NumericArray {
  /// Values in the precision they are computed in.
  ///
  /// - Parameter shape: nil: one dimension.
  init<Element: Scalar>(computed values: [Element], shape: [Int]? = nil) throws(ModelFileError) {
    let shape = shape ?? [values.count]
    if let values = values as? [Float] {
      try self.init(values, shape: shape)
    } else {
      try self.init(Element.doubles(values), shape: shape)
    }
  }
}
