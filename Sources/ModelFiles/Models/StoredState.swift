/// An initial state that is a parameter of a model.
public struct StoredState: Sendable, Equatable {
  /// The name of its tensor.
  public let name: String
  /// Layers times directions.
  public let count: Int
  /// H.
  public let width: Int
  /// [L·D, H], the same for every sequence.
  public let values: [Double]
}

extension StoredState {
  /// Reads the initial state of a role, h or c.
  ///
  /// - Parameter isOthers: whether a name is that of a state of another recurrent module.
  /// - Returns: nil if the file has none that fits.
  /// - Throws: `ModelFileError` of kind `mismatch` where several may be it, or it is not finite.
  static func read(
    _ role: TensorRole, _ reader: inout WeightReader, count: Int, width: Int,
    besides isOthers: (String) -> Bool
  ) throws(ModelFileError) -> StoredState? {
    let shapes = [[count, 1, width], [count, width]] + (count == 1 ? [[1, width], [width]] : [])
    let fitting = reader.archive.names.filter { name in
      TensorRole(name: name) == role && shapes.contains(reader.archive[name]?.shape ?? [])
        && !isOthers(name)
    }
    guard fitting.count < 2 else {
      throw .mismatch(
        "initial state", "several may be it: \(Excerpt.literals(fitting))",
        "give the one of this module with --h0 and --c0")
    }
    guard let name = fitting.first, let array = reader.archive[name], array.storedType.isFloatingPoint else {
      return nil
    }
    return StoredState(
      name: name, count: count, width: width,
      values: try reader.values(of: name, shape: array.shape, reason: ""))
  }
}
