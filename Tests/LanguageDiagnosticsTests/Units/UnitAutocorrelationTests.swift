import Foundation
import LanguageDiagnostics
import TestSupport
import Testing

@Suite("Autocorrelation of units")
struct UnitAutocorrelationTests {
  /// r by its definition, in double precision.
  private static func correlation(_ x: [Double], lag: Int) -> Double {
    let mean = x.reduce(0, +) / Double(x.count)
    let y = x.map { $0 - mean }
    return zip(y.dropFirst(lag), y).reduce(0) { $0 + $1.0 * $1.1 } / y.reduce(0) { $0 + $1 * $1 }
  }

  // The last two lengths have a piece that is just full, and one row more.
  @Test(arguments: [2, 3, 513, 1500, 2048, 2049]) func matchesItsDefinition(length: Int) throws {
    let series = UnitSeries(length: length, units: 4) { t, u in
      [sin(Double(t) / 30), 50 + 0.01 * cos(Double(t * t)), t < 1100 ? 0.2 : 0.9, Double(t)][u]
    }
    let table = try series.autocorrelations(chunk: 100)
    #expect(table.lags == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].filter { $0 < length })
    for u in 0..<4 where Set(series.unit(u)).count > 1 {
      let expected = table.lags.map { Self.correlation(series.unit(u), lag: $0) }
      #expect(difference(table.correlations(ofUnit: u), expected, absolute: 1e-6) == nil, "unit \(u)")
    }
  }

  @Test(arguments: [1, 511, 512, 1024, 3000]) func chunksMakeNoDifference(chunk: Int) throws {
    let series = UnitSeries(length: 3000, times: [1, 30, 500], seed: 2)
    #expect(try series.autocorrelations(chunk: chunk) == series.autocorrelations(chunk: 3000))
  }

  // cos(2πk/P) over whole periods, of which the k/n that have no partner are missing.
  @Test func aSinusoidHasItsCosine() throws {
    let series = UnitSeries(length: 48_000, units: 1) { t, _ in sin(2 * .pi * Double(t) / 96) }
    let table = try series.autocorrelations()
    for (lag, r) in zip(table.lags, table.correlations(ofUnit: 0)) {
      #expect((r - cos(2 * .pi * Double(lag) / 96)).magnitude < Double(lag + 1) / 48_000 + 1e-6)
    }
    // It falls below 1/e at P·acos(1/e)/2π = 18.2, between the lags 16 and 32, where it is 1/2 and −1/2.
    guard case .steps(let time) = table.time(ofUnit: 0) else {
      Issue.record("no time")
      return
    }
    #expect((16...21).contains(time))
  }

  // r(k) = exp(−k/τ): the time is τ, and between lags that are powers of two it is exact.
  @Test func anAutoregressiveUnitHasItsTime() throws {
    let times = [0.8, 3, 10, 47, 150]
    let table = try UnitSeries(length: 400_000, times: times, seed: 9).autocorrelations()
    for (u, expected) in times.enumerated() {
      let time = table.time(ofUnit: u).capped ?? .nan
      // Its relative error is about 2√(τ/n).
      #expect((time / expected - 1).magnitude < 0.02 + 4 * (expected / 400_000).squareRoot(), "\(time)")
    }
  }

  @Test func whatHasNoTimeSaysWhy() throws {
    let series = UnitSeries(length: 4000, units: 3) { t, u in
      [0.3, Double(t), t % 2 == 0 ? 1 : -1][u]
    }
    let table = try series.autocorrelations()
    #expect(table.time(ofUnit: 0) == .undefined && table.time(ofUnit: 0).capped == nil)
    #expect(table.correlations(ofUnit: 0) == Array(repeating: 0, count: 10))
    #expect(table.time(ofUnit: 1) == .beyond(512) && table.time(ofUnit: 1).capped == 512)
    #expect(table.time(ofUnit: 2) == .steps(0))
    // A single value has no lag.
    let one = try UnitSeries(length: 1, units: 1) { _, _ in 1 }.autocorrelations()
    #expect(one.lags.isEmpty && one.time(ofUnit: 0) == .undefined)
    var none = UnitAutocorrelation(units: 2)
    #expect(none.table().time(ofUnit: 1) == .undefined)
  }

  @Test func whatIsNoNumberIsRefused() throws {
    var sums = UnitAutocorrelation(units: 2)
    try sums.add([1, 2, 3, 4])
    #expect(throws: UnitSeriesError.notANumber(value: .infinity, unit: 1, position: 3)) {
      try sums.add([1, 2, 3, .infinity])
    }
    #expect(sums.count == 2)
  }
}
