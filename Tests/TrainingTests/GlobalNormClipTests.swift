import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Global-norm and value clips")
struct GlobalNormClipTests {
  // torch.nn.utils.clip_grad_norm_ on gradients 3 and 4 with max_norm 5: n + 1e-6 is not 5, so that even n = max
  // scales, by 5 / 5.000001.
  @Test func threeAndFourWithMaximumFive() throws {
    let clipped = clip(.globalNorm(5), gradients([3, 4]))
    #expect(clipped.normBefore == ScaledNumber(5))
    let values = clipped.gradients.weightHH.doubles
    #expect(difference(values, [2.9999994000001200, 3.9999992000001600], relative: 1e-15) == nil)
    #expect(ulps(try #require(clipped.coefficient).double, 5 / 5.000001) <= 1)
    #expect(clipped.clippedFraction == 1)
    #expect(clipped.cosine == 1)
  }

  @Test func belowTheMaximumNothingChanges() throws {
    let before = gradients([3, 4], bias: [0.5])
    let clipped = clip(.globalNorm(6), before)
    #expect(clipped.gradients == before)
    #expect(clipped.coefficient == ScaledNumber(1))
    #expect(clipped.clippedFraction == 0 && clipped.normAfter == clipped.normBefore)
  }

  @Test func normIsOverEveryParameterAndTheReadout() {
    var all = gradients([2, 0], bias: [0, 4])
    all.readoutWeight = ScaledArray(values: [1, 2])
    all.readoutBias = ScaledArray(values: [0, 10])
    // 4 + 16 + 1 + 4 + 100 = 125
    #expect(ulps(all.globalNorm.double, 125.0.squareRoot()) <= 1)
    let clipped = clip(.globalNorm(1), all)
    #expect((clipped.normAfter.double - 1).magnitude < 1e-6)
    #expect(clipped.gradients.readoutBias?.doubles[1] ?? 0 > 0.89)
    #expect((clipped.cosine.map { ($0 - 1).magnitude } ?? 1) < 1e-15)
  }

  // 2^±1329 is about 1e±400: no plain number holds these gradients.
  @Test(arguments: [1329, -1329, 3_000_000])
  func magnitudesFarOutOfRangeKeepTheirDigits(exponent: Int) throws {
    let before = gradients([3, -4], exponent: exponent)
    let clipped = clip(.globalNorm(1), before)
    #expect(clipped.normBefore == ScaledNumber(5, exponent: exponent))
    #expect(clipped.cosine == 1)
    if exponent > 0 {
      let values = clipped.gradients.weightHH.doubles
      #expect(difference(values, [0.6, -0.8], relative: 1e-15) == nil)
      #expect(clipped.clippedFraction == 1)
      #expect(clipped.coefficient == ScaledNumber(0.2, exponent: -exponent))
    } else {
      #expect(clipped.gradients == before && clipped.clippedFraction == 0)
    }
  }

  @Test func parametersWithDifferentExponentsShareOneNorm() {
    let before = ParameterGradients<Double>(
      weightIH: ScaledArray(values: [3], exponent: 2_000),
      weightHH: ScaledArray(values: [4], exponent: 2_000),
      biasIH: ScaledArray(values: [1], exponent: -2_000),
      biasHH: ScaledArray(values: [0]))
    let clipped = clip(.globalNorm(10), before)
    #expect(clipped.normBefore == ScaledNumber(5, exponent: 2_000))
    #expect(difference(clipped.gradients.weightIH.doubles, [6], relative: 1e-15) == nil)
    #expect(clipped.gradients.biasIH.norm.log10 < -1_200)
  }

  @Test func valueClipClampsEveryEntry() throws {
    let clipped = clip(.value(1), gradients([3, -0.5, -7, 1], bias: [0.25]))
    #expect(clipped.gradients.weightHH.doubles == [1, -0.5, -1, 1])
    #expect(clipped.gradients.biasIH.doubles == [0.25])
    #expect(clipped.coefficient == nil)
    // 2 of 4 + 1 entries, and the empty weight and bias have none.
    #expect(clipped.clippedFraction == 2.0 / 5)
    // (3·1 + 0.25 + 7 + 1 + 0.0625) / (√59.3125 √3.3125)
    let expected = 11.3125 / (59.3125 * 3.3125).squareRoot()
    #expect((try #require(clipped.cosine) - expected).magnitude < 1e-15)
  }

  @Test func valueClipOfScaledGradients() {
    let huge = clip(.value(2), gradients([3, -4, 0], exponent: 5_000))
    #expect(huge.gradients.weightHH.doubles == [2, -2, 0])
    #expect(huge.clippedFraction == 2.0 / 3)
    let tiny = clip(.value(2), gradients([3, -4, 0], exponent: -5_000))
    #expect(tiny.clippedFraction == 0)
  }

  @Test func noRuleIsNoChange() {
    let before = gradients([3, 4], bias: [1])
    let clipped = clip(.none, before)
    #expect(clipped.gradients == before && clipped.clippedFraction == 0)
    #expect(clipped.coefficient == nil && clipped.cosine == 1)
  }

  // torch: n = ∞ gives coefficient 0, so that finite entries become 0 and infinite ones NaN.
  @Test func infiniteNormZeroesWhatIsFinite() {
    let values = clip(.globalNorm(1), gradients([.infinity, 2])).gradients.weightHH.doubles
    #expect(values[0].isNaN && values[1] == 0)
  }

  // torch: n = NaN makes every gradient NaN.
  @Test func normThatIsNoNumberSpoilsEverything() {
    let values = clip(.globalNorm(1), gradients([.nan, 2])).gradients.weightHH.doubles
    #expect(values.allSatisfy(\.isNaN))
  }

  // torch.clamp keeps NaN.
  @Test func valueClipKeepsWhatIsNoNumber() {
    let values = clip(.value(1), gradients([.nan, 2])).gradients.weightHH.doubles
    #expect(values[0].isNaN && values[1] == 1)
  }
}

/// Gradients of W_hh and b_ih; the others are empty.
func gradients(
  _ weightHH: [Double], bias: [Double] = [], exponent: Int = 0
) -> ParameterGradients<Double> {
  ParameterGradients(
    weightIH: ScaledArray(values: []), weightHH: ScaledArray(values: weightHH, exponent: exponent),
    biasIH: ScaledArray(values: bias, exponent: exponent), biasHH: ScaledArray(values: []))
}
