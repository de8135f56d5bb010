import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite("Logarithms and sums of scaled norms")
struct ScaledNormTests {
  static let levels = ProcessorLevel.allCases.filter { $0 <= .detected }

  #if arch(x86_64)
    // Mantissas over [2^-30, 2^30], and near 1, where the logarithm itself is near 0.
    @Test(arguments: levels) func logarithmsAreWithinTwoUlp(_ level: ProcessorLevel) {
      var stream = RandomStream(rootSeed: 8, trialSeed: 1, purpose: .other(1))
      var (norms, exponents): ([Double], [Int]) = ([], [])
      for k in 0..<40_000 {
        norms.append(k % 4 == 0 ? 1 + stream.normal() * 1e-3 : exp2(60 * stream.uniform() - 30))
        exponents.append(k % 3 == 0 ? 0 : stream.integer(below: 2_000_001) - 1_000_000)
      }
      var logarithms = norms
      withKernels(KernelSelection(level: level, generatesProducts: false)) {
        log10Scaled(norms.count, norms, exponents: exponents, into: &logarithms)
      }
      let log10of2 = log10(Float80(2))
      let worst =
        norms.indices.map {
          ulps(logarithms[$0], Double(log10(Float80(norms[$0])) + Float80(exponents[$0]) * log10of2))
        }.max() ?? .infinity
      #expect(worst <= 2)
    }
  #endif

  @Test(arguments: levels) func zeroInfinityAndNaNStay(_ level: ProcessorLevel) {
    withKernels(KernelSelection(level: level, generatesProducts: false)) {
      let norms = [0, Double.infinity, .nan, 1, 10, 0, 0, 0, 0]
      var out = norms
      log10Scaled(9, norms, exponents: Array(repeating: 0, count: 9), into: &out)
      #expect(out[0] == -.infinity && out[1] == .infinity && out[2].isNaN)
      #expect(out[3] == 0 && ulps(out[4], 1) <= 1 && out[8] == -.infinity)
    }
  }

  /// Parts 2^±100000 apart, zeros among them, and any batch size.
  @Test(arguments: levels, [1, 2, 5, 16, 19]) func combinedNormsEqualScaledSums(
    _ level: ProcessorLevel, _ count: Int
  ) {
    var stream = RandomStream(rootSeed: 9, trialSeed: UInt64(count), purpose: .other(1))
    let rows = 70
    let norms = (0..<rows * count).map { $0 % 7 == 3 ? 0 : exp2(40 * stream.uniform() - 20) }
    let exponents = (0..<rows * count).map { row in
      row / count % 2 == 0 ? stream.integer(below: 9) - 4 : stream.integer(below: 200_001) - 100_000
    }
    var out = [Double](repeating: 0, count: rows)
    withKernels(KernelSelection(level: level, generatesProducts: false)) {
      log10CombinedNorms(rows: rows, count: count, norms, exponents: exponents, into: &out)
    }
    let expected = (0..<rows).map { r in
      ScaledNumber.euclideanNorm(
        (r * count..<(r + 1) * count).map { ScaledNumber(norms[$0], exponent: exponents[$0]) }
      ).log10
    }
    #expect(difference(out, expected, relative: 1e-15, absolute: 1e-15) == nil)
  }

  @Test func aBatchOfZerosIsZero() {
    func combined(_ norms: [Double], exponents: [Int]) -> Double {
      var result = 0.0
      log10CombinedNorms(rows: 1, count: norms.count, norms, exponents: exponents, into: &result)
      return result
    }
    #expect(combined([0, 0, 0], exponents: [4, 5, -6]) == -.infinity)
    #expect(combined([0, .nan, 1], exponents: [0, 0, 0]).isNaN)
    #expect(combined([.infinity, 1], exponents: [0, 0]) == .infinity)
    #expect(ulps(combined([3, 4], exponents: [500, 500]), ScaledNumber(5, exponent: 500).log10) <= 1)
  }
}
