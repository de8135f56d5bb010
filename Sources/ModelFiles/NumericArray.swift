/// A dense array of numbers as a file holds it: shape, stored type and element bytes.
///
/// Elements are in row-major (C) order: the last index varies fastest. The bytes are kept as
/// stored, so reading and writing again changes nothing, NaN payloads and signed zeros included.
/// Two arrays are equal when type, shape and bytes are; NaN equals itself here, and -0 is not 0.
public struct NumericArray: Equatable, Sendable {
  /// Extent of each dimension; empty for a scalar.
  public let shape: [Int]
  /// Number type of the elements.
  public let storedType: StoredType
  /// The elements in row-major order, each with its lowest byte first.
  public let littleEndianBytes: [UInt8]

  /// Number of elements, the product of the shape.
  public var count: Int { littleEndianBytes.count / storedType.byteCount }

  /// Makes an array from element bytes, lowest byte first, in row-major order.
  ///
  /// - Throws: `ModelFileError` if an extent is negative, there are more than 64 dimensions, the
  ///   size overflows, or the number of bytes is not the product of the shape times the element
  ///   size.
  public init(
    littleEndianBytes: [UInt8], storedType: StoredType, shape: [Int]
  ) throws(ModelFileError) {
    let expected = try ArrayShape.byteCount(shape, storedType)
    guard littleEndianBytes.count == expected else {
      throw .mismatch(
        "shape", "\(shape) of \(storedType) with \(littleEndianBytes.count) bytes of elements",
        "this shape and type take \(expected) bytes")
    }
    self.init(littleEndianBytes, storedType, shape)
  }

  /// For callers that checked the byte count against the shape.
  init(_ checkedBytes: [UInt8], _ storedType: StoredType, _ shape: [Int]) {
    self.shape = shape
    self.storedType = storedType
    self.littleEndianBytes = checkedBytes
  }
}

extension NumericArray {
  /// Makes a `float64` array from values in row-major order.
  ///
  /// - Throws: `ModelFileError` if the number of values is not the product of the shape.
  public init(_ values: [Double], shape: [Int]) throws(ModelFileError) {
    try self.init(values, .float64, shape, \.bitPattern.littleEndian)
  }

  /// Makes a `float32` array from values in row-major order.
  ///
  /// - Throws: `ModelFileError` if the number of values is not the product of the shape.
  public init(_ values: [Float], shape: [Int]) throws(ModelFileError) {
    try self.init(values, .float32, shape, \.bitPattern.littleEndian)
  }

  /// Makes an `int64` array from values in row-major order.
  ///
  /// - Throws: `ModelFileError` if the number of values is not the product of the shape.
  public init(_ values: [Int], shape: [Int]) throws(ModelFileError) {
    try self.init(values, .int64, shape) { Int64($0).littleEndian }
  }

  private init<Value, Stored>(
    _ values: [Value], _ storedType: StoredType, _ shape: [Int], _ stored: (Value) -> Stored
  ) throws(ModelFileError) {
    let size = MemoryLayout<Stored>.size
    let bytes = [UInt8](unsafeUninitializedCapacity: values.count * size) { buffer, count in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      for index in values.indices {
        raw.storeBytes(of: stored(values[index]), toByteOffset: index * size, as: Stored.self)
      }
      count = values.count * size
    }
    try self.init(littleEndianBytes: bytes, storedType: storedType, shape: shape)
  }
}
