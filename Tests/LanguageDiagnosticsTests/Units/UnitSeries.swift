import Foundation
import LanguageDiagnostics
import LinearAlgebra

/// Series of units [n, U], row-major, and what they are compared with.
struct UnitSeries {
  let length: Int, units: Int
  var rows: [Float]

  init(length: Int, units: Int, value: (Int, Int) -> Double) {
    (self.length, self.units) = (length, units)
    rows = (0..<length * units).map { Float(value($0 / units, $0 % units)) }
  }

  /// Stationary x_t = a x_{t−1} + √(1 − a²) ε_t, a = exp(−1/τ), with one τ for each unit.
  init(length: Int, times: [Double], seed: UInt64) {
    let columns = times.enumerated().map { unit, time -> [Double] in
      var stream = RandomStream(rootSeed: seed, trialSeed: UInt64(unit), purpose: .other(1))
      let a = time == 0 ? 0 : exp(-1 / time)
      var x = stream.normal()
      return stream.normals(length).map { noise in
        x = a * x + (1 - a * a).squareRoot() * noise
        return x
      }
    }
    self.init(length: length, units: times.count) { t, u in columns[u][t] }
  }

  /// The values of a unit.
  func unit(_ u: Int) -> [Double] { (0..<length).map { Double(rows[$0 * units + u]) } }

  /// The table of associations, from chunks of so many rows.
  func associations(
    with features: [FeatureSeries], chunk: Int = 1000, shiftCount: Int = 19, seed: UInt64 = 0
  ) throws -> AssociationTable {
    var sums = try UnitAssociations(
      units: units, length: length, features: features, shiftCount: shiftCount, seed: seed)
    for first in stride(from: 0, to: length, by: chunk) {
      try sums.add(Array(rows[first * units..<min(length, first + chunk) * units]), at: first)
    }
    return sums.table()
  }

  /// The autocorrelations, from chunks of so many rows.
  func autocorrelations(chunk: Int = 1000) throws -> AutocorrelationTable {
    var sums = UnitAutocorrelation(units: units)
    for first in stride(from: 0, to: length, by: chunk) {
      try sums.add(Array(rows[first * units..<min(length, first + chunk) * units]))
    }
    return sums.table()
  }
}

/// A feature that changes between 0 and 1 at random, about every `block` characters.
func blocks(_ name: String, length: Int, block: Double, seed: UInt64) -> FeatureSeries {
  var stream = RandomStream(rootSeed: seed, trialSeed: 0, purpose: .other(2))
  var value: Float = 0
  return FeatureSeries(
    name: name,
    values: (0..<length).map { _ in
      if stream.uniform() * block < 1 { value = 1 - value }
      return value
    })
}

/// Pearson's r in double precision, by its definition; 0 of a constant.
func pearson(_ x: [Double], _ y: [Double]) -> Double {
  let n = Double(x.count)
  let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (a, b) in zip(x, y) {
    xx += (a - mx) * (a - mx)
    yy += (b - my) * (b - my)
    xy += (a - mx) * (b - my)
  }
  return xx == 0 || yy == 0 ? 0 : xy / (xx * yy).squareRoot()
}
