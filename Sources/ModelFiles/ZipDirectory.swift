/// A member of a zip archive.
struct ZipMember {
  var name: String
  var checksum: UInt32
  /// The local header and the data, without a data descriptor.
  var extent: Range<Int>
  /// The bytes in the file: the contents themselves, or what deflate made of them.
  var data: Range<Int>
  var isDeflated: Bool
  /// The bytes of the contents, as the directory says.
  var size: Int

  /// The contents, whose checksum fits, out of the archive's bytes.
  ///
  /// - Throws: `ModelFileError` of kind `malformed`.
  func contents(in bytes: [UInt8]) throws(ModelFileError) -> ArraySlice<UInt8> {
    let place = "byte \(data.lowerBound) of the archive"
    var contents = bytes[data]
    if isDeflated {
      let packed = DeflatedBytes(bytes: contents)
      contents = try ModelFileError.locating(place: place, try packed.inflated(size: size)[...])
    }
    let actual = CRC32.checksum(contents)
    guard actual == checksum else {
      throw .malformed(
        place, "data with the CRC-32 0x\(String(actual, radix: 16))",
        "the directory says 0x\(String(checksum, radix: 16)); the file is damaged")
    }
    return contents
  }
}

/// The central directory of a zip archive without encryption: members are stored or deflated.
struct ZipDirectory {
  private let bytes: ArraySlice<UInt8>
  private let record: ZipEndRecord
  /// Where the directory starts; members end before it.
  private var start: Int { record.directory.lowerBound }
  private var end: Int { record.directory.upperBound }

  private static let entrySignature: UInt32 = 0x0201_4B50
  private static let entrySize = 46
  private static let maximumNameLength = 1_000
  private static let deflated = 8

  init(_ bytes: ArraySlice<UInt8>) throws(ModelFileError) {
    self.bytes = bytes
    record = try ZipEndRecord(bytes)
  }

  /// The members in directory order, all within the archive's bounds and disjoint.
  func members() throws(ModelFileError) -> [ZipMember] {
    var members: [ZipMember] = []
    var offset = start
    var total = 0
    for _ in 0..<record.memberCount {
      let (member, next) = try entry(at: offset)
      // Deflated or not, an archive holds no more than a file may.
      guard member.size <= InputFile.maximumSize - total else {
        throw .unsupported(
          "member \(Excerpt.literal(member.name))", "\(member.size) bytes after \(total) before it",
          "archives of up to \(InputFile.maximumSize) bytes of arrays are supported")
      }
      total += member.size
      members.append(member)
      offset = next
    }
    guard offset == end else {
      throw .malformed(
        "byte \(offset)", "\(end - offset) more bytes in the directory",
        "\(record.memberCount) members must fill it")
    }
    try Self.checkDisjoint(members)
    return members
  }

  /// The member described at `offset`, and the offset of the next description.
  private func entry(at offset: Int) throws(ModelFileError) -> (ZipMember, Int) {
    let place = "byte \(offset)"
    guard end - offset >= Self.entrySize, value32(offset) == Self.entrySignature else {
      throw .malformed(place, "no member", "\(record.memberCount) members must be described here")
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
    let found = try ModelFileError.locating(
      place: "member \(Excerpt.literal(text))",
      try member(text, entry: offset, name: name, extra: nameEnd..<next))
    return (found, next)
  }

  /// The member that an entry describes.
  ///
  /// - Parameters:
  ///   - name: its bytes in the entry.
  ///   - extra: what follows the name: fields of the format's extensions, and a comment.
  private func member(
    _ text: String, entry: Int, name: ArraySlice<UInt8>, extra: Range<Int>
  ) throws(ModelFileError) -> ZipMember {
    let method = value16(entry + 10)
    try checkFeatures(flags: value16(entry + 8), method: method)
    let (size, stored, begin) = sizes(entry, extra: extra)
    guard method != 0 || stored == size else {
      throw .malformed(
        "byte \(entry + 20)", "\(stored) bytes stored for \(size)",
        "both are equal without compression")
    }
    let local = try LocalHeader(bytes, at: begin, limit: start)
    guard local.method == method, local.name == name else {
      throw .malformed(
        "byte \(begin)", "the local name \(Excerpt.literal(local.name)), method \(local.method)",
        "the local header must repeat the directory's name and method")
    }
    guard stored <= start - local.dataStart else {
      throw .malformed(
        "byte \(entry + 20)", "\(stored) bytes of data from byte \(local.dataStart)",
        "members must end before the directory at byte \(start)")
    }
    let dataEnd = local.dataStart + stored
    return ZipMember(
      name: text, checksum: value32(entry + 16), extent: begin..<dataEnd, data: local.dataStart..<dataEnd,
      isDeflated: method == Self.deflated, size: size)
  }

  /// The size of the contents, the bytes stored for them and where the local header is: numbers of 32 bits, or, where
  /// these are the largest, of 64 in the zip64 field among the extra ones.
  private func sizes(_ entry: Int, extra: Range<Int>) -> (size: Int, stored: Int, begin: Int) {
    var wide = Range(uncheckedBounds: (0, 0))
    var offset = extra.lowerBound
    let end = min(extra.upperBound, extra.lowerBound + value16(entry + 30))
    while offset + 4 <= end {
      let next = offset + 4 + value16(offset + 2)
      if value16(offset) == 1, next <= end { wide = offset + 4..<next }
      offset = next
    }
    func number(_ offset: Int) -> Int {
      let narrow = value32(offset)
      guard narrow == .max, wide.count >= 8 else { return Int(narrow) }
      defer { wide = wide.dropFirst(8) }
      return Int(clamping: bytes.littleEndian(8, at: wide.lowerBound) ?? .max)
    }
    let size = number(entry + 24)
    let stored = number(entry + 20)
    return (size, stored, number(entry + 42))
  }

  private func checkFeatures(flags: Int, method: Int) throws(ModelFileError) {
    guard flags & 1 == 0 else {
      throw .unsupported(nil, "encryption", "save the archive with numpy.savez")
    }
    guard method == 0 || method == Self.deflated else {
      throw .unsupported(
        nil, "compression (method \(method))", "save with numpy.savez or numpy.savez_compressed")
    }
  }

  /// Members that share bytes could describe far more data than the file has.
  private static func checkDisjoint(_ members: [ZipMember]) throws(ModelFileError) {
    let sorted = members.sorted { $0.extent.lowerBound < $1.extent.lowerBound }
    for (member, next) in zip(sorted, sorted.dropFirst())
    where next.extent.lowerBound < member.extent.upperBound {
      throw .malformed(
        "member \(Excerpt.literal(next.name))",
        "data from byte \(next.extent.lowerBound), inside that of \(Excerpt.literal(member.name))",
        "members must not overlap")
    }
  }

  // Only for offsets within an entry, whose bounds are checked first.
  private func value16(_ offset: Int) -> Int {
    Int(bytes.littleEndian(2, at: offset) ?? 0)
  }

  private func value32(_ offset: Int) -> UInt32 {
    UInt32(bytes.littleEndian(4, at: offset) ?? 0)
  }
}
