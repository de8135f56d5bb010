extension NPYFile {
  /// Writes an array to an NPY file of version 1.0 in row-major order, atomically.
  ///
  /// - Throws: `ModelFileError` of kind `unsupported` for `bfloat16`, which NPY does not have;
  ///   `cannotWrite` for the path.
  public static func write(_ array: NumericArray, to path: String) throws(ModelFileError) {
    try write(to: path, [try encoded(array)])
  }

  /// The bytes of an NPY file with this array; see `write(_:to:)`.
  ///
  /// - Throws: `ModelFileError` of kind `unsupported` for `bfloat16`.
  public static func encoded(_ array: NumericArray) throws(ModelFileError) -> [UInt8] {
    guard let descr = array.storedType.npyDescr else {
      throw .unsupported(
        "descr", "elements of type \(array.storedType)",
        "NPY has no such type; write a safetensors file or widen the elements")
    }
    let extents = array.shape.map(String.init).joined(separator: ", ")
    let shape = array.shape.count == 1 ? "(\(extents),)" : "(\(extents))"
    var header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
    // Elements start at a multiple of 64. With at most 64 extents the header fits version 1.0.
    let preamble = magic.count + 4
    let unpadded = preamble + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"

    var bytes = magic
    bytes.reserveCapacity(preamble + header.utf8.count + array.littleEndianBytes.count)
    bytes += [1, 0]
    bytes.appendLittleEndian(UInt16(header.utf8.count))
    bytes.append(contentsOf: header.utf8)
    bytes.append(contentsOf: array.littleEndianBytes)
    return bytes
  }
}

extension StoredType {
  /// The type a `descr` names: a byte order, of which `=` is the machine's, a kind and a size.
  init?(npyDescr descr: String) {
    let match = Self.allCases.first { type in
      guard let written = type.npyDescr, descr.dropFirst() == written.dropFirst() else {
        return false
      }
      return descr.hasPrefix("<") || descr.hasPrefix("=")
        || (descr.hasPrefix("|") && type.byteCount == 1)
    }
    guard let match else { return nil }
    self = match
  }
}
