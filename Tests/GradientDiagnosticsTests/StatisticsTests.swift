import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Intervals and quantiles")
struct StatisticsTests {
  // scipy 1.17: scipy.stats.t.ppf(0.5 + confidence / 2, df)
  @Test(
    arguments: [
      (1, 0.5, 1.0), (1, 0.9, 6.313751514675037), (1, 0.95, 12.706204736174694),
      (1, 0.99, 63.656741162871526), (2, 0.5, 0.8164965809277261), (2, 0.9, 2.9199855803537242),
      (2, 0.95, 4.302652729749462), (2, 0.99, 9.924843200918287), (9, 0.5, 0.7027221467513264),
      (9, 0.9, 1.833112932656237), (9, 0.95, 2.262157162798205), (9, 0.99, 3.249835541592126),
      (30, 0.5, 0.6827556933212927), (30, 0.9, 1.697260886593957),
      (30, 0.95, 2.0422724563012378), (30, 0.99, 2.7499956535672254),
      (1000, 0.5, 0.6747351646070093), (1000, 0.9, 1.6463788172854643),
      (1000, 0.95, 1.9623390808264083), (1000, 0.99, 2.580754698065951),
    ] as [(Int, Double, Double)])
  func studentQuantilesMatchTables(df: Int, confidence: Double, expected: Double) {
    let t = StudentT.twoSidedQuantile(confidence: confidence, degreesOfFreedom: df)
    // The documented error.
    #expect((t - expected).magnitude < 1e-10 * expected)
    #expect((StudentT.probabilityBeyond(expected, df) - (1 - confidence)).magnitude < 1e-11)
  }

  // One and two degrees of freedom have closed forms: 1 − (2/π) atan t and 1 − t/√(2 + t²).
  @Test(arguments: [0.0, 1e-3, 0.5, 3, 40])
  func tailsMatchClosedForms(t: Double) {
    let two = 1 - t / (2 + t * t).squareRoot()
    #expect((StudentT.probabilityBeyond(t, 2) - two).magnitude < 1e-12)
    #expect((StudentT.probabilityBeyond(t, 1) - (1 - 2 / .pi * atan(t))).magnitude < 1e-12)
    #expect(StudentT.probabilityBeyond(0, 7) == 1)
  }

  // numpy: a.mean(), scipy.stats.t.ppf(.975, 4) * scipy.stats.sem(a), and .995
  @Test func meanIntervalMatchesSciPy() throws {
    let values = [1.5, 2.25, -0.5, 4, 3.125]
    let interval = try #require(MeanInterval(values))
    #expect(interval.count == 5)
    #expect((interval.mean - 2.075).magnitude < 1e-15)
    let halfWidth = try #require(interval.halfWidth)
    #expect((halfWidth - 2.1326279513980637).magnitude < 1e-9)
    let wide = try #require(MeanInterval(values, confidence: 0.99))
    let wideHalfWidth = try #require(wide.halfWidth)
    #expect((wideHalfWidth - 3.5364723743853657).magnitude < 1e-9)
  }

  @Test func intervalsOfFewValues() throws {
    #expect(MeanInterval([]) == nil)
    let one = try #require(MeanInterval([3]))
    #expect(one.mean == 3 && one.halfWidth == nil && one.count == 1)
    let interval3 = try #require(MeanInterval([3, 3]))
    #expect(interval3.halfWidth == 0)
  }

  // numpy: [float(np.quantile(a, q)) for q in (0, .1, .25, .5, .6, .9, 1)]
  @Test func quantilesMatchNumPy() {
    let odd = [0, 0.1, 0.25, 0.5, 0.6, 0.9, 1].map { quantile([3.5, -1, 2, 10, 7.25], $0) ?? .nan }
    #expect(difference(odd, [-1, 0.2, 2, 3.5, 5, 8.9, 10], absolute: 1e-14) == nil)
    let even = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1].map { quantile([4, 1, 3, 2], $0) ?? .nan }
    #expect(difference(even, [1, 1.3, 1.75, 2.5, 3.25, 3.7, 4], absolute: 1e-14) == nil)
  }

  @Test func quantilesOfFewValues() {
    #expect(quantile([], 0.5) == nil)
    #expect(quantile([.nan], 0.5) == nil)
    for p in [0, 0.3, 1] { #expect(quantile([7], p) == 7) }
    #expect(quantile([.nan, 2, .nan, 4], 0.5) == 3)
  }

  @Test func infinitiesSortAsNumbers() {
    #expect(quantile([-.infinity, 1, 2], 0.5) == 1)
    #expect(quantile([-.infinity, -.infinity, 2], 0.25) == -.infinity)
    #expect(quantile([1, .infinity], 0.5) == .infinity)
    #expect(quantile([1, 2, .infinity], 1) == .infinity)
  }

  // Documented: interpolation towards an infinity gives it.
  @Test func interpolationFromMinusInfinityGivesIt() {
    #expect(quantile([-.infinity, 1], 0.5) == -.infinity)
    #expect(quantile([-.infinity, 1, 2, 3], 0.1) == -.infinity)
  }
}
