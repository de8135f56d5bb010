/// Arithmetic on shapes that come from files, where no extent may be trusted.
enum ArrayShape {
  /// The most dimensions an array may have; NumPy 2 has the same limit.
  static let maximumRank = 64

  /// The product of the extents; 1 for a scalar, whose shape is empty.
  ///
  /// Zero extents do not hide an overflow among the others, so any partial product of an
  /// accepted shape is safe to form.
  static func elementCount(_ shape: [Int]) throws(ModelFileError) -> Int {
    guard shape.count <= maximumRank else {
      throw .unsupported(
        "shape", "\(shape.count) dimensions", "at most \(maximumRank) dimensions are allowed")
    }
    var product = 1
    for (axis, extent) in shape.enumerated() {
      guard extent >= 0 else {
        throw .malformed(
          "shape, entry \(axis)", "the extent \(extent)", "extents are whole numbers from 0 up")
      }
      product = try multiplied(product, max(extent, 1), shape)
    }
    return shape.contains(0) ? 0 : product
  }

  /// The bytes an array of this shape takes in a file.
  static func byteCount(_ shape: [Int], _ type: StoredType) throws(ModelFileError) -> Int {
    try multiplied(elementCount(shape), type.byteCount, shape)
  }

  private static func multiplied(
    _ left: Int, _ right: Int, _ shape: [Int]
  ) throws(ModelFileError) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    guard !overflow else {
      throw .malformed(
        "shape", Excerpt.shape(shape), "the array's size in bytes must fit a 64-bit integer")
    }
    return product
  }
}
