import Foundation
import LanguageDiagnostics
import TestSupport
import Testing

@Suite("Associations of units with features")
struct UnitAssociationsTests {
  /// Units of many kinds: slow, fast, constant, of a large mean, constant over the first piece, very small
  /// and large.
  static let series = UnitSeries(length: 5000, units: 8) { t, u in
    let x = Double(t)
    switch u {
    case 0: return sin(x / 300) + 0.3 * cos(x * 1.7)
    case 1: return sin(x * x)
    case 2: return 0.7
    case 3: return 100 + 0.001 * sin(x / 40)
    case 4: return t < 2000 ? 1 : 1 - 1e-3 * cos(x / 9)
    case 5: return 1e-12 * sin(x / 77)
    case 6: return 1e12 * (2 + cos(x / 500))
    default: return t % 7 == 3 ? 1 : 0
    }
  }
  static let features = [
    FeatureSeries(name: "slow", values: (0..<5000).map { $0 / 400 % 2 == 0 ? 1 : 0 }),
    FeatureSeries(name: "none", values: Array(repeating: 3, count: 5000)),
    FeatureSeries(name: "count", values: (0..<5000).map { Float($0 % 61) }),
    FeatureSeries(name: "seventh", values: (0..<5000).map { $0 % 7 == 3 ? 1 : 0 }),
    FeatureSeries(name: "once", values: (0..<5000).map { $0 == 17 ? 1 : 0 }),
  ]

  @Test func correlationsMatchTheirDefinition() throws {
    let table = try Self.series.associations(with: Self.features)
    #expect(table.features == ["slow", "count", "seventh", "once"] && table.constantFeatures == ["none"])
    #expect(table.units == 8 && table.length == 5000 && table.correlations.count == 32)
    for (f, name) in table.features.enumerated() {
      let feature = Self.features.first { $0.name == name }!.values.map(Double.init)
      for u in 0..<8 {
        let (r, expected) = (table.correlation(unit: u, feature: f), pearson(Self.series.unit(u), feature))
        #expect((r - expected).magnitude < 5e-7, "\(name) unit \(u): \(r), \(expected)")
      }
    }
  }

  // Equal products follow each other, whose rounding errors in single precision have one sign.
  @Test func whatStaysTheSameForLongKeepsItsDigits() throws {
    let length = 60_000
    let features = [50.0, 500, 5000].map {
      blocks("every \($0)", length: length, block: $0, seed: UInt64($0))
    }
    let own = (0..<6).map { blocks("own", length: length, block: 3000, seed: UInt64($0)).values }
    let series = UnitSeries(length: length, units: 6) { t, u in
      0.3 + 0.37 * (Double(u) / 5 + 0.013) * Double(features[u % 3].values[t]) + 0.77 * Double(own[u][t])
    }
    let table = try series.associations(with: features)
    for (f, feature) in features.enumerated() {
      for u in 0..<6 {
        let expected = pearson(series.unit(u), feature.values.map(Double.init))
        #expect((table.correlation(unit: u, feature: f) - expected).magnitude < 5e-7)
      }
    }
  }

  // Chance by its definition, with the features moved by the shifts that were drawn.
  @Test func chanceMatchesItsDefinition() throws {
    let table = try Self.series.associations(with: Self.features, shiftCount: 9, seed: 5)
    var largest: [[Double]] = []
    for shift in [0] + table.shifts {
      largest.append(
        table.features.map { name in
          let values = Self.features.first { $0.name == name }!.values.map(Double.init)
          let moved = Array(values[shift...] + values[..<shift])
          return (0..<8).map { pow(pearson(Self.series.unit($0), moved), 2) }.max()!
        })
    }
    let levels = table.features.indices.map { f -> Double in
      let sorted = largest.map { $0[f] }.sorted()
      return (sorted[4] + sorted[5]) / 2
    }
    #expect(difference(table.chanceLevels, levels, relative: 1e-4, absolute: 1e-8) == nil)
    let ratios = largest.dropFirst().map { row in zip(row, levels).map { $0 / $1 }.max()! }.sorted()
    #expect(difference(table.chanceRatios, ratios, relative: 1e-3) == nil)
    #expect(table.level == 0.1)
    for f in table.features.indices {
      for u in 0..<8 {
        let ratio = table.chanceRatio(unit: u, feature: f)
        let r = table.correlation(unit: u, feature: f)
        #expect((ratio * table.chanceLevels[f] - r * r).magnitude < 1e-12)
        let p = Double(1 + table.chanceRatios.count { $0 >= ratio }) / 10
        #expect(table.probability(unit: u, feature: f) == p)
        #expect(table.isAboveChance(unit: u, feature: f) == (p == 0.1))
        #expect(table.isAboveChance(unit: u, feature: f) == (r * r > table.threshold(feature: f)))
      }
    }
  }

  // φ and ψ are orthogonal: r² of φ + ψ with φ is 1/2, of φ + 2ψ 1/5.
  @Test func knownSharesOfVariance() throws {
    let phi = { (t: Int) in t / 2 % 2 == 0 ? 1.0 : -1 }
    let psi = { (t: Int) in t % 2 == 0 ? 1.0 : -1 }
    let series = UnitSeries(length: 4000, units: 5) { t, u in
      [phi(t), -3 * phi(t) + 7, phi(t) + psi(t), phi(t) + 2 * psi(t), psi(t)][u]
    }
    let feature = FeatureSeries(name: "phi", values: (0..<4000).map { phi($0) > 0 ? 1 : 0 })
    let table = try series.associations(with: [feature])
    let expected = [1, -1, 0.5.squareRoot(), 0.2.squareRoot(), 0]
    #expect(difference(table.correlations, expected, absolute: 1e-7) == nil)
  }

  @Test(arguments: [1, 7, 1023, 1024, 1025, 4096, 5000]) func chunksMakeNoDifference(chunk: Int) throws {
    let whole = try Self.series.associations(with: Self.features, chunk: 5000)
    #expect(try Self.series.associations(with: Self.features, chunk: chunk) == whole)
  }

  @Test func aUnitThatDoesNotVaryGoesWithNothing() throws {
    let table = try Self.series.associations(with: Self.features)
    for f in table.features.indices {
      #expect(table.correlation(unit: 2, feature: f) == 0 && table.probability(unit: 2, feature: f) == 1)
      #expect(!table.isAboveChance(unit: 2, feature: f))
    }
    // Nor do such units alone, or features alone, make anything NaN.
    let constant = UnitSeries(length: 200, units: 2) { _, u in Double(u) / 3 }
    let feature = FeatureSeries(name: "a", values: (0..<200).map { Float($0 % 9) })
    let none = try constant.associations(with: [feature])
    #expect(none.correlations == [0, 0] && none.chanceRatios == Array(repeating: 0, count: 19))
    #expect(UnitRanking(none).associations.isEmpty)
    let empty = try constant.associations(with: [
      FeatureSeries(name: "b", values: Array(repeating: 1, count: 200))
    ])
    #expect(empty.features.isEmpty && empty.constantFeatures == ["b"] && empty.correlations.isEmpty)
    #expect(UnitRanking(empty).associations.isEmpty)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, 2e30])
  func whatIsNoNumberIsRefusedWithItsPlace(value: Float) throws {
    let series = Self.series
    var sums = try UnitAssociations(units: 8, length: 5000, features: Self.features)
    try sums.add(Array(series.rows[..<8000]), at: 0)
    var bad = Array(series.rows[8000...])
    bad[8 * 30 + 5] = value
    let error = #expect(throws: UnitSeriesError.self) { try sums.add(bad, at: 1000) }
    #expect(error?.description.contains("unit 5 has the value \(value) at character 1030") == true)
    // Nothing of the chunk was added.
    #expect(sums.count == 1000)
    try sums.add(Array(series.rows[8000...]), at: 1000)
    #expect(try sums.table() == series.associations(with: Self.features))
  }

  @Test func whatCannotBeSaidIsAnError() {
    let short = UnitSeriesError.textTooShort(characters: 79, needed: 80)
    #expect(throws: short) {
      _ = try UnitSeries(length: 79, units: 1) { t, _ in Double(t) }.associations(with: [])
    }
    #expect(short.description.contains("79 characters") && short.description.contains("80"))
    let feature = FeatureSeries(name: "a", values: (0..<100).map { $0 == 60 ? .nan : Float($0) })
    #expect(throws: UnitSeriesError.featureNotFinite(name: "a", position: 60)) {
      _ = try UnitSeries(length: 100, units: 1) { t, _ in Double(t) }.associations(with: [feature])
    }
  }
}
