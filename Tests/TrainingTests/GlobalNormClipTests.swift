import GradientFlow
import TestSupport
import Testing

@Suite("Global-norm and value clips")
struct GlobalNormClipTests {
  // torch.nn.utils.clip_grad_norm_ on gradients 3 and 4 with max_norm 5: n + 1e-6 is not 5, so that
  // even n = max scales, by 5 / 5.000001.
  @Test func threeAndFourWithMaximumFive() throws {
    let clipped = clip(.globalNorm(5), biasGradient: [3, 4])
    #expect(clipped.normBefore == ScaledNumber(5))
    let values = try #require(clipped.gradients["readout.bias"]).doubles
    #expect(difference(values, [2.99999940000012, 3.99999920000016], relative: 1e-15) == nil)
    let coefficient = clipped.factor
    #expect(ulps(coefficient.double, 5 / 5.000001) <= 1)
    #expect((clipped.normAfter.double - 5 * 5 / 5.000001).magnitude < 1e-14)
    #expect(clipped.clippedFraction == 1)
    let cosine = try #require(clipped.cosine)
    #expect((cosine - 1).magnitude < 1e-15)
  }

  @Test func belowTheMaximumNothingChanges() throws {
    let clipped = clip(.globalNorm(6), biasGradient: [3, 4])
    #expect(clipped.gradients["readout.bias"]?.doubles == [3, 4])
    #expect(clipped.factor == ScaledNumber(1))
    #expect(clipped.clippedFraction == 0 && clipped.normAfter == clipped.normBefore)
    let cosine = try #require(clipped.cosine)
    #expect((cosine - 1).magnitude < 1e-15)
  }

  // Where torch's n overflows and it silently zeroes the gradient.
  @Test func normBeyondTheRootOfTheRangeIsRight() throws {
    let clipped = clip(.globalNorm(10), biasGradient: [3e200, 4e200])
    #expect(ulps(clipped.normBefore.double, 5e200) <= 2)
    let values = try #require(clipped.gradients["readout.bias"]).doubles
    #expect(difference(values, [6, 8], relative: 1e-15) == nil)
  }

  @Test func normIsOverEveryParameterAndTheReadout() {
    let network = NaiveNetwork(.lstm, NaiveSizes(4, 2, 3, 5), loss: .finalDot)
    let gradients = network.passed(.none).result.gradients
    let naive = network.backward(through: network.forward())
    let variables: [NaiveVariable] = [.W_ih, .W_hh, .b_ih, .b_hh]
    let square = variables.flatMap { naive[$0] }.reduce(0) { $0 + $1 * $1 }
    #expect((gradients.globalNorm.double / square.squareRoot() - 1).magnitude < 1e-13)
    let withReadout = scaledGradients(
      [2, 0], bias: [0, 4],
      others: [
        "readout.weight": ScaledArray(values: [1, 2]), "readout.bias": ScaledArray(values: [0, 10]),
      ])
    #expect(ulps(withReadout.globalNorm.double, 125.0.squareRoot()) <= 1)  // 4 + 16 + 5 + 100
  }

  @Test func valueClipClampsEveryEntry() throws {
    let clipped = clip(.value(1), biasGradient: [3, -0.5, -7, 1])
    #expect(clipped.gradients["readout.bias"]?.doubles == [1, -0.5, -1, 1])
    #expect(clipped.factor == ScaledNumber(1))
    // 2 of the 4 biases, 4 weights and 4 parameters of the cell.
    #expect(clipped.clippedFraction == 2.0 / 12)
    // (3 + 0.25 + 7 + 1) / (√59.25 √3.25)
    let expected = 11.25 / (59.25 * 3.25).squareRoot()
    let cosine = try #require(clipped.cosine)
    #expect((cosine - expected).magnitude < 1e-15)
    #expect((clipped.normAfter.double - 3.25.squareRoot()).magnitude < 1e-15)
  }

  @Test func noRuleIsNoChange() {
    let clipped = clip(.none, biasGradient: [3, 4])
    #expect(clipped.gradients["readout.bias"]?.doubles == [3, 4])
    #expect(clipped.factor == ScaledNumber(1) && clipped.clippedFraction == 0)
  }

  @Test func aZeroGradientHasNoDirection() {
    for rule in [GradientClip.none, .globalNorm(1), .value(1)] {
      let clipped = clip(rule, biasGradient: [0, 0])
      #expect(clipped.cosine == nil && clipped.normAfter.isZero && clipped.clippedFraction == 0)
    }
  }

  // torch: n = NaN makes every gradient NaN.
  @Test func normThatIsNoNumberSpoilsEverything() throws {
    let clipped = clip(.globalNorm(1), biasGradient: [.nan, 2])
    let bias = try #require(clipped.gradients["readout.bias"])
    #expect(bias.doubles.allSatisfy { $0.isNaN })
  }

  // torch.clamp keeps NaN.
  @Test func valueClipKeepsWhatIsNoNumber() throws {
    let clipped = clip(.value(1), biasGradient: [.nan, 2])
    let values = try #require(clipped.gradients["readout.bias"]).doubles
    #expect(values[0].isNaN && values[1] == 1)
  }

  @Test func kindsAndThresholdsFitTogether() {
    for kind in GradientClip.Kind.allCases {
      let rule = GradientClip(kind: kind, threshold: kind == .none ? nil : 0.5)
      #expect(rule?.kind == kind && rule?.threshold == (kind == .none ? nil : 0.5))
      #expect(GradientClip(kind: kind, threshold: kind == .none ? 0.5 : nil) == nil)
    }
    #expect(GradientClip.stepNorm(2).stepClip == .batch(threshold: 2))
    #expect(GradientClip.stepNormExample(2).stepClip == .example(threshold: 2))
    #expect(GradientClip.globalNorm(2).stepClip == .none)
  }
}
