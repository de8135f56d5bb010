import Foundation

extension SafetensorsFile {
  /// Writes named arrays to a safetensors file, atomically.
  ///
  /// Header keys come in the order given, metadata first with its keys sorted. Data is laid out
  /// by element size, largest first, and in the order given within a size: so each array is
  /// aligned to its element size, which some readers require.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch` for a name given twice, the reserved name
  ///   `__metadata__`, a name beyond `maximumNameLength` or a header beyond `maximumHeaderLength`;
  ///   `cannotWrite` for the path.
  public static func write(
    tensors: [(name: String, array: NumericArray)], metadata: [String: String] = [:],
    to path: String
  ) throws(ModelFileError) {
    try write(to: path, try pieces(tensors, metadata))
  }

  /// The bytes of a safetensors file with these arrays; see `write(tensors:metadata:to:)`.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch`.
  public static func encoded(
    tensors: [(name: String, array: NumericArray)], metadata: [String: String] = [:]
  ) throws(ModelFileError) -> [UInt8] {
    let pieces = try pieces(tensors, metadata)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pieces.reduce(0) { $0 + $1.count })
    for piece in pieces { bytes += piece }
    return bytes
  }

  /// The header, then the data of each array.
  private static func pieces(
    _ tensors: [(name: String, array: NumericArray)], _ metadata: [String: String]
  ) throws(ModelFileError) -> [[UInt8]] {
    try checkNames(tensors.map(\.name))
    let order = tensors.indices.sorted { left, right in
      let (wide, narrow) = (tensors[left].array.storedType, tensors[right].array.storedType)
      return (-wide.byteCount, left) < (-narrow.byteCount, right)
    }
    var begins = [Int](repeating: 0, count: tensors.count)
    var dataLength = 0
    for index in order {
      begins[index] = dataLength
      dataLength += tensors[index].array.littleEndianBytes.count
    }

    var header = try headerText(tensors, begins, metadata)
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    guard header.utf8.count <= maximumHeaderLength else {
      throw .mismatch(
        "header", "\(header.utf8.count) bytes of names and metadata",
        "a header takes at most \(maximumHeaderLength) bytes")
    }

    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(header.utf8.count))
    bytes.append(contentsOf: header.utf8)
    return [bytes] + order.map { tensors[$0].array.littleEndianBytes }
  }

  private static func checkNames(_ names: [String]) throws(ModelFileError) {
    var seen: Set<String> = []
    for name in names {
      guard name != SafetensorsHeader.metadataKey else {
        throw .mismatch(
          "tensor \(Excerpt.literal(name))", "a reserved name",
          "choose another name, or pass metadata as metadata")
      }
      guard seen.insert(name).inserted else {
        throw .mismatch("tensor \(Excerpt.literal(name))", "the name a second time", "names must be unique")
      }
    }
  }

  private static func headerText(
    _ tensors: [(name: String, array: NumericArray)], _ begins: [Int],
    _ metadata: [String: String]
  ) throws(ModelFileError) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      for name in metadata.keys { _ = try key(name) }
      members.append(try "\(json(SafetensorsHeader.metadataKey)):\(json(metadata))")
    }
    for (tensor, begin) in zip(tensors, begins) {
      let type = tensor.array.storedType.safetensorsName
      let shape = tensor.array.shape.map(String.init).joined(separator: ",")
      let end = begin + tensor.array.littleEndianBytes.count
      members.append(
        try "\(key(tensor.name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(begin),\(end)]}")
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  /// A name as the header spells it.
  private static func key(_ name: String) throws(ModelFileError) -> String {
    let text = try json(name)
    guard text.utf8.count - 2 <= maximumNameLength else {
      throw .mismatch(
        "header", "the name \(Excerpt.literal(name)) of \(text.utf8.count - 2) bytes",
        "names take at most \(maximumNameLength) bytes")
    }
    return text
  }

  private static func json(_ value: some Encodable) throws(ModelFileError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw .mismatch("header", "\(error)", "names must be encodable as JSON")
    }
  }
}
