/// A safetensors file: named arrays behind a JSON header.
///
/// Layout: 8 bytes, the header's length, lowest byte first; the header, a JSON object
/// `{"name": {"dtype": "F64", "shape": [2, 3], "data_offsets": [0, 48]}, …}` with an optional
/// `"__metadata__"` object of strings; then the data. Offsets count from the start of the data,
/// and the arrays must cover it with no gap and no overlap.
///
/// Specification: <https://github.com/huggingface/safetensors#format>.
public struct SafetensorsFile: ArrayFile, Equatable {
  /// The longest header read or written, as in the reference implementation.
  public static let maximumHeaderLength = 100_000_000

  /// The longest name of an array or metadata entry in bytes, as the header spells it.
  public static let maximumNameLength = 1_000

  /// Array names in the order of their data.
  public let names: [String]
  /// The `__metadata__` object; empty if the file has none.
  public let metadata: [String: String]

  let arrays: [String: NumericArray]

  /// Reads and validates a file's bytes.
  ///
  /// - Throws: `ModelFileError` of kind `malformed` for bytes that break the format, `unsupported` for a dtype not in
  ///   `StoredType`.
  public init(bytes: [UInt8]) throws(ModelFileError) {
    let headerEnd = try Self.headerEnd(bytes)
    let header = try SafetensorsHeader(text: bytes[8..<headerEnd])
    let tensors = try header.layout(dataLength: bytes.count - headerEnd)

    var arrays: [String: NumericArray] = [:]
    arrays.reserveCapacity(tensors.count)
    for tensor in tensors {
      let data = bytes[(headerEnd + tensor.begin)..<(headerEnd + tensor.end)]
      arrays[tensor.name] = NumericArray(Array(data), tensor.storedType, tensor.shape)
    }
    self.names = tensors.map(\.name)
    self.metadata = header.metadata
    self.arrays = arrays
  }

  /// The array with this name, if the file has it.
  public subscript(name: String) -> NumericArray? { arrays[name] }

  private static func headerEnd(_ bytes: [UInt8]) throws(ModelFileError) -> Int {
    guard let length = bytes[...].littleEndian(8, at: 0) else {
      throw .malformed(
        "byte 0", "a file of \(bytes.count) bytes",
        "a safetensors file starts with an 8-byte header length")
    }
    guard length <= maximumHeaderLength, length <= bytes.count - 8 else {
      if bytes.count > 8,
        bytes.prefix(8).allSatisfy({ (0x20..<0x7F).contains($0) || (0x09...0x0D).contains($0) })
      {
        throw .malformed(
          "byte 0",
          "neither a safetensors nor an NPZ file: it begins with \(Excerpt.literal(bytes.prefix(12)))",
          "save the weights with safetensors.torch.save_file or numpy.savez")
      }
      throw .malformed(
        "byte 0", "a header length of \(length) bytes",
        "the file has \(bytes.count - 8) bytes after the length, and a header takes at most "
          + "\(maximumHeaderLength); the file is cut short or not a safetensors file")
    }
    return 8 + Int(length)
  }
}
