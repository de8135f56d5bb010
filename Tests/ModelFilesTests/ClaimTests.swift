import AllocationCounter
import ModelFiles
import TestSupport
import Testing

/// What a file says of its sizes is believed only as far as its bytes go.
@Suite("Claims and memory", .enabled(if: allocations_are_counted(), "sizes are counted with glibc only"))
struct ClaimTests {
  /// Small files that claim to be, or to become, large.
  @Test(arguments: [
    MalformedCase(
      "a header of 2^63 bytes", [0, 0, 0, 0, 0, 0, 0, 0x80] + Array("{}".utf8), at: "byte 0", says: "length"),
    MalformedCase(
      "a tensor of a terabyte",
      TinyFiles.safetensors(
        header: #"{"w":{"dtype":"U8","shape":[1099511627776],"data_offsets":[0,1099511627776]}}"#),
      at: "tensor \"w\", data_offsets", says: "1099511627776"),
  ])
  func safetensorsClaimsTakeNoMemory(claim: MalformedCase) {
    let cost = ReadingCost { claim.check { _ = try SafetensorsFile(bytes: $0) } }
    #expect(cost.block < 1 << 16 && cost.peak < 1 << 18)
  }

  @Test(arguments: [
    MalformedCase(
      "a header of 4 GB", TinyFiles.npy.patched(at: 6, 3, 0, 0xFF, 0xFF, 0xFF, 0xFF), at: "byte 8",
      says: "4294967295"),
    MalformedCase(
      "an array of a terabyte",
      TinyFiles.npy(header: "{'descr':'|u1','fortran_order':True,'shape':(1048576,1048576)}"), at: "byte 72",
      says: "takes 1099511627776"),
  ])
  func npyClaimsTakeNoMemory(claim: MalformedCase) {
    let cost = ReadingCost { claim.check { _ = try NPYFile(bytes: $0) } }
    #expect(cost.block < 1 << 16 && cost.peak < 1 << 18)
  }

  /// A member of 65 bytes that says it inflates to 4 GB, and a directory that says it has 65,534 members.
  @Test(arguments: [
    MalformedCase(
      "a bomb", TinyFiles.npz.patched(at: 8, 8).patched(at: 110, 8).patched(at: 124, 0xFE, 0xFF, 0xFF, 0xFF),
      at: "member \"a.npy\", byte 35 of the archive",
      says: "4294967294 bytes, claimed to be deflated to 65; deflate expands each byte to at most 1032 bytes"),
    MalformedCase(
      "many members", TinyFiles.npz.patched(at: 159, 0xFE, 0xFF, 0xFE, 0xFF), at: "byte 151",
      says: "no member"),
  ])
  func npzClaimsTakeNoMemory(claim: MalformedCase) {
    let cost = ReadingCost { claim.check { _ = try NPZFile(bytes: $0) } }
    #expect(cost.block < 1 << 16 && cost.peak < 1 << 18)
  }

  /// Megabytes of what takes the most memory for its length: short names, extents, members; read or refused.
  @Test(.timeLimit(.minutes(2))) func largeFilesTakeMemoryInProportion() {
    func safetensors(_ header: String) -> [UInt8] {
      let count = header.utf8.count
      return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8)
    }
    let entries = (0..<60_000).map { #""\#($0)":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"# }
    let ones = String(repeating: "1,", count: 1_000_000)
    for header in [
      "{" + entries.joined(separator: ",") + "}",
      "{\"__metadata__\":{" + (0..<300_000).map { "\"\($0)\":\"\"" }.joined(separator: ",") + "}}",
      "{" + (0..<300_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}",
      "{\"w\":{\"dtype\":\"U8\",\"shape\":[\(ones)1],\"data_offsets\":[0,1]}}",
      "{\"w" + String(repeating: "\u{301}\u{323}", count: 500_000) + "\":0}",
      "{\"w\":{\"dtype\":\"F" + String(repeating: "\u{301}\u{323}", count: 500_000)
        + "\",\"shape\":[],\"data_offsets\":[0,0]}}",
      "{" + String(repeating: "}{", count: 500_000), String(repeating: "{", count: 1_000_000),
    ] {
      check(.safetensors, safetensors(header)) { _ = try SafetensorsFile(bytes: $0) }
    }
    let header = Array("{'descr': '|u1', 'fortran_order': False, 'shape': (\(ones)), }".utf8)
    let length = (0..<4).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    check(.npy, TinyFiles.npy[..<6] + [2, 0] + length + header) { _ = try NPYFile(bytes: $0) }
    let members = (0..<20_000).map { (name: "\($0).npy", data: TinyFiles.npy) }
    check(.npz, StoredArchive(members).bytes) { _ = try NPZFile(bytes: $0) }
    let marks = String(repeating: "\u{301}\u{323}", count: 12_000) + ".npy"
    check(.npz, StoredArchive((0..<50).map { ("\($0)\(marks)", TinyFiles.npy) }).bytes) {
      _ = try NPZFile(bytes: $0)
    }
  }

  private func check(
    _ reader: HostileReader, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation,
    _ read: ([UInt8]) throws -> Void
  ) {
    let cost = ReadingCost { try read(bytes) }
    let error = cost.error as? ModelFileError
    #expect(
      cost.error == nil || error != nil && error?.complaint == nil, "\(cost)", sourceLocation: sourceLocation)
    #expect(cost.excess(forBytes: bytes.count, of: reader) == nil, sourceLocation: sourceLocation)
  }
}
