import TestSupport
import Testing

/// The comparator of every other test must be able to fail.
@Suite("Closeness") struct ClosenessTests {
  @Test(arguments: [(0, 1e-12), (1e-9, 0), (0.5, 1e300), (0, 0)])
  func whatIsNoNumberAgreesWithNothing(relative: Double, absolute: Double) {
    func differs(_ a: Double, _ b: Double) -> Bool {
      difference([0, a], [0, b], relative: relative, absolute: absolute) != nil
    }
    for value in [Double.nan, .infinity, -.infinity, 0, 1] {
      #expect(differs(.nan, value) && differs(value, .nan))
    }
    for value in [-1, 0, 1e300] {
      #expect(differs(.infinity, value) && differs(value, -.infinity))
    }
    #expect(differs(.infinity, -.infinity))
    #expect(!differs(.infinity, .infinity) && !differs(-.infinity, -.infinity))
  }

  @Test func tellsTheWorstElement() throws {
    let found = try #require(difference([1, 2, 3], [1, 2.2, 3.1], absolute: 0.05))
    #expect(found.hasPrefix("element 1: 2.0 against 2.2"))
    #expect(difference([1, 2], [1.1, 2.1], relative: 0.1) == nil)
    #expect(difference([1], [1, 2]) != nil)
  }
}
