import GradientFlow

extension Network {
  /// Its arrays as a safetensors file holds them, under PyTorch's names and in the training precision. As in PyTorch's
  /// state_dict, an embedding that is also the readout's weight is there under both names.
  ///
  /// - Throws: `ModelFileError` never for a network that fits in memory.
  func tensors() throws(ModelFileError) -> [(name: String, array: NumericArray)] {
    var tensors = try named(arrays)
    if tiesReadout {
      let weight = readout.weight
      tensors.append(
        (
          Self.readoutWeight,
          try NumericArray(computed: weight.values, shape: [weight.rows, weight.columns])
        ))
    }
    return tensors
  }

  /// As many numbers as each of its arrays has, under their names.
  ///
  /// - Parameter prefix: before each name.
  func named(
    _ values: [[Element]], prefix: String = ""
  ) throws(ModelFileError) -> [(name: String, array: NumericArray)] {
    var tensors: [(name: String, array: NumericArray)] = []
    for (place, values) in zip(arrayPlaces, values) {
      tensors.append((prefix + place.name, try NumericArray(computed: values, shape: place.shape)))
    }
    return tensors
  }

  /// Arrays of a file that are like its own; nil where one is missing or has another shape.
  ///
  /// - Parameter prefix: before each name.
  func arrays(in file: SafetensorsFile, prefix: String = "") -> [[Element]]? {
    var found: [[Element]] = []
    for place in arrayPlaces {
      guard let array = file[prefix + place.name], array.shape == place.shape else { return nil }
      found.append(Element.array(array.doubles()))
    }
    return found
  }

  private static var readoutWeight: String { "readout.weight" }
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
