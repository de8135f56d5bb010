import ModelFiles
import Testing

@Suite("Random damage")
struct MutationTests {
  private static let mutations = 5000

  @Test func damagedNPYIsReadOrRefused() throws {
    let fortran = TinyFiles.npy(
      header: "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }\n",
      data: Array(0..<12))
    for original in [TinyFiles.npy, fortran] {
      try mutate(original) { [try NPYFile(bytes: $0).array] }
    }
  }

  @Test func damagedNPZIsReadOrRefused() throws {
    try mutate(TinyFiles.npz) { bytes in
      let file = try NPZFile(bytes: bytes)
      return file.names.compactMap { file[$0] }
    }
  }

  @Test func damagedSafetensorsIsReadOrRefused() throws {
    try mutate(TinyFiles.safetensors) { bytes in
      let file = try SafetensorsFile(bytes: bytes)
      return file.names.compactMap { file[$0] }
    }
  }

  /// Reads damaged copies: each must be refused with a reason or give whole arrays.
  private func mutate(_ original: [UInt8], _ read: ([UInt8]) throws -> [NumericArray]) throws {
    var damage = Damage(seed: 2024)
    #expect(try !read(original).isEmpty)
    var refused = 0
    for _ in 0..<Self.mutations {
      let bytes = damage.damaged(original)
      do {
        for array in try read(bytes) {
          let count = array.shape.reduce(1, *)
          guard array.count == count, array.doubles().count == count else {
            Issue.record("shape \(array.shape) with \(array.count) elements in \(bytes)")
            return
          }
        }
      } catch let error as ModelFileError {
        refused += 1
        if error.found.isEmpty || error.advice.isEmpty { Issue.record("\(error) for \(bytes)") }
      }
    }
    #expect(refused > Self.mutations / 4)
  }
}

/// A deterministic source of damage to bytes (SplitMix64).
private struct Damage: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func damaged(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...3, using: &self) where !bytes.isEmpty {
      let position = Int.random(in: bytes.indices, using: &self)
      switch Int.random(in: 0..<7, using: &self) {
      case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      case 1: bytes[position] = UInt8.random(in: 0 ... .max, using: &self)
      case 2: bytes[position] = Array("{}[]():,'\"-.e09 \\".utf8).randomElement(using: &self) ?? 0
      case 3: bytes.removeSubrange(position...)
      case 4: bytes.remove(at: position)
      case 5: bytes.insert(bytes[position], at: position)
      default:
        let end = min(position + 4, bytes.count)
        let extreme: UInt8 = Bool.random(using: &self) ? 0xFF : 0
        bytes.replaceSubrange(
          position..<end, with: repeatElement(extreme, count: end - position))
      }
    }
    return bytes
  }
}
