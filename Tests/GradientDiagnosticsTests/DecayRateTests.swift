import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Decay rates")
struct DecayRateTests {
  @Test(arguments: [-0.25, 0.5, -1e-3, 3])
  func exactLineIsFound(rate: Double) throws {
    let fit = try #require(DecayRate(log10Norms: (0..<50).map { 1.5 + rate * Double($0) }))
    // Sums of 50 numbers, each exact to its last bit: 1e-13 of the rate covers cancellation of the
    // mean.
    #expect((fit.rate - rate).magnitude < 1e-13 * max(1, 1 / rate.magnitude) * rate.magnitude)
    let r2 = try #require(fit.r2)
    #expect((r2 - 1).magnitude < 1e-12)
  }

  @Test func halfLifeIsTheStepsOfAHalving() throws {
    let decaying = try #require(DecayRate(log10Norms: [0, -0.1, -0.2]))
    let halfLife = try #require(decaying.halfLife)
    #expect((halfLife - 10 * log10(2)).magnitude < 1e-13)
    let growing = try #require(DecayRate(log10Norms: [0, 0.5, 1]))
    #expect(growing.halfLife == nil)
    let constant = try #require(DecayRate(log10Norms: [1, 1]))
    #expect(constant.halfLife == nil)
  }

  // −∞ is a zero gradient, NaN an unknown one: neither is a point, and lags keep their places.
  @Test func zerosAreLeftOutAndLagsStay() throws {
    let values: [Double] = [0, -1, -.infinity, -3, .nan, -5, -.infinity]
    let fit = try #require(DecayRate(log10Norms: values))
    #expect((fit.rate + 1).magnitude < 1e-14)
    let r2 = try #require(fit.r2)
    #expect((r2 - 1).magnitude < 1e-14)
  }

  @Test func fewerThanTwoPointsAreNoLine() {
    #expect(DecayRate(log10Norms: []) == nil)
    #expect(DecayRate(log10Norms: [-1]) == nil)
    #expect(DecayRate(log10Norms: [-.infinity, -.infinity, .nan]) == nil)
    #expect(DecayRate(log10Norms: [-.infinity, 2, -.infinity]) == nil)
    #expect(DecayRate(log10Norms: [1, 2]) != nil)
  }

  // numpy.polyfit([0, 1, 2, 3], [1, 3, 2, 5], 1)[0] = 1.1; r² = 0.6914285714…
  @Test func scatteredPointsGiveTheLeastSquaresLine() throws {
    let fit = try #require(DecayRate(log10Norms: [1, 3, 2, 5]))
    #expect((fit.rate - 1.1).magnitude < 1e-14)
    let r2 = try #require(fit.r2)
    #expect((r2 - 0.6914285714285714).magnitude < 1e-14)
  }

  @Test func constantNormsHaveNoCoefficientOfDetermination() throws {
    let fit = try #require(DecayRate(log10Norms: [2, 2, 2]))
    #expect(fit.rate == 0 && fit.r2 == nil)
  }
}
