import Foundation
import LanguageDiagnostics
import Testing

/// What circular shifts say where the truth is known.
@Suite("Chance of associations")
struct ChanceLevelTests {
  private static let length = 3000

  /// Slow features, drawn for a seed.
  private static func features(_ seed: UInt64) -> [FeatureSeries] {
    [10.0, 40, 160, 640].enumerated().map {
      blocks("f\($0)", length: length, block: $1, seed: 100 * seed + UInt64($0))
    }
  }

  // Units with a memory of up to a thirtieth of the text, independent of slow features. At the level 1/20 the
  // number of 200 draws with anything above chance is binomial: 20 or more have probability 0.003. By the
  // usual test of r, with n independent observations, nearly every draw would have some.
  @Test func slowUnitsAreRarelyAboveChance() throws {
    var draws = (above: 0, byUsualTest: 0)
    for seed in 0..<200 as Range<UInt64> {
      let series = UnitSeries(length: Self.length, times: [5, 20, 50, 100, 100, 100], seed: seed)
      let table = try series.associations(with: Self.features(seed), seed: seed)
      if !UnitRanking(table).associations.isEmpty { draws.above += 1 }
      // |r| √n > 3.3: p < 0.001, of 24 pairs less than 0.024.
      let largest = table.correlations.map(\.magnitude).max()!
      if largest * Double(Self.length).squareRoot() > 3.3 { draws.byUsualTest += 1 }
    }
    #expect((1..<20).contains(draws.above), "\(draws.above) of 200")
    #expect(draws.byUsualTest > 190)
  }

  @Test func whatGoesTogetherIsFound() throws {
    for seed in 0..<20 as Range<UInt64> {
      let features = Self.features(seed)
      var series = UnitSeries(length: Self.length, times: [5, 20, 50, 100, 0, 0], seed: seed)
      // Units 4 and 5 follow the first and second feature, with as much noise and a sign.
      for t in 0..<Self.length {
        series.rows[t * 6 + 4] += 2 * features[0].values[t]
        series.rows[t * 6 + 5] -= 2 * features[1].values[t]
      }
      let ranking = UnitRanking(try series.associations(with: features, seed: seed))
      let first = try #require(ranking.best(ofUnit: 4))
      let second = try #require(ranking.best(ofUnit: 5))
      #expect(first.feature == "f0" && first.correlation > 0.5 && first.probability == 0.05)
      #expect(second.feature == "f1" && second.correlation < -0.5 && second.chanceRatio > 1)
      #expect(ranking.top(1, ofFeature: "f0").first == first)
      #expect(ranking.top(1, ofFeature: "f1").first == second)
    }
  }

  @Test func rankingsAreByShareOfVariance() throws {
    let feature = blocks("a", length: 4000, block: 20, seed: 3)
    let other = blocks("b", length: 4000, block: 20, seed: 4)
    var series = UnitSeries(length: 4000, times: [0, 0, 0, 0], seed: 5)
    for t in 0..<4000 {
      series.rows[t * 4] += 2 * feature.values[t]
      series.rows[t * 4 + 1] -= 6 * feature.values[t] - 3 * other.values[t]
      series.rows[t * 4 + 2] += 4 * feature.values[t]
    }
    let ranking = UnitRanking(try series.associations(with: [feature, other]))
    #expect(ranking.top(9, ofFeature: "a").map(\.unit) == [2, 1, 0])
    #expect(ranking.top(2, ofFeature: "a").map(\.unit) == [2, 1] && ranking.top(0, ofFeature: "a").isEmpty)
    #expect(ranking.top(9, ofFeature: "b").map(\.unit) == [1])
    #expect(ranking.top(9, ofFeature: "c").isEmpty && ranking.best(ofUnit: 3) == nil)
    #expect(ranking.bestOfUnits.map(\.unit) == [2, 1, 0])
    #expect(ranking.bestOfUnits.allSatisfy { $0.feature == "a" })
    #expect(
      zip(ranking.associations, ranking.associations.dropFirst()).allSatisfy { $0.rSquared >= $1.rSquared })
  }

  @Test(arguments: [(19, 1_000_000), (19, 80), (1, 8), (99, 5000)])
  func shiftsKeepTheirDistances(count: Int, length: Int) {
    for seed in 0..<50 as Range<UInt64> {
      let shifts = CircularShifts.drawn(count: count, length: length, seed: seed)
      let places = [0] + shifts + [length]
      let gaps = zip(places.dropFirst(), places).map { $0 - $1 }
      #expect(shifts.count == count && gaps.allSatisfy { $0 >= max(1, length / (4 * (count + 1))) })
      #expect(shifts == CircularShifts.drawn(count: count, length: length, seed: seed))
    }
    #expect(
      CircularShifts.drawn(count: count, length: length, seed: 1)
        != CircularShifts.drawn(count: count, length: length, seed: 2) || length < 10)
  }

  // All gaps have one distribution: none of the places is another kind of place.
  @Test func shiftsAreSpreadEvenly() {
    let draws = 4000
    var sums = [Double](repeating: 0, count: 5)
    for seed in 0..<UInt64(draws) {
      let places = [0] + CircularShifts.drawn(count: 4, length: 1000, distance: 10, seed: seed) + [1000]
      for k in 0..<5 { sums[k] += Double(places[k + 1] - places[k]) }
    }
    // Each gap is 10 + 950·Beta(1, 4): mean 200, deviation 155; of 4,000 the mean is within 4 × 2.5.
    for sum in sums { #expect((sum / Double(draws) - 200).magnitude < 10) }
    #expect(CircularShifts.drawn(count: 3, length: 40, distance: 10, seed: 0) == [10, 20, 30])
  }
}
