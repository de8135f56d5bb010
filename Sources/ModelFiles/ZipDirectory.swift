/// A member of a zip archive whose bytes lie in the file as they are.
struct ZipMember {
  var name: String
  var checksum: UInt32
  /// The local header and the data, without a data descriptor.
  var extent: Range<Int>
  var data: Range<Int>
}

/// The central directory of a zip archive without compression, encryption or zip64.
struct ZipDirectory {
  private let bytes: ArraySlice<UInt8>
  /// Where the directory starts; members end before it.
  private let start: Int
  private let end: Int
  private let memberCount: Int

  private static let entrySignature: UInt32 = 0x0201_4B50
  private static let entrySize = 46
  private static let maximumNameLength = 1_000

  /// The members of an archive in directory order, all within its bounds and disjoint.
  static func members(_ bytes: ArraySlice<UInt8>) throws(ModelFileError) -> [ZipMember] {
    let record = try ZipEndRecord(bytes)
    let directory = ZipDirectory(
      bytes: bytes, start: record.directory.lowerBound, end: record.directory.upperBound,
      memberCount: record.memberCount)
    let members = try directory.entries()
    try checkDisjoint(members)
    return members
  }

  private func entries() throws(ModelFileError) -> [ZipMember] {
    var members: [ZipMember] = []
    var offset = start
    for _ in 0..<memberCount {
      let (member, next) = try entry(at: offset)
      members.append(member)
      offset = next
    }
    guard offset == end else {
      throw .malformed(
        "byte \(offset)", "\(end - offset) more bytes in the directory",
        "\(memberCount) members must fill it")
    }
    return members
  }

  /// The member described at `offset`, and the offset of the next description.
  private func entry(at offset: Int) throws(ModelFileError) -> (ZipMember, Int) {
    let place = "byte \(offset)"
    guard end - offset >= Self.entrySize, value32(offset) == Self.entrySignature else {
      throw .malformed(place, "no member", "\(memberCount) members must be described here")
    }
    let nameEnd = offset + Self.entrySize + value16(offset + 28)
    let next = nameEnd + value16(offset + 30) + value16(offset + 32)
    guard next <= end, let name = bytes.part((offset + Self.entrySize)..<nameEnd) else {
      throw .malformed(
        place, "a member described in \(next - offset) bytes",
        "the directory ends at byte \(end)")
    }
    guard name.count <= Self.maximumNameLength, let text = String(validating: name, as: UTF8.self) else {
      throw .malformed(
        place,
        name.count > Self.maximumNameLength ? "a name of \(name.count) bytes" : "a name that is not UTF-8",
        "names of members must be UTF-8 and take at most \(Self.maximumNameLength) bytes")
    }
    do {
      let local = try localExtent(offset, name: name)
      let member = ZipMember(
        name: text, checksum: value32(offset + 16), extent: local.whole, data: local.data)
      return (member, next)
    } catch {
      throw error.located(place: "member \(Excerpt.quoted(text))")
    }
  }

  private func localExtent(
    _ entry: Int, name: ArraySlice<UInt8>
  ) throws(ModelFileError) -> (whole: Range<Int>, data: Range<Int>) {
    try checkFeatures(flags: value16(entry + 8), method: value16(entry + 10))
    let (stored, size) = (value32(entry + 20), value32(entry + 24))
    let begin = value32(entry + 42)
    guard ![stored, size, begin].contains(.max), value16(entry + 34) != 0xFFFF else {
      throw .unsupported(nil, "zip64 sizes", "archives up to 4 GB without zip64 are read")
    }
    guard stored == size else {
      throw .malformed(
        "byte \(entry + 20)", "\(stored) bytes stored for \(size)",
        "both are equal without compression")
    }
    let local = try LocalHeader(bytes, at: Int(begin), limit: start)
    guard local.method == 0, local.name == name else {
      throw .malformed(
        "byte \(begin)", "the local name \(Excerpt.quoted(local.name)), method \(local.method)",
        "the local header must repeat the directory's name and method")
    }
    guard Int(size) <= start - local.dataStart else {
      throw .malformed(
        "byte \(entry + 24)", "\(size) bytes of data from byte \(local.dataStart)",
        "members must end before the directory at byte \(start)")
    }
    let dataEnd = local.dataStart + Int(size)
    return (Int(begin)..<dataEnd, local.dataStart..<dataEnd)
  }

  private func checkFeatures(flags: Int, method: Int) throws(ModelFileError) {
    guard flags & 1 == 0 else {
      throw .unsupported(nil, "encryption", "save the archive with numpy.savez")
    }
    guard method == 0 else {
      throw .unsupported(
        nil, "compression (method \(method))", "save with numpy.savez, not savez_compressed")
    }
  }

  /// Members that share bytes could describe far more data than the file has.
  private static func checkDisjoint(_ members: [ZipMember]) throws(ModelFileError) {
    let sorted = members.sorted { $0.extent.lowerBound < $1.extent.lowerBound }
    for (member, next) in zip(sorted, sorted.dropFirst())
    where next.extent.lowerBound < member.extent.upperBound {
      throw .malformed(
        "member \(Excerpt.quoted(next.name))",
        "data from byte \(next.extent.lowerBound), inside that of \(Excerpt.quoted(member.name))",
        "members must not overlap")
    }
  }

  // Only for offsets within an entry, whose bounds are checked first.
  private func value16(_ offset: Int) -> Int {
    Int(bytes.littleEndian(UInt16.self, at: offset) ?? 0)
  }

  private func value32(_ offset: Int) -> UInt32 {
    bytes.littleEndian(UInt32.self, at: offset) ?? 0
  }
}
