import GradientFlow
import Testing

/// Recorded results depend on what was drawn: the same draws give the same numbers as when inputs were one-hot rows.
@Suite("Draws of old")
struct RecordedDrawTests {
  /// Of a diagnosis, a washout, the third update and the second part of a test set.
  private static let recorded: [String: [UInt64]] = [
    "temporal order": [0x14d34cf6fc52ebfb, 0x27169ffb890950db, 0xcda748ebeaa0fb1b, 0x49a4bf1687f6069a],
    "adding": [0x2cd5776d49f1e9ea, 0x66058b130b644893, 0x9fcf00a3f1a09c3f, 0x80472748e1ae0504],
    "multiplication": [0xfc64f6e2e9e19fae, 0x1a15bc721921d477, 0xec737c078c575aef, 0x9843adcd85b918ef],
    "XOR": [0x11766550fcf6c184, 0xfcb5ddaa91499864, 0x1fb3ec6fb9ccf9e5, 0xb083853ff0e69ff8],
    "copy memory": [0xf9f4baccb8635922, 0xcf360cfb87fbb504, 0xcb62d0e9f2058f06, 0x542174242e6c11e7],
    "3 bits": [0xdaa0e3c846c100f8, 0xefcaa5e50bed5d18, 0xc91241449d1f2c18, 0x5760d3acd5e58038],
    "5 bits": [0xe418e5ceb523fe98, 0xac1ba333f3936899, 0xf8a1cf6ded7263d9, 0x6f63a571098633f8],
    "digits": [0xf121922891fa75df, 0xc99ab9ce15e9f6e5, 0xb49be387dffe0d21, 0x852b62d3079991ef],
    "text": [0xcf429c983e5cec5d, 0xa468928f61f5cc3f, 0xc9adf837885c9056, 0x55fb0128c86da16a],
  ]

  @Test func numbersAreThoseThatWereRecorded() throws {
    let uses: [SampleDraw.Use] = [.diagnosis, .washout, .training(iteration: 3), .evaluation(part: 2)]
    for (name, expected) in Self.recorded {
      let tested = try #require(TaskCase.all.first { $0.name == name })
      let found = try uses.map { use in
        let sample = try tested.task.drawn(steps: tested.steps, batch: 5, root: 11, seed: 12, use: use)
        return Self.hash(
          sample.inputs.dense.map(\.bitPattern) + sample.classes.map { UInt64($0) }
            + sample.values.map(\.bitPattern))
      }
      #expect(found == expected, "\(name)")
    }
  }

  /// FNV-1a of the bytes, the lowest first.
  private static func hash(_ numbers: [UInt64]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for number in numbers {
      for byte in 0..<UInt64(8) {
        hash ^= (number >> (8 * byte)) & 0xff
        hash = hash &* 0x100_0000_01b3
      }
    }
    return hash
  }
}
