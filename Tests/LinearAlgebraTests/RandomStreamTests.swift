import LinearAlgebra
import TestSupport
import Testing

@Suite("Random streams")
struct RandomStreamTests {
  // numpy 2.4: Generator(Philox(key=root + (trial << 64), counter=code << 192)).random(5), as
  // float.hex
  @Test func uniformsEqualNumPyBitForBit() {
    let cases: [(UInt64, UInt64, RandomPurpose, [Double])] = [
      (
        0, 1, .inputs,
        [
          0x1.41493451ec832p-2, 0x1.13a5028167756p-1, 0x1.39e15f41fe056p-2, 0x1.a460690493a30p-4,
          0x1.908c24485c388p-2,
        ]
      ),
      (
        7, 12345, .hiddenWeights(block: 2),
        [
          0x1.8b8b02cf62c86p-1, 0x1.f9ef1f1c6d530p-1, 0x1.d98c98d24c3f3p-1, 0x1.d907b5e1192b0p-3,
          0x1.3a3e012d673f4p-3,
        ]
      ),
      (
        .max, 1 << 63, .other(99),
        [
          0x1.f339d38832accp-2, 0x1.915ffac999864p-1, 0x1.de301024b6a8bp-1, 0x1.c8024ea09d20ep-1,
          0x1.b5da39307a992p-1,
        ]
      ),
    ]
    for (root, trial, purpose, expected) in cases {
      var stream = RandomStream(rootSeed: root, trialSeed: trial, purpose: purpose)
      #expect((0..<5).map { _ in stream.uniform() } == expected)
    }
  }

  static let purposes: [RandomPurpose] = [
    .inputs, .targets, .hiddenWeights(block: 0), .hiddenWeights(block: 3), .inputWeights(block: 0),
    .inputWeights(block: 3), .readout, .meanFieldNoise(gate: 0), .meanFieldNoise(gate: 3), .other(0),
    .other(.max),
  ]

  @Test func everyPurposeAndSeedHasItsOwnNumbers() {
    var seen: Set<UInt64> = []
    #expect(Set(Self.purposes.map(\.code)).count == Self.purposes.count)
    for purpose in Self.purposes {
      for (root, trial) in [(0, 0), (0, 1), (1, 0), (1, 1)] as [(UInt64, UInt64)] {
        var stream = RandomStream(rootSeed: root, trialSeed: trial, purpose: purpose)
        for _ in 0..<50 { #expect(seen.insert(stream.uniform().bitPattern).inserted) }
      }
    }
  }

  // The correlation of 4,000 independent pairs has standard deviation 1/√4000 = 0.016; 5 of them.
  @Test func streamsOfDifferentPurposesAreUncorrelated() {
    let samples = Self.purposes.map { purpose in
      var stream = RandomStream(rootSeed: 3, trialSeed: 4, purpose: purpose)
      return stream.normals(4_000)
    }
    for i in samples.indices {
      for j in 0..<i { #expect((Double.dot(samples[i], samples[j]) / 4_000).magnitude < 0.08) }
    }
  }

  // Standard errors of the first four moments of n = 200,000 normals: 1, √2, √15 and √96 over √n; 5
  // of each.
  @Test func normalsHaveTheRightMoments() {
    var stream = RandomStream(rootSeed: 11, trialSeed: 5, purpose: .other(1))
    let n = 200_000
    let values = stream.normals(n)
    let root = Double(n).squareRoot()
    for (power, expected, error) in [(1, 0.0, 1.0), (2, 1, 1.414), (3, 0, 3.873), (4, 3, 9.798)] {
      let moment = values.reduce(0.0) { sum, x in
        sum + (0..<power).reduce(1.0) { product, _ in product * x }
      }
      #expect((moment / Double(n) - expected).magnitude < 5 * error / root, "moment \(power)")
    }
    #expect(values.allSatisfy { $0.magnitude < 8 })
  }

  @Test func standardDeviationScalesTheSameNumbers() {
    var first = RandomStream(rootSeed: 1, trialSeed: 2, purpose: .readout)
    var second = first
    let values = first.normals(9, standardDeviation: 0.25)
    #expect(values == second.normals(9).map { $0 * 0.25 })
  }

  /// Drawn in pieces, also behind a number that is left of a pair.
  @Test(arguments: [0, 1, 2, 4095, 4096, 4097, 8192, 12_345])
  func numbersInAnotherPrecisionAreTheSame(count: Int) {
    for before in [0, 1] {
      var first = RandomStream(rootSeed: 1, trialSeed: 2, purpose: .inputs)
      _ = first.normals(before)
      var (second, third) = (first, first)
      let values = first.normals(count)
      #expect(second.normals(count, as: Float.self) == Float.array(values))
      #expect(third.normals(count, as: Double.self) == values)
      let next = first.normal()
      #expect(second.normal() == next && third.normal() == next)
    }
  }

  @Test func integersAreUniform() {
    var stream = RandomStream(rootSeed: 1, trialSeed: 3, purpose: .targets)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.integer(below: 7)] += 1 }
    // Standard deviation √(70,000 · 6/49) = 93; 5 of them.
    #expect(counts.allSatisfy { ($0 - 10_000).magnitude < 465 })
    #expect((0..<20).allSatisfy { _ in stream.integer(below: 1) == 0 })
  }
}
