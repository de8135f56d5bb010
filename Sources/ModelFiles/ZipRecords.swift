/// The record at the end of a zip archive that says where its directory is.
struct ZipEndRecord {
  let directory: Range<Int>
  let memberCount: Int

  private static let signature: UInt32 = 0x0605_4B50
  private static let size = 22

  /// Finds the record: the last one whose comment ends with the file.
  init(_ bytes: ArraySlice<UInt8>) throws(ModelFileError) {
    let last = bytes.count - Self.size
    let candidates = stride(from: last, through: max(0, last - 0xFFFF), by: -1)
    let found = candidates.first { offset in
      bytes.littleEndian(UInt32.self, at: offset) == Self.signature
        && bytes.littleEndian(UInt16.self, at: offset + 20).map { Int($0) } == last - offset
    }
    guard let offset = found else {
      throw .malformed(
        "end of file", "no zip directory in \(bytes.count) bytes",
        "an NPZ file is a zip archive; it is cut short or not an NPZ file")
    }
    let counts = (4..<12).filter { $0 % 2 == 0 }.map { field in
      Int(bytes.littleEndian(UInt16.self, at: offset + field) ?? 0)
    }
    let length = bytes.littleEndian(UInt32.self, at: offset + 12) ?? 0
    let start = bytes.littleEndian(UInt32.self, at: offset + 16) ?? 0
    guard !counts.contains(0xFFFF), length != .max, start != .max else {
      throw .unsupported(
        "byte \(offset)", "a zip64 archive", "archives up to 4 GB without zip64 are read")
    }
    guard counts[0] == 0, counts[1] == 0, counts[2] == counts[3] else {
      throw .unsupported(
        "byte \(offset + 4)", "an archive split over disks", "join it into one file")
    }
    guard Int(start) + Int(length) <= offset else {
      throw .malformed(
        "byte \(offset + 12)", "a directory of \(length) bytes from byte \(start)",
        "the directory must end before byte \(offset)")
    }
    directory = Int(start)..<(Int(start) + Int(length))
    memberCount = counts[3]
  }
}

/// The header before a member's data. Its sizes are not read: they may be zip64 or come later.
struct LocalHeader {
  let method: UInt16
  let name: ArraySlice<UInt8>
  let dataStart: Int

  private static let signature: UInt32 = 0x0403_4B50
  private static let size = 30

  /// Reads the header at an offset; it must end at or before `limit`.
  init(_ bytes: ArraySlice<UInt8>, at offset: Int, limit: Int) throws(ModelFileError) {
    guard offset <= limit - Self.size,
      bytes.littleEndian(UInt32.self, at: offset) == Self.signature,
      let method = bytes.littleEndian(UInt16.self, at: offset + 8),
      let nameLength = bytes.littleEndian(UInt16.self, at: offset + 26),
      let extraLength = bytes.littleEndian(UInt16.self, at: offset + 28)
    else {
      throw .malformed(
        "byte \(offset)", "no local header", "the directory says that the member starts here")
    }
    let nameStart = offset + Self.size
    let nameEnd = nameStart + Int(nameLength)
    dataStart = nameEnd + Int(extraLength)
    guard dataStart <= limit, let name = bytes.part(nameStart..<nameEnd) else {
      throw .malformed(
        "byte \(offset + 26)", "a local header that ends at byte \(dataStart)",
        "members must end before the directory at byte \(limit)")
    }
    self.method = method
    self.name = name
  }
}
