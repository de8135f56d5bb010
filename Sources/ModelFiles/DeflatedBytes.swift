import CZlib

/// Bytes packed by deflate (RFC 1951), as zip members are.
struct DeflatedBytes {
  /// The most bytes that one byte can expand to: a code of two bits repeats 258 bytes.
  static let largestRatio = 1_032

  let bytes: ArraySlice<UInt8>

  /// The bytes that were packed, which must be `size`.
  ///
  /// Memory is asked for once, for a size that the packed bytes can have.
  ///
  /// - Throws: `ModelFileError` of kind `malformed`: a size that cannot be, a stream that is damaged, longer or
  ///   shorter, or bytes after it; `refused` where the system has no memory.
  func inflated(size: Int) throws(ModelFileError) -> [UInt8] {
    guard size <= Self.largestRatio * bytes.count else {
      throw .malformed(
        nil, "\(size) bytes, claimed to be deflated to \(bytes.count)",
        "deflate expands each byte to at most \(Self.largestRatio) bytes; the file is damaged")
    }
    var stream = z_stream()
    // Negative: without zlib's own header and checksum, as zip has it.
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      throw ModelFileError(.refused, found: "cannot be unpacked (no memory)", advice: "free some memory")
    }
    defer { inflateEnd(&stream) }
    var status = Z_OK
    // One byte more than is wanted: a longer stream shows, and an empty buffer has no address.
    let contents = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
      bytes.withUnsafeBufferPointer { packed in
        (status, count) = Self.inflate(packed, into: buffer, with: &stream)
      }
    }
    guard contents.count == size, status == Z_STREAM_END else {
      throw .malformed(
        nil, Self.fault(contents.count, of: size, status),
        "\(size) bytes should be deflated here, according to the directory; the file is damaged")
    }
    let unread = bytes.count - Int(stream.total_in)
    guard unread == 0 else {
      throw .malformed(nil, "\(unread) bytes after the end of the deflated data", "the file is damaged")
    }
    return contents
  }

  /// Inflates as much as there is and as fits, in parts that zlib's 32 bits can count.
  private static func inflate(
    _ packed: UnsafeBufferPointer<UInt8>, into buffer: UnsafeMutableBufferPointer<UInt8>,
    with stream: inout z_stream
  ) -> (status: Int32, count: Int) {
    // zlib reads what its type says it could write.
    stream.next_in = UnsafeMutablePointer(mutating: packed.baseAddress)
    stream.next_out = buffer.baseAddress
    var status = Z_OK
    while status == Z_OK {
      stream.avail_in = UInt32(clamping: packed.count - Int(stream.total_in))
      stream.avail_out = UInt32(clamping: buffer.count - Int(stream.total_out))
      status = CZlib.inflate(&stream, Z_NO_FLUSH)
    }
    return (status, Int(stream.total_out))
  }

  private static func fault(_ count: Int, of size: Int, _ status: Int32) -> String {
    if count > size { return "deflated data of more than \(size) bytes" }
    switch status {
    case Z_STREAM_END: return "deflated data of \(count) bytes"
    case Z_BUF_ERROR: return "deflated data that is cut short after \(count) bytes"
    default: return "deflated data that is damaged after \(count) bytes"
    }
  }
}
