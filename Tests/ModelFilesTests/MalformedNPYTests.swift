import ModelFiles
import Testing

@Suite("Malformed NPY files")
struct MalformedNPYTests {
  @Test(arguments: [
    MalformedCase("empty file", [], at: "byte 0", says: "an empty file"),
    MalformedCase("other magic", Array("hello".utf8), at: "byte 0", says: "\"hello\""),
    MalformedCase("only magic", Array(TinyFiles.npy[..<7]), at: "byte 6", says: "version"),
    MalformedCase(
      "unknown version", TinyFiles.npy.patched(at: 6, 4), .unsupported, at: "byte 6",
      says: "version 4.0"),
    MalformedCase(
      "no header length", Array(TinyFiles.npy[..<9]), at: "byte 8", says: "the end of the file"),
    MalformedCase(
      "header beyond the end", TinyFiles.npy.patched(at: 8, 200), at: "byte 8",
      says: "a header length of 200 bytes"),
    MalformedCase(
      "huge header", TinyFiles.npy.patched(at: 6, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF), at: "byte 8",
      says: "4294967295"),
    MalformedCase(
      "data cut short", TinyFiles.npy.dropLast(), at: "byte 63",
      says: "1 bytes of elements; shape [2] of int8 takes 2"),
    MalformedCase("surplus data", TinyFiles.npy + [0], at: "byte 63", says: "surplus"),
  ])
  func frameIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try NPYFile(bytes: $0) }
  }

  private static let descr = "{'descr':'|i1','fortran_order':False,"

  private static func header(
    _ header: String, _ kind: ModelFileError.Kind = .malformed, at place: String,
    says fragment: String
  ) -> MalformedCase {
    MalformedCase(header, TinyFiles.npy(header: header), kind, at: place, says: fragment)
  }

  @Test(arguments: [
    header("", at: "byte 10", says: "'{' is expected"),
    header("{", at: "byte 11", says: "the end of the header"),
    header("{}", at: "header", says: "no key 'descr'"),
    header("{'descr':'|i1','shape':(2,)}", at: "header", says: "no key 'fortran_order'"),
    header(descr + "}", at: "header", says: "no key 'shape'"),
    header(descr + "'shape':(2,),'x':1}", at: "byte 60", says: "the key \"x\""),
    header(descr + "'shape':(2,),'shape':(2,)}", at: "byte 60", says: "each once"),
    header(descr + "'shape':(2,)} x", at: "byte 61", says: "'x'"),
    header(descr + "'shape':(2,)", at: "byte 59", says: "'}' is expected"),
    header(descr + "'shape':(2)}", at: "byte 57", says: "single extent"),
    header(descr + "'shape':2}", at: "byte 55", says: "'(' is expected"),
    header(descr + "'shape':(-2,)}", at: "byte 56", says: "'-'; an extent"),
    header(descr + "'shape':(2.0,)}", at: "byte 57", says: "'.'"),
    header(descr + "'shape':(02,)}", at: "byte 56", says: "leading zeros"),
    header(descr + "'shape':(,)}", at: "byte 56", says: "','; an extent"),
    header(descr + "'shape':(9223372036854775808,)}", at: "byte 56", says: "below 2^63"),
    header(
      descr + "'shape':(4294967296,4294967296)}", at: "shape",
      says: "[4294967296, 4294967296]"),
    header(descr + "'shape':(0,9223372036854775807,2)}", at: "shape", says: "64-bit"),
    header(descr + "'shape':(3,)}", at: "byte 60", says: "takes 3"),
    header("{'descr':'|i1','fortran_order':1,'shape':(2,)}", at: "byte 41", says: "'1'; True"),
    header("{'descr':8}", at: "byte 19", says: "quoted string"),
    header("{'descr':'|i1}", at: "byte 24", says: "closing quote"),
    header("{'de\\x73cr':'|i1'}", at: "byte 14", says: "no escapes"),
    header("{'descr':[('a','<f8')]}", .unsupported, at: "byte 19", says: "structured"),
    header(
      "{'descr':'>f8','fortran_order':False,'shape':(2,)}", .unsupported, at: "descr",
      says: "big-endian elements, \">f8\""),
    header(
      "{'descr':'<c16','fortran_order':False,'shape':(2,)}", .unsupported, at: "descr",
      says: "\"<c16\"; supported types: <f8"),
    header(
      "{'descr':'|f8','fortran_order':False,'shape':(2,)}", .unsupported, at: "descr",
      says: "\"|f8\""),
    header(
      "{'descr':'','fortran_order':False,'shape':(2,)}", .unsupported, at: "descr", says: "\"\""),
  ])
  func headerIsRefused(malformed: MalformedCase) {
    malformed.check { _ = try NPYFile(bytes: $0) }
  }

  @Test func tooManyDimensionsAreRefused() {
    let header = descrWithShape(String(repeating: "1,", count: 65))
    MalformedCase(
      "65 dimensions", TinyFiles.npy(header: header), .unsupported, at: "shape",
      says: "65 dimensions"
    ).check { _ = try NPYFile(bytes: $0) }
  }

  @Test func aLongStringIsRefused() {
    let header = "{'descr': '" + String(repeating: "x", count: 2_000) + "'}"
    let length = [UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
    MalformedCase(
      "a long string", TinyFiles.npy[..<8] + length + Array(header.utf8), at: "byte 1021",
      says: "at most 1000 bytes"
    ).check { _ = try NPYFile(bytes: $0) }
  }

  private func descrWithShape(_ extents: String) -> String {
    Self.descr + "'shape':(\(extents))}"
  }
}
