import LanguageDiagnostics
import Testing

@Suite("Saturation of gates")
struct GateSaturationTests {
  @Test func sharesAreOfTheValuesBeyondTheBounds() throws {
    // Both bounds are exclusive, in single precision.
    let rows: [[Float]] = [
      [0, 0.1, 0.9, 1], [0.05, GateSaturation.low.nextDown, GateSaturation.high.nextUp, 0.95],
      [0.5, 0.2, 0.5, 0.99], [0.01, 0.3, 0.8, 0.2],
    ]
    var gates = GateSaturation(units: 4)
    for row in rows { try gates.add(row) }
    #expect(gates.lowShares == [0.75, 0.25, 0, 0] && gates.highShares == [0, 0, 0.25, 0.75])
    #expect(gates.count == 4)
    // As one chunk, and with empty ones.
    var whole = GateSaturation(units: 4)
    try whole.add([])
    try whole.add(Array(rows.joined()))
    #expect(whole.lowShares == gates.lowShares && whole.highShares == gates.highShares)
  }

  @Test(arguments: [-0.001, 1.001, .infinity, -.infinity] as [Float]) func whatIsNoGateIsRefused(value: Float)
    throws
  {
    var gates = GateSaturation(units: 2)
    try gates.add([0.5, 0.05])
    #expect(throws: UnitSeriesError.notAGate(value: value, unit: 0, position: 2)) {
      try gates.add([0.5, 0.5, value, 0.5])
    }
    #expect(throws: UnitSeriesError.self) { try gates.add([.nan, 0]) }
    // Nothing was added.
    #expect(gates.count == 1 && gates.lowShares == [0, 1])
  }

  @Test func beforeThereIsAnyThereIsNoShare() {
    #expect(GateSaturation(units: 1).lowShares[0].isNaN)
  }
}
