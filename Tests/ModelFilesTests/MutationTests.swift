import ModelFiles
import TestSupport
import Testing

/// Damaged files by the thousand: each gives whole arrays or is refused with place and advice.
@Suite("Random damage to model files")
struct MutationTests {
  private static let fortran = TinyFiles.npy(
    header: "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }\n", data: Array(0..<12))

  @Test(.timeLimit(.minutes(60)), arguments: HostileReader.parts)
  func damagedNPYIsReadOrRefused(part: Int) {
    check(.npy, part) { generator in
      generator.damagedNPY(generator.one(of: [TinyFiles.npy, Self.fortran]))
    } read: {
      [try NPYFile(bytes: $0).array]
    }
  }

  @Test(.timeLimit(.minutes(60)), arguments: HostileReader.parts)
  func damagedNPZIsReadOrRefused(part: Int) throws {
    let archives = try NumPyArchive.allCases.map { try $0.bytes() }
    check(.npz, part) { generator in
      generator.chance(oneIn: 3)
        ? generator.damaged(generator.one(of: archives))
        : generator.damagedNPZ([("a.npy", TinyFiles.npy), ("w.b.npy", Self.fortran)])
    } read: { bytes in
      let file = try NPZFile(bytes: bytes)
      return file.names.compactMap { file[$0] }
    }
  }

  @Test(.timeLimit(.minutes(60)), arguments: HostileReader.parts)
  func damagedSafetensorsIsReadOrRefused(part: Int) {
    check(.safetensors, part) { generator in
      generator.damagedSafetensors(TinyFiles.safetensors)
    } read: { bytes in
      let file = try SafetensorsFile(bytes: bytes)
      return file.names.compactMap { file[$0] }
    }
  }

  /// Why an array that was read is not whole.
  private struct Torn: Error {
    let array: NumericArray
  }

  private func check(
    _ reader: HostileReader, _ part: Int, make: (inout SeededGenerator) -> [UInt8],
    read: ([UInt8]) throws -> [NumericArray]
  ) {
    var reading = HostileReading(reader, part: part)
    let tally = reading.tally(make: make, size: \.count) { bytes in
      for array in try read(bytes) {
        let count = array.shape.reduce(1, *)
        guard array.count == count, array.doubles().count == count else { throw Torn(array: array) }
      }
    } complaint: { error in
      guard let error = error as? ModelFileError else { return "not a ModelFileError" }
      return error.complaint
    }
    #expect(tally.failures.isEmpty, "\(tally.failures.joined(separator: "\n"))")
    #expect(tally.read > 0 && tally.refused > tally.read)
  }
}
