import Foundation
import GradientFlow
import Testing

@Suite("Horizon of the gradient")
struct GradientHorizonTests {
  @Test func isTheFirstLagBelowEachLevel() throws {
    let horizon = try #require(GradientHorizon(log10Norms: [2, 1.8, 1.65, 1.4, -3, -4, 1.9]))
    #expect(horizon.half == 2)  // 2 − 0.301
    #expect(horizon.inverseE == 3)  // 2 − 0.434
    #expect(horizon.millionth == 5)
    #expect(horizon.shareAbove1e20 == 1)
    let close = try #require(GradientHorizon(log10Norms: [0, -0.31, -0.43, -0.44]))
    // The last one is above half again.
    #expect(!horizon.staysBelowHalf && close.staysBelowHalf)
    #expect(close.half == 1 && close.inverseE == 3 && close.millionth == nil)
  }

  // A norm that halves exactly is at half, however its logarithms are rounded.
  @Test func halvingReachesHalfAtTheFirstLag() {
    for power in [-40_000, -3_000, -7, 0, 5, 2_000] {
      for start in [1, 1.1, 3, 5, 7, 1.9] {
        let norms = (0...25).map { ScaledNumber(start, exponent: power - $0).log10 }
        let horizon = GradientHorizon(log10Norms: norms)
        #expect(horizon?.half == 1, "\(start) · 2^\(power)")
        // 2^−19 is above 1e-6, 2^−20 below.
        #expect(horizon?.inverseE == 2 && horizon?.millionth == 20)
      }
    }
  }

  @Test func zerosAreBelowEveryLevel() throws {
    let horizon = try #require(GradientHorizon(log10Norms: [-500, -500, -.infinity, -500]))
    #expect(horizon.half == 2 && horizon.inverseE == 2 && horizon.millionth == 2)
    #expect(horizon.shareAbove1e20 == 0.75)
  }

  @Test func aGradientThatGrowsNeverFalls() throws {
    let horizon = try #require(GradientHorizon(log10Norms: [0, 1, 400]))
    #expect(horizon.half == nil && horizon.inverseE == nil && horizon.millionth == nil)
    #expect(horizon.shareAbove1e20 == 1)
    let short = try #require(GradientHorizon(log10Norms: [-3.5]))
    #expect(short.half == nil && short.shareAbove1e20 == 1)
  }

  @Test func theShareCountsStepsStrictlyAbove() throws {
    let horizon = try #require(GradientHorizon(log10Norms: [1, -18.9, -19, -19.1, -50]))
    #expect(horizon.shareAbove1e20 == 0.4)
  }

  @Test(arguments: [[], [-.infinity, 0], [.nan, 0], [.infinity]] as [[Double]])
  func nothingToStartFromIsNoHorizon(norms: [Double]) {
    #expect(GradientHorizon(log10Norms: norms) == nil)
  }
}
