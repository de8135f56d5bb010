import ModelFiles
import Testing

@Suite("Malformed safetensors files")
struct MalformedSafetensorsTests {
  @Test(arguments: [
    MalformedCase("empty file", [], at: "byte 0", says: "a file of 0 bytes"),
    MalformedCase(
      "text", Array("<!DOCTYPE html>".utf8), at: "byte 0", says: #"it begins with "<!DOCTYPE ht""#),
    MalformedCase("no whole length", [2, 0, 0, 0, 0, 0, 0], at: "byte 0", says: "8-byte"),
    MalformedCase(
      "length beyond the end", TinyFiles.safetensors.patched(at: 0, 0xFF), at: "byte 0",
      says: "header length of 255 bytes"),
    MalformedCase(
      "huge length", [UInt8](repeating: 0xFF, count: 16), at: "byte 0",
      says: "18446744073709551615"),
    MalformedCase(
      "empty header", TinyFiles.safetensors(header: ""), at: "byte 8", says: "an empty header"),
    MalformedCase(
      "not UTF-8", TinyFiles.safetensors(header: "{\"ab\"}").patched(at: 11, 0xC3),
      at: "header", says: "not UTF-8"),
    MalformedCase(
      "UTF-16", [4, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0, 0x7D, 0], at: "byte 9", says: "byte 0x0"),
    MalformedCase(
      "surplus data", TinyFiles.safetensors(header: "{}", data: [0]), at: "data, byte 0",
      says: "1 bytes that belong to no tensor"),
    MalformedCase(
      "data cut short", TinyFiles.safetensors.dropLast(), at: "tensor \"b\", data_offsets",
      says: "[8, 10]"),
  ])
  func frameIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try SafetensorsFile(bytes: $0) }
  }

  private static func header(
    _ header: String, _ kind: ModelFileError.Kind = .malformed, at place: String,
    says fragment: String
  ) -> MalformedCase {
    let bytes = TinyFiles.safetensors(header: header, data: [1, 2, 3, 4])
    return MalformedCase(header, bytes, kind, at: place, says: fragment)
  }

  @Test(arguments: [
    header("[1]", at: "byte 8", says: "start with '{'"),
    header(" {}", at: "byte 8", says: "start with '{'"),
    header("{", at: "header", says: "JSON"),
    header("{}}", at: "header", says: "JSON"),
    header("{\"a\" \"b\"}", at: "header", says: "around character 5"),
    header("{\"a}", at: "byte 9", says: "a string without an end"),
    header("{\"a\\", at: "byte 9", says: "a string without an end"),
    header("{\"a\": {\"b\": [[1]]}}", at: "byte 21", says: "nested 4 deep"),
    header("{\"a\": null}", at: "byte 14", says: "'n'"),
    header("{\"__metadata__\":{},\"\\u005f_metadata__\":{}}", at: "byte 27", says: "second time"),
    header("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", at: "byte 32", says: "\"a\" a second"),
    header("{\"__metadata__\":{\"a\":1}}", at: "__metadata__, \"a\"", says: "strings"),
    header("{\"__metadata__\":\"a\"}", at: "__metadata__", says: "strings"),
    header("{\"a\":[]}", at: "tensor \"a\"", says: "an entry has"),
    header("{\"a\":{}}", at: "tensor \"a\"", says: "no key \"dtype\""),
    header("{\"\\ud800\":{}}", at: "byte 9", says: "valid JSON"),
    header("{\"a\u{2028}\u{85}\":{}}", at: "tensor \"a\\u{2028}\\u{0085}\"", says: "no key"),
  ])
  func headerIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try SafetensorsFile(bytes: $0) }
  }

  @Test func namesAreLimited() throws {
    let one = try NumericArray([1.0], shape: [])
    let name = String(repeating: "n", count: SafetensorsFile.maximumNameLength)
    #expect(try SafetensorsFile(bytes: SafetensorsFile.encoded(tensors: [(name, one)])).names == [name])
    MalformedCase(
      "a long key", Self.framed("{\"\(name)n\":{}}"), at: "byte 9", says: "a key of 1001 bytes"
    ).check { _ = try SafetensorsFile(bytes: $0) }
    for (tensors, metadata) in [([(name + "n", one)], [:]), ([], [name + "n": ""])] {
      let error = #expect(throws: ModelFileError.self) {
        try SafetensorsFile.encoded(tensors: tensors, metadata: metadata)
      }
      #expect(error?.kind == .mismatch)
    }
  }

  @Test func tooManyDimensionsAreRefused() {
    let ones = String(repeating: "1,", count: 64)
    let header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[\(ones)1],\"data_offsets\":[0,1]}}"
    MalformedCase(
      "65 dimensions", TinyFiles.safetensors(header: header, data: [1]), .unsupported, at: "byte 163",
      says: "at most 64 dimensions"
    ).check { _ = try SafetensorsFile(bytes: $0) }
  }

  @Test func aLongShapeIsToldShortly() {
    let extents = [String](repeating: "4611686018427387904", count: 64).joined(separator: ",")
    let header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[\(extents)],\"data_offsets\":[0,4]}}"
    MalformedCase(
      "64 extents", Self.framed(header), at: "tensor \"w\", shape", says: "4611686018427387904, …]"
    ).check {
      _ = try SafetensorsFile(bytes: $0)
    }
  }

  /// A header of any length behind its length.
  private static func framed(_ header: String) -> [UInt8] {
    let count = header.utf8.count
    return [UInt8(count & 0xFF), UInt8(count >> 8), 0, 0, 0, 0, 0, 0] + Array(header.utf8)
  }

  /// A header of one tensor named `w`.
  private static func entry(
    dtype: String = "\"U8\"", shape: String = "[4]", offsets: String = "[0,4]",
    more: String = "", kind: ModelFileError.Kind = .malformed, at place: String,
    says fragment: String
  ) -> MalformedCase {
    header(
      "{\"w\":{\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)\(more)}}",
      kind, at: place, says: fragment)
  }

  @Test(arguments: [
    entry(dtype: "\"U32\"", kind: .unsupported, at: "tensor \"w\", dtype", says: "\"U32\""),
    entry(dtype: "8", at: "tensor \"w\", \"dtype\"", says: "String"),
    entry(shape: "\"4\"", at: "tensor \"w\", \"shape\"", says: "whole numbers"),
    entry(shape: "[\"4\"]", at: "tensor \"w\", \"shape\", entry 0", says: "Int"),
    entry(shape: "[4.5]", at: "byte 37", says: "'.'"),
    entry(shape: "[4e0]", at: "byte 37", says: "'e'"),
    entry(shape: "[-4]", at: "tensor \"w\", shape, entry 0", says: "-4"),
    entry(shape: "[04]", at: "header", says: "JSON"),
    entry(shape: "[4-]", at: "byte 36", says: "\"4-\""),
    entry(shape: "[99999999999999999999]", at: "byte 36", says: "below 2^63"),
    entry(shape: "[4294967296,4294967296]", at: "tensor \"w\", shape", says: "64-bit"),
    entry(shape: "[0,9223372036854775807,9]", at: "tensor \"w\", shape", says: "64-bit"),
    entry(shape: "[3]", at: "tensor \"w\", data_offsets", says: "takes 3 bytes"),
    entry(shape: "[5]", at: "tensor \"w\", data_offsets", says: "takes 5 bytes"),
    entry(offsets: "[0]", at: "tensor \"w\", data_offsets", says: "1 numbers"),
    entry(offsets: "[0,4,8]", at: "tensor \"w\", data_offsets", says: "3 numbers"),
    entry(offsets: "[4,0]", at: "tensor \"w\", data_offsets", says: "[4, 0]"),
    entry(offsets: "[-4,0]", at: "tensor \"w\", data_offsets", says: "[-4, 0]"),
    entry(offsets: "[0,5]", at: "tensor \"w\", data_offsets", says: "<= 4"),
    entry(
      offsets: "[-9223372036854775807,9223372036854775807]", at: "tensor \"w\", data_offsets",
      says: "0 <= begin"),
    entry(more: ",\"x\":\"\"", at: "tensor \"w\"", says: "the key \"x\""),
    entry(more: ",\"shape\":[4]", at: "byte 60", says: "\"shape\" a second time"),
  ])
  func entryIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try SafetensorsFile(bytes: $0) }
  }

  private static func pair(_ first: String, _ second: String) -> String {
    let entries = [("a", first), ("b", second)].map { name, offsets in
      "\"\(name)\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[\(offsets)]}"
    }
    return "{\(entries.joined(separator: ","))}"
  }

  @Test(arguments: [
    header(pair("0,2", "1,3"), at: "tensor \"b\", data_offsets", says: "must not overlap"),
    header(pair("0,2", "0,2"), at: "tensor \"b\", data_offsets", says: "must not overlap"),
    header(pair("1,3", "2,4"), at: "tensor \"a\", data_offsets", says: "no gaps"),
    header("{}", at: "data, byte 0", says: "4 bytes that belong to no tensor"),
  ])
  func layoutIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try SafetensorsFile(bytes: $0) }
  }
}
