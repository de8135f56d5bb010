import ModelFiles
import TestSupport
import Testing

@Suite("Malformed NPZ files")
struct MalformedNPZTests {
  private static let member = "member \"a.npy\""
  private static let valid = TinyFiles.npz

  @Test(arguments: [
    MalformedCase("empty file", [], at: "end of file", says: "no zip directory in 0 bytes"),
    MalformedCase("NPY file", TinyFiles.npy, at: "end of file", says: "not an NPZ file"),
    MalformedCase("cut short", valid.dropLast(), at: "end of file", says: "cut short"),
    MalformedCase("surplus bytes", valid + [0], at: "end of file", says: "no zip directory"),
    MalformedCase(
      "largest count", valid.patched(at: 159, 0xFF, 0xFF, 0xFF, 0xFF), at: "byte 151",
      says: "no member; 65535 members"),
    MalformedCase(
      "several disks", valid.patched(at: 155, 1), .unsupported, at: "byte 155", says: "disks"),
    MalformedCase(
      "directory beyond the end", valid.patched(at: 167, 0, 0, 0, 0x7F), at: "byte 163",
      says: "before byte 151"),
    MalformedCase(
      "fewer members than said", valid.patched(at: 159, 2, 0, 2, 0), at: "byte 151",
      says: "no member; 2 members"),
    MalformedCase(
      "more members than said", valid.patched(at: 159, 0, 0, 0, 0), at: "byte 100",
      says: "51 more bytes"),
  ])
  func endRecordIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try NPZFile(bytes: $0) }
  }

  @Test(arguments: [
    MalformedCase("signature", valid.patched(at: 100, 0), at: "byte 100", says: "no member"),
    MalformedCase(
      "encrypted", valid.patched(at: 108, 1), .unsupported, at: member, says: "encryption"),
    MalformedCase(
      "compressed otherwise", valid.patched(at: 110, 12), .unsupported, at: member,
      says: "compression (method 12); save with numpy.savez or numpy.savez_compressed"),
    MalformedCase(
      "deflated here, stored there", valid.patched(at: 110, 8), at: "\(member), byte 0", says: "method 0"),
    MalformedCase(
      "checksum", valid.patched(at: 116, 0), at: "\(member), byte 35 of the archive",
      says: "the directory says 0x109f0600"),
    MalformedCase(
      "two sizes", valid.patched(at: 120, 66), at: "\(member), byte 120", says: "66 bytes"),
    MalformedCase(
      "size beyond the directory", valid.patched(at: 120, 66, 0, 0, 0, 66),
      at: "\(member), byte 120", says: "66 bytes of data from byte 35"),
    MalformedCase(
      "largest size", valid.patched(at: 124, 0xFF, 0xFF, 0xFF, 0xFF), at: "\(member), byte 120",
      says: "65 bytes stored for 4294967295"),
    MalformedCase(
      "name beyond the directory", valid.patched(at: 128, 6), at: "byte 100",
      says: "ends at byte 151"),
    MalformedCase(
      "offset beyond the directory", valid.patched(at: 142, 90), at: "\(member), byte 90",
      says: "no local header"),
    MalformedCase(
      "huge offset", valid.patched(at: 142, 0xFE, 0xFF, 0xFF, 0xFF),
      at: "\(member), byte 4294967294", says: "no local header"),
    MalformedCase(
      "not UTF-8", valid.patched(at: 146, 0xFF), at: "byte 100", says: "not UTF-8"),
    MalformedCase(
      "other name", valid.patched(at: 146, 0x62), at: "member \"b.npy\", byte 0",
      says: "the local name \"a.npy\""),
    MalformedCase(
      "not an array", valid.patched(at: 34, 0x7A).patched(at: 150, 0x7A), .unsupported,
      at: "member \"a.npz\"", says: "not an .npy file"),
  ])
  func directoryIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try NPZFile(bytes: $0) }
  }

  @Test(arguments: [
    MalformedCase(
      "signature", valid.patched(at: 0, 0), at: "\(member), byte 0", says: "no local header"),
    MalformedCase(
      "method", valid.patched(at: 8, 8), at: "\(member), byte 0", says: "method 8"),
    MalformedCase(
      "extra field beyond the directory", valid.patched(at: 28, 0xFF), at: "\(member), byte 26",
      says: "ends at byte 290"),
    MalformedCase(
      "data", valid.patched(at: 99, 0), at: "\(member), byte 35 of the archive", says: "CRC-32"),
  ])
  func localHeaderIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try NPZFile(bytes: $0) }
  }

  /// Two directory entries for the one member: many of them would be many times the file's size.
  @Test func sharedDataIsRefused() {
    let entry = Self.valid[100..<151]
    let end = Self.valid[151...].map { $0 }.patched(at: 8, 2, 0, 2, 0, 102)
    MalformedCase(
      "two entries", Self.valid[..<151] + entry + end, at: Self.member, says: "must not overlap"
    ).check { _ = try NPZFile(bytes: $0) }
  }

  @Test func repeatedNameIsRefused() {
    let entry = Self.valid[100..<151].map { $0 }
    let second = entry.patched(at: 42, 100)
    let end = Self.valid[151...].map { $0 }.patched(at: 8, 2, 0, 2, 0, 102, 0, 0, 0, 200)
    MalformedCase(
      "same name", Self.valid[..<100] + Self.valid[..<100] + entry + second + end, at: Self.member,
      says: "the name a second time"
    ).check { _ = try NPZFile(bytes: $0) }
  }

  @Test func aLongNameIsRefused() {
    let name = String(repeating: "a", count: 997) + ".npy"
    MalformedCase(
      "1001 bytes", StoredArchive([(name, TinyFiles.npy)]).bytes,
      at: "byte \(30 + 1001 + TinyFiles.npy.count)",
      says: "a name of 1001 bytes"
    ).check { _ = try NPZFile(bytes: $0) }
    let shorter = StoredArchive([(String(name.dropFirst()), TinyFiles.npy)]).bytes
    #expect(throws: Never.self) { try NPZFile(bytes: shorter) }
  }

  /// Messages that quote two names stay short, however many escapes these need.
  @Test func controlCharactersInNamesAreEscaped() {
    let names = ["a", "b"].map { String(repeating: "\u{2028}", count: 200) + $0 + ".npy" }
    let archive = StoredArchive(names.map { ($0, TinyFiles.npy) })
    // The second member's entry says that it starts where the first does.
    let entry = archive.places[1].central
    var bytes = archive.bytes.patched(at: entry + 42, 0, 0, 0, 0)
    bytes.replaceSubrange(entry + 46..<entry + 46 + names[0].utf8.count, with: names[0].utf8)
    let error = #expect(throws: ModelFileError.self) { try NPZFile(bytes: bytes) }
    #expect(error?.complaint == nil)
    #expect(error?.found.contains("\\u{2028}\\u{2028}") == true)
  }
}
