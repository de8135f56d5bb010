import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite("Summaries of singular values")
struct SingularSpectrumTests {
  @Test(arguments: [1, 2, 7], [-900_000, 0, 900_000])
  func equalValuesShareEverything(count: Int, exponent: Int) {
    let spectrum = SingularSpectrum(Array(repeating: ScaledNumber(1.5, exponent: exponent), count: count))
    #expect(spectrum.log10ConditionNumber == 0)
    #expect(ulps(spectrum.effectiveRank, Double(count)) <= 8)
  }

  // p = (1/2, 1/4, 1/4): entropy 1.5 ln 2.
  @Test func valuesInAnyOrder() {
    let spectrum = SingularSpectrum([ScaledNumber(1), ScaledNumber(2), ScaledNumber(1)])
    #expect(spectrum.values == [ScaledNumber(2), ScaledNumber(1), ScaledNumber(1)])
    #expect(ulps(spectrum.effectiveRank, exp2(1.5)) <= 8)
    #expect(ulps(spectrum.log10ConditionNumber, log10(2)) <= 1)
  }

  @Test func oneDominantValue() {
    let spectrum = SingularSpectrum([ScaledNumber(1, exponent: -3000), ScaledNumber(1, exponent: -9000)])
    #expect(spectrum.effectiveRank == 1)
    #expect(ulps(spectrum.log10ConditionNumber, 6000 * log10(2)) <= 2)
  }

  @Test func zerosAreInfiniteCondition() {
    let spectrum = SingularSpectrum([ScaledNumber(3), .zero])
    #expect(spectrum.log10ConditionNumber == .infinity)
    #expect(spectrum.effectiveRank == 1)
    #expect(SingularSpectrum([.zero, .zero]).effectiveRank == 0)
  }

  @Test func nothingAndNaNStayVisible() {
    #expect(SingularSpectrum([]).log10ConditionNumber.isNaN)
    #expect(SingularSpectrum([]).effectiveRank == 0)
    for spectrum in [
      SingularSpectrum([ScaledNumber(.nan), ScaledNumber(1)]),
      SingularSpectrum([ScaledNumber(1), ScaledNumber(.nan)]),
    ] {
      #expect(spectrum.log10ConditionNumber.isNaN)
      #expect(spectrum.effectiveRank.isNaN)
    }
  }

  // Unknown values stand between those that are known and the exact zeros.
  @Test func valuesThatAreNotKnown() {
    let small = ScaledNumber(1, exponent: -60)
    let spectrum = SingularSpectrum([.zero, ScaledNumber(.nan), small, ScaledNumber(1)])
    #expect(spectrum.values.map(\.log10)[0...1] == [0, small.log10])
    #expect(spectrum.values[2].mantissa.isNaN && spectrum.values[3].isZero)
    // What is below 2⁻⁶⁰ of the largest does not move the rank.
    #expect((spectrum.effectiveRank - 1).magnitude < 1e-15)
    #expect(spectrum.log10ConditionNumber == .infinity)
    #expect(SingularSpectrum([ScaledNumber(1), small, ScaledNumber(.nan)]).log10ConditionNumber.isNaN)
  }
}
