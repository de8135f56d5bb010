/// Damage to model files that keeps what a reader checks first, so that it reaches what is checked later.
extension SeededGenerator {
  /// A safetensors file: any bytes damaged, or the header's text, behind a length that fits.
  public mutating func damagedSafetensors(_ original: [UInt8]) -> [UInt8] {
    let end = 8 + original[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    switch number(0...5) {
    case 0...1: return damaged(original)
    case 2: return madeSafetensors()
    default: break
    }
    let text = String(decoding: original[8..<end], as: UTF8.self)
    var header = Array(damaged(text, fragments: Self.safetensorsFragments).utf8)
    if chance(oneIn: 8) { header = damaged(header) }
    let data = chance(oneIn: 8) ? damaged(Array(original[end...])) : Array(original[end...])
    return Self.safetensors(header, data)
  }

  /// Some arrays behind each other with shapes of their own; the header may be off by a little.
  private mutating func madeSafetensors() -> [UInt8] {
    var entries: [String] = []
    var end = 0
    for index in 0..<number(0...4) {
      let (type, size) = one(of: [
        ("F64", 8), ("F32", 4), ("F16", 2), ("BF16", 2), ("I64", 8), ("U8", 1), ("BOOL", 1),
      ])
      let shape = self.shape()
      let begin = end + (chance(oneIn: 20) ? number(-1...1) : 0)
      end = begin + shape.reduce(size, *) + (chance(oneIn: 20) ? number(-1...1) : 0)
      entries.append(
        "\"\(index)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}")
    }
    entries.shuffle(using: &self)
    let data = [UInt8](repeating: 0x3F, count: max(0, end + (chance(oneIn: 10) ? number(-1...1) : 0)))
    return Self.safetensors(Array("{\(entries.joined(separator: ","))}".utf8), data)
  }

  private static func safetensors(_ header: [UInt8], _ data: [UInt8]) -> [UInt8] {
    StoredArchive.little(UInt32(header.count), 4) + [0, 0, 0, 0] + header + data
  }

  /// Up to seven extents, mostly small.
  private mutating func shape() -> [Int] {
    (0..<number(0...7)).map { _ in
      chance(oneIn: 200) ? one(of: [16, 64]) : one(of: [0, 1, 1, 1, 2, 2, 3])
    }
  }

  /// An NPY file: any bytes damaged, or the header's text, in any version, behind a length that fits.
  public mutating func damagedNPY(_ original: [UInt8]) -> [UInt8] {
    switch number(0...5) {
    case 0...1: return damaged(original)
    case 2...3: return madeNPY()
    default: break
    }
    let end = 10 + Int(original[8]) + Int(original[9]) << 8
    let text = String(decoding: original[10..<end], as: UTF8.self)
    let header = Array(damaged(text, fragments: Self.npyFragments).utf8)
    return npy(header, chance(oneIn: 8) ? damaged(Array(original[end...])) : Array(original[end...]))
  }

  /// An array with a shape of its own, in either order; its size may be off by one.
  private mutating func madeNPY() -> [UInt8] {
    let (type, size) = one(of: [("<f8", 8), ("<f4", 4), ("<f2", 2), ("<i8", 8), ("|u1", 1), ("|b1", 1)])
    let shape = self.shape()
    let extents = shape.map { "\($0), " }.joined()
    let order = chance(oneIn: 2) ? "True" : "False"
    let count = shape.reduce(size, *) + (chance(oneIn: 4) ? number(-1...1) : 0)
    return npy(
      Array("{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(extents)), }\n".utf8),
      [UInt8](repeating: 0x3F, count: max(0, count)))
  }

  private mutating func npy(_ header: [UInt8], _ data: [UInt8]) -> [UInt8] {
    let version = one(of: [1, 1, 1, 2, 3] as [UInt8])
    let length = StoredArchive.little(UInt32(header.count), version == 1 ? 2 : 4)
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + data
  }

  /// An NPZ file of some NPY files: any bytes damaged; a field of the zip format; or a member behind a checksum that
  /// fits.
  public mutating func damagedNPZ(_ members: [(name: String, data: [UInt8])]) -> [UInt8] {
    let packing = chance(oneIn: 2) ? StoredArchive.deflated : nil
    switch number(0...3) {
    case 0: return damaged(StoredArchive(members, packing: packing).bytes)
    case 1:
      let damaged = members.map { (name: $0.name, data: chance(oneIn: 2) ? damagedNPY($0.data) : $0.data) }
      return StoredArchive(damaged, packing: packing).bytes
    case 2:
      var renamed = members
      let one = number(0...members.count - 1)
      renamed[one].name = damaged(members[one].name, fragments: Self.memberNames)
      return StoredArchive(renamed, packing: packing).bytes
    default:
      let archive = StoredArchive(members, packing: packing)
      return withDamagedFields(archive)
    }
  }

  /// One or two of the numbers that say what is where.
  private mutating func withDamagedFields(_ archive: StoredArchive) -> [UInt8] {
    var bytes = archive.bytes
    let local = [(4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)]
    let central = [
      (6, 2), (8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2), (34, 2), (42, 4),
    ]
    let end = [(4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)]
    for _ in 0..<number(1...2) {
      let member = one(of: archive.places)
      let (start, fields) = one(of: [(member.local, local), (member.central, central), (archive.end, end)])
      let (offset, size) = one(of: fields)
      let before = bytes[start + offset..<start + offset + size].reversed().reduce(0) { $0 << 8 | Int($1) }
      let value = one(of: [
        0, 1, 2, 8, before + 1, max(0, before - 1), before * 2, bytes.count, archive.end, 0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF, 0xFFFF_FFFE, 0xFFFF_FFFF,
      ])
      bytes.replaceSubrange(
        start + offset..<start + offset + size,
        with: StoredArchive.little(UInt32(truncatingIfNeeded: value), size))
    }
    // Both sizes of a member that says it is deflated: what a zip bomb looks like.
    if chance(oneIn: 8) {
      let member = one(of: archive.places)
      for start in [member.local + 8, member.central + 10] { bytes[start] = 8 }
      bytes.replaceSubrange(member.central + 24..<member.central + 28, with: [0xFE, 0xFF, 0xFF, 0xFF])
    }
    return bytes
  }

  private static let safetensorsFragments =
    [
      "{", "}", "[", "]", "{}", "[]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "\\u00e9", "e\u{301}", "é",
      " ",
      "\n", "\0", "\u{FEFF}", "\u{2028}", "\u{85}", "null", "true", "1.5", "\"a\":1,", "\"dtype\":\"F64\",",
      "\"shape\":[0,9223372036854775807],", "\"data_offsets\":[0,0]", "\"__metadata__\":{\"a\":\"b\"},",
      "\"BF16\"", "\"F16\"", "\"U64\"", "[0,", "[-1,", ",4294967296", String(repeating: "[", count: 200),
      String(repeating: "{\"a\":", count: 200), String(repeating: "1,", count: 100),
      String(repeating: "4611686018427387904,", count: 63),
      "\"" + String(repeating: "é\u{2028}", count: 200) + "\"",
      "\"" + String(repeating: "\u{1}", count: 100) + "\":0,",
    ]

  private static let npyFragments = [
    "{", "}", "(", ")", "()", "[", "]", ":", ",", "'", "\"", "\\", " ", "\n", "\t", "\0", "é", "\u{2028}",
    "-", "L",
    "True", "False", "None", "'<f4'", "'|u1'", "'>f8'", "'<c16'", "'|O'", "[('a','<f8')]", "'shape': (1,), ",
    "'descr': '<f8', ", "'fortran_order': True, ", "(0,9223372036854775807)", "4294967296,4294967296,",
    String(repeating: "(", count: 300), String(repeating: "1,", count: 70),
    String(repeating: "9223372036854775807,", count: 64),
    "'" + String(repeating: "\u{7}\u{2028}", count: 100) + "'",
    String(repeating: " ", count: 2_000),
  ]

  private static let memberNames = [
    "", "a", "b.npy", ".npy", "/", "../", "\0", "\n", "\u{2028}", "é", "e\u{301}", "\u{202E}",
    String(repeating: "\u{1}", count: 80), String(repeating: "\u{2028}", count: 80),
    String(repeating: "x", count: 60_000),
  ]
}
