import Foundation
import GradientFlow
import TestSupport
import Testing

/// Gradients far outside the range of plain numbers: 2^±1329 is about 1e±400.
@Suite("Scaled gradients")
struct ScaledGradientTests {
  @Test(arguments: [1329, -1329, 3_000_000, -3_000_000])
  func scalingBringsThemIntoRange(exponent: Int) {
    let before = scaledGradients([3, -4], exponent: exponent)
    #expect(before.globalNorm == ScaledNumber(5, exponent: exponent))
    let factor = ScaledNumber(1) / before.globalNorm
    let after = before.mapEach { $0.scaled(by: factor) }
    #expect(difference(after["weight_hh_l0"]?.doubles ?? [], [0.6, -0.8], relative: 1e-15) == nil)
    #expect((after.globalNorm.double - 1).magnitude < 1e-15)
  }

  @Test func parametersWithDifferentExponentsShareOneNorm() {
    let gradients = scaledGradients(
      [4], exponent: 2_000,
      others: [
        "weight_ih_l0": ScaledArray(values: [3], exponent: 2_000),
        "bias_hh_l0": ScaledArray(values: [7], exponent: -2_000),
      ])
    #expect(gradients.globalNorm == ScaledNumber(5, exponent: 2_000))
  }

  @Test(arguments: [0, 1329, -1329])
  func cosineDoesNotDependOnTheScale(exponent: Int) throws {
    let x = scaledGradients([1, 0, 0], exponent: exponent)
    let y = scaledGradients([1, 1, 0], exponent: -2 * exponent)
    let z = scaledGradients([0, 0, 5], exponent: 3 * exponent)
    let cosine = try #require(x.cosine(to: y))
    #expect((cosine - 0.5.squareRoot()).magnitude < 1e-15)
    #expect(x.cosine(to: z) == 0)
    let same = try #require(x.cosine(to: x))
    #expect((same - 1).magnitude < 1e-15)
    #expect(x.cosine(to: scaledGradients([0, 0, 0])) == nil)
    let opposite = x.mapEach { ScaledArray(values: $0.values.map { -$0 }, exponent: $0.exponent) }
    let reversed = try #require(x.cosine(to: opposite))
    #expect((reversed + 1).magnitude < 1e-15)
  }

  // The same in the mantissas: documented as right at any magnitude.
  @Test(arguments: [1e200, 1e-200])
  func cosineDoesNotDependOnTheSizeOfTheMantissas(scale: Double) throws {
    let (x, y) = (scaledGradients([scale, 0]), scaledGradients([scale, scale]))
    let cosine = try #require(x.cosine(to: y))
    #expect((cosine - 0.5.squareRoot()).magnitude < 1e-15)
  }

  // A gradient without a direction has no angle to itself, also where nothing was clipped.
  @Test(
    arguments: [
      GradientClip.none, .globalNorm(100), .value(100), .stepNorm(100), .stepNormExample(100),
    ])
  func anUnclippedGradientHasACosineWhereItHasADirection(clip: GradientClip) {
    func cosine(_ weights: [Double]) -> Double? {
      let result = NetworkBackwardResult(
        loss: 0, gradients: scaledGradients(weights), clippedFraction: 0)
      return ClippedGradients(clip, clipped: result, unclipped: result).cosine
    }
    #expect(cosine([3, -4]) == 1)
    #expect(cosine([1e-300, 0]) == 1)
    #expect(cosine([0, 0]) == nil)
    #expect(cosine([1, .nan]) == nil)
    #expect(cosine([1, .infinity]) == nil)
  }

  @Test func clampingReadsTrueValues() {
    var changed = 0
    let huge = ScaledArray(values: [3.0, -4, 0], exponent: 5_000).clamped(to: 2, changed: &changed)
    #expect(huge.doubles == [2, -2, 0] && changed == 2)
    let tiny = ScaledArray(values: [3.0, -4, 0], exponent: -9).clamped(to: 2, changed: &changed)
    #expect(tiny.doubles == [3 * 0x1p-9, -4 * 0x1p-9, 0] && changed == 2)
    #expect(
      ScaledArray(values: [3.0], exponent: -5_000).clamped(to: 2, changed: &changed).doubles == [0])
    #expect(changed == 2)
  }

  // W = 2: δ_t = 2^{T−t} v, far beyond 10^308; b_ih and b_hh both get Σ_t δ_t ≈ 2^T.
  @Test func anExplodedPassIsClippedToTheMaximum() throws {
    let one = Matrix<Double>(rows: 1, columns: 1, values: [1])
    let cell = LinearCell(
      parameters: RecurrentParameters(
        weightIH: one, weightHH: one.scaled(by: 2), biasIH: [0], biasHH: [0]))
    var pass = SequencePass(
      cell: cell, shape: SequenceShape(steps: 1400, batch: 1, inputSize: 1, hiddenSize: 1),
      inputs: Array(repeating: 0, count: 1400))
    let result = pass.backward(loss: FinalDotLoss(direction: [1]))
    let clipped = ClippedGradients(.globalNorm(3), result)
    let expected = 1400.5 * log10(2.0)
    #expect((clipped.normBefore.log10 - expected).magnitude < 1e-12)
    #expect((clipped.normAfter.double - 3).magnitude < 1e-14)
    let values = ["bias_ih_l0", "bias_hh_l0"].flatMap { clipped.gradients[$0]?.doubles ?? [] }
    let share = 3 / 2.0.squareRoot()
    #expect(difference(values, [share, share], relative: 1e-14) == nil)
    let cosine = try #require(clipped.cosine)
    #expect((cosine - 1).magnitude < 1e-15)
  }
}

/// Gradients of W_hh, b_ih and what else is given, of a network that has one layer.
func scaledGradients(
  _ weightHH: [Double], bias: [Double] = [], exponent: Int = 0, others: [String: ScaledArray<Double>] = [:]
) -> NetworkGradients<Double> {
  NetworkGradients(
    entries: [
      .init(name: "weight_hh_l0", gradient: ScaledArray(values: weightHH, exponent: exponent)),
      .init(name: "bias_ih_l0", gradient: ScaledArray(values: bias, exponent: exponent)),
    ] + others.sorted { $0.key < $1.key }.map { .init(name: $0.key, gradient: $0.value) })
}
