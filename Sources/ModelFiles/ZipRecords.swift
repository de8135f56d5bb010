/// The record at the end of a zip archive that says where its directory is.
struct ZipEndRecord {
  let directory: Range<Int>
  let memberCount: Int

  private static let signature: UInt64 = 0x0605_4B50
  private static let size = 22
  /// What precedes the record of an archive that has another one with wider numbers.
  private static let locatorSignature: UInt64 = 0x0706_4B50
  private static let locatorSize = 20
  private static let wideSignature: UInt64 = 0x0606_4B50
  private static let wideSize = 56

  /// Finds the record: the last one whose comment ends with the file, or the zip64 record that it refers to.
  init(_ bytes: ArraySlice<UInt8>) throws(ModelFileError) {
    let last = bytes.count - Self.size
    let candidates = stride(from: last, through: max(0, last - 0xFFFF), by: -1)
    let found = candidates.first { offset in
      bytes.littleEndian(4, at: offset) == Self.signature
        && bytes.littleEndian(2, at: offset + 20).map { Int($0) } == last - offset
    }
    guard let offset = found else {
      throw .malformed(
        "end of file", "no zip directory in \(bytes.count) bytes",
        "an NPZ file is a zip archive; it is cut short or not an NPZ file")
    }
    let locator = offset - Self.locatorSize
    guard bytes.littleEndian(4, at: locator) == Self.locatorSignature else {
      try self.init(bytes, at: offset, fields: 4, widths: (disk: 2, count: 2, place: 4))
      return
    }
    let wide = Int(clamping: bytes.littleEndian(8, at: locator + 8) ?? .max)
    guard wide <= locator - Self.wideSize, bytes.littleEndian(4, at: wide) == Self.wideSignature else {
      throw .malformed(
        "byte \(locator + 8)", "no zip64 record at byte \(wide)", "the zip64 directory must be there")
    }
    try self.init(bytes, at: wide, fields: 16, widths: (disk: 4, count: 8, place: 8))
  }

  /// Reads a record's fields, which follow each other: two numbers of disks, two counts, length and start of the
  /// directory, as wide as the kind of record has them.
  private init(
    _ bytes: ArraySlice<UInt8>, at offset: Int, fields first: Int,
    widths: (disk: Int, count: Int, place: Int)
  ) throws(ModelFileError) {
    var next = offset + first
    func field(_ width: Int) -> Int {
      defer { next += width }
      return Int(clamping: bytes.littleEndian(width, at: next) ?? 0)
    }
    let disks = (field(widths.disk), field(widths.disk))
    let counts = (field(widths.count), field(widths.count))
    let lengthPlace = next
    let (length, start) = (field(widths.place), field(widths.place))
    guard disks == (0, 0), counts.0 == counts.1 else {
      throw .unsupported(
        "byte \(offset + first)", "an archive split over disks", "join it into one file")
    }
    guard length <= offset, start <= offset - length else {
      throw .malformed(
        "byte \(lengthPlace)", "a directory of \(length) bytes from byte \(start)",
        "the directory must end before byte \(offset)")
    }
    directory = start..<(start + length)
    memberCount = counts.0
  }
}

/// The header before a member's data. Its sizes are not read: they may be zip64 or come later.
struct LocalHeader {
  let method: UInt64
  let name: ArraySlice<UInt8>
  let dataStart: Int

  private static let signature: UInt64 = 0x0403_4B50
  private static let size = 30

  /// Reads the header at an offset; it must end at or before `limit`.
  init(_ bytes: ArraySlice<UInt8>, at offset: Int, limit: Int) throws(ModelFileError) {
    guard offset <= limit - Self.size,
      bytes.littleEndian(4, at: offset) == Self.signature,
      let method = bytes.littleEndian(2, at: offset + 8),
      let nameLength = bytes.littleEndian(2, at: offset + 26),
      let extraLength = bytes.littleEndian(2, at: offset + 28)
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
