import ModelFiles
import TestSupport
import Testing

@Suite("NPZ files as NumPy writes them, and with deflated members that are damaged")
struct CompressedNPZTests {
  @Test(arguments: NumPyArchive.allCases)
  func everyArrayIsRead(archive: NumPyArchive) throws {
    let file = try NPZFile(contentsOf: archive.path)
    #expect(file.names == ["double", "single", "whole", "zeros", "scalar", "empty"])
    func check(_ name: String, _ type: StoredType, _ shape: [Int], _ values: [Double]) {
      #expect(file[name]?.storedType == type && file[name]?.shape == shape)
      #expect(file[name]?.doubles() == values)
    }
    check("double", .float64, [3, 4], (0..<12).map { Double($0) / 8 })
    check("single", .float32, [2, 3], (0..<6).map { -Double($0) / 4 })
    check("zeros", .float32, [16, 16], [Double](repeating: 0, count: 256))
    check("scalar", .float64, [], [0.1])
    check("empty", .int64, [0, 5], [])
    #expect(file["whole"]?.storedType == .int64)
    #expect(try file["whole"]?.integers() == (-3..<4).map { $0 << 40 })
  }

  /// The file of ``TinyFiles/npz`` with its member deflated: data from byte 35, the directory from byte 105.
  private static let valid = archive(StoredArchive.deflated).bytes
  private static let place = "member \"a.npy\", byte 35 of the archive"

  private static func archive(_ packing: @escaping ([UInt8]) -> [UInt8]) -> StoredArchive {
    StoredArchive([("a.npy", TinyFiles.npy)], packing: packing)
  }

  @Test func deflatedMemberIsRead() throws {
    #expect(try NPZFile(bytes: Self.valid) == NPZFile(bytes: TinyFiles.npz))
  }

  @Test(arguments: [
    MalformedCase(
      "longer than said", valid.patched(at: 129, 64), at: place, says: "deflated data of more than 64 bytes"),
    MalformedCase(
      "said to be empty", valid.patched(at: 129, 0), at: place, says: "deflated data of more than 0 bytes"),
    MalformedCase(
      "shorter than said", valid.patched(at: 129, 66), at: place,
      says: "deflated data of 65 bytes; 66 bytes should be deflated here"),
    MalformedCase(
      "more than deflate can make", valid.patched(at: 129, 0x31, 0x1A, 0x01), at: place,
      says: "72241 bytes, claimed to be deflated to 70; deflate expands each byte to at most 1032 bytes"),
    MalformedCase(
      "cut short", valid.patched(at: 125, 69), at: place,
      says: "deflated data that is cut short after 64 bytes"),
    MalformedCase(
      "nothing stored", valid.patched(at: 125, 0).patched(at: 129, 0), at: place,
      says: "cut short after 0 bytes"),
    MalformedCase(
      "no such block", valid.patched(at: 35, 7), at: place,
      says: "deflated data that is damaged after 0 bytes"),
    MalformedCase(
      "other length", valid.patched(at: 36, 66), at: place,
      says: "deflated data that is damaged after 0 bytes"),
    MalformedCase(
      "surplus bytes", archive { StoredArchive.deflated($0) + [0, 0] }.bytes, at: place,
      says: "2 bytes after the end of the deflated data"),
    MalformedCase("other contents", valid.patched(at: 104, 0), at: place, says: "CRC-32"),
    MalformedCase(
      "contents too short for their shape", archive { StoredArchive.deflated($0.dropLast()) }.bytes,
      at: place,
      says: "deflated data of 64 bytes"),
  ])
  func damagedDataIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try NPZFile(bytes: $0) }
  }

  /// Members that each could be, but are together more than a file may hold.
  @Test func moreThanAFileMayHoldIsRefused() {
    let archive = StoredArchive([("a.npy", TinyFiles.npy), ("b.npy", TinyFiles.npy)])
    var bytes = archive.bytes
    for place in archive.places {
      bytes = bytes.patched(at: place.central + 24, 0, 0, 0, 0xC0)
      bytes[place.local + 8] = 8
      bytes[place.central + 10] = 8
    }
    MalformedCase(
      "6 GiB", bytes, .unsupported, at: "member \"b.npy\"",
      says: "3221225472 bytes after 3221225472 before it"
    ).check { _ = try NPZFile(bytes: $0) }
  }

  /// The 64-bit numbers of `wide.npz`: the record before the end and the sizes of its first member.
  @Test func damagedWideNumbersAreRefused() throws {
    let bytes = try NumPyArchive.wide.bytes()
    func place(_ signature: UInt8...) throws -> Int {
      try #require(
        bytes.indices.dropLast(4).last { bytes[$0..<$0 + 4].elementsEqual([0x50, 0x4B] + signature) })
    }
    let (record, locator) = (try place(6, 6), try place(6, 7))
    let directory = try #require(
      bytes.indices.dropLast(4).first { bytes[$0..<$0 + 4].elementsEqual([0x50, 0x4B, 1, 2]) })
    let huge = [UInt8](repeating: 0xFF, count: 8)
    func check(_ name: String, at offset: Int, at errorPlace: String, says text: String) {
      var damaged = bytes
      damaged.replaceSubrange(offset..<offset + 8, with: huge)
      MalformedCase(name, damaged, at: errorPlace, says: text).check { _ = try NPZFile(bytes: $0) }
    }
    check("locator", at: locator + 8, at: "byte \(locator + 8)", says: "no zip64 record")
    check("length", at: record + 40, at: "byte \(record + 40)", says: "a directory of \(Int.max) bytes")
    check("start", at: record + 48, at: "byte \(record + 40)", says: "from byte \(Int.max)")
    // The extra field follows the name: its kind and length, then size and stored size.
    let extra = directory + 46 + "double.npy".utf8.count
    check(
      "stored size", at: extra + 12, at: "member \"double.npy\", byte \(directory + 20)",
      says: "\(Int.max) bytes of data")
    var damaged = bytes
    damaged.replaceSubrange(extra + 4..<extra + 12, with: huge)
    MalformedCase(
      "size", damaged, .unsupported, at: "member \"double.npy\"", says: "\(Int.max) bytes after 0"
    ).check {
      _ = try NPZFile(bytes: $0)
    }
    // Without its extra field, a size is the largest number of 32 bits.
    damaged = bytes
    damaged[extra] = 2
    MalformedCase(
      "no wide size", damaged, at: "member \"double.npy\", byte \(directory + 20)",
      says: "4294967295 bytes of data"
    ).check { _ = try NPZFile(bytes: $0) }
  }
}
