/// A NumPy `.npy` file: one array.
///
/// Layout: the bytes `\x93NUMPY`, a major and a minor version byte, the header's length (2 bytes
/// in version 1.0, 4 in 2.0 and 3.0, lowest first), the header, then the elements. The header is
/// a Python dictionary with `descr`, `fortran_order` and `shape`, padded with spaces and a
/// newline.
///
/// Specification: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
public struct NPYFile: ArrayFile, Equatable {
  /// The array, in row-major order whatever the order in the file.
  public let array: NumericArray

  /// Reads and validates a file's bytes.
  ///
  /// - Throws: `ModelFileError` of kind `malformed` for bytes that break the format, `unsupported` for other versions,
  ///   big-endian elements and element types not in `StoredType`.
  public init(bytes: [UInt8]) throws(ModelFileError) {
    try self.init(slice: bytes[...])
  }

  init(slice bytes: ArraySlice<UInt8>) throws(ModelFileError) {
    let text = try Self.headerRange(bytes)
    let header = try NPYHeader(text: bytes, range: text)
    let expected = try ArrayShape.byteCount(header.shape, header.storedType)
    let data = bytes.dropFirst(text.upperBound)
    guard data.count == expected else {
      throw .malformed(
        "byte \(text.upperBound)", "\(data.count) bytes of elements",
        "shape \(header.shape) of \(header.storedType) takes \(expected); "
          + (data.count < expected ? "the file is cut short" : "the file has surplus bytes"))
    }
    let elements =
      header.isFortranOrder
      ? FortranOrder.rowMajor(data, shape: header.shape, elementSize: header.storedType.byteCount)
      : Array(data)
    array = NumericArray(elements, header.storedType, header.shape)
  }

  /// Where the header text is.
  private static func headerRange(_ bytes: ArraySlice<UInt8>) throws(ModelFileError) -> Range<Int> {
    guard bytes.starts(with: magic) else {
      throw .malformed(
        "byte 0", bytes.isEmpty ? "an empty file" : Excerpt.literal(bytes.prefix(magic.count)),
        "an NPY file starts with \\x93NUMPY; save it with numpy.save")
    }
    guard let version = bytes.part(6..<8).map(Array.init) else {
      throw .malformed("byte 6", "the end of the file", "a version of two bytes must follow")
    }
    let widths: [[UInt8]: Int] = [[1, 0]: 2, [2, 0]: 4, [3, 0]: 4]
    guard let width = widths[version] else {
      throw .unsupported(
        "byte 6", "version \(version[0]).\(version[1])", "versions 1.0, 2.0 and 3.0 are supported")
    }
    let start = 8 + width
    let length = bytes.littleEndian(width, at: 8).map { Int($0) }
    guard let length, length <= bytes.count - start else {
      let found = length.map { "a header length of \($0) bytes" } ?? "the end of the file"
      throw .malformed(
        "byte 8", found,
        "the header must end inside the file of \(bytes.count) bytes; it is cut short or damaged")
    }
    return start..<(start + length)
  }

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
}
