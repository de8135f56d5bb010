import LinearAlgebra
import RecurrentCells
import TestSupport
import Testing

@Suite("Nonlinearities and their derivatives")
struct NonlinearityTests {
  /// tanh, tanh', sigmoid, sigmoid' at a and sigmoid at −a.
  struct Reference: Sendable, CustomStringConvertible {
    var a, tanh, tanhSlope, sigmoid, sigmoidSlope, sigmoidOfMinus: Double
    var description: String { "a = \(a)" }

    init(_ a: Double, _ t: Double, _ dt: Double, _ s: Double, _ ds: Double, _ sm: Double) {
      (self.a, tanh, tanhSlope, sigmoid, sigmoidSlope, sigmoidOfMinus) = (a, t, dt, s, ds, sm)
    }
  }

  // mpmath, 400 bits, rounded to double; every a is exact in double. With q = exp(−2|a|), e =
  // exp(−|a|): tanh' = 4q/(1+q)², sigmoid' = e/(1+e)².
  static let double = [
    Reference(
      1e-5, 9.999999999666668e-06, 0.9999999999, 0.5000025, 0.24999999999375, 0.49999750000000004),
    Reference(
      0.1, 0.09966799462495582, 0.9900662908474398, 0.52497918747894, 0.24937604019289197,
      0.47502081252106),
    Reference(
      0.4999, 0.4620385088524975, 0.7865204163373606, 0.6224358305428664, 0.23500946739927847,
      0.3775641694571335),
    Reference(
      1.3, 0.8617231593133063, 0.257433196703094, 0.7858349830425586, 0.16829836246906021,
      0.2141650169574414),
  ]

  // The same where a is exact in single precision too.
  static let both = [
    Reference(
      0.5, 0.46211715726000974, 0.7864477329659274, 0.6224593312018546, 0.2350037122015945,
      0.37754066879814546),
    Reference(
      0.75, 0.6351489523872873, 0.5965858082813315, 0.679178699175393, 0.21789499376181404,
      0.320821300824607),
    Reference(
      2.5, 0.9866142981514303, 0.02659222668316062, 0.9241418199787564, 0.07010371654510816,
      0.07585818002124355),
    Reference(
      5, 0.9999092042625951, 0.0001815832309438067, 0.9933071490757152, 0.006648056670790155,
      0.0066928509242848554),
    Reference(
      10, 0.9999999958776927, 8.244614455767397e-09, 0.9999546021312976, 4.5395807735951673e-05,
      4.5397868702434395e-05),
    Reference(
      15, 0.9999999999998128, 3.743049187535369e-13, 0.9999996940977731, 3.059021333494523e-07,
      3.059022269256247e-07),
    Reference(
      19.5, 1, 4.6192896692063144e-17, 0.9999999966017322, 3.398267796398623e-09,
      3.398267807946847e-09),
    Reference(
      40, 1, 7.219405551381661e-35, 1, 4.248354255291589e-18, 4.248354255291589e-18),
  ]

  static let saturated = [
    Reference(
      300, 1, 1.0601586212017243e-260, 1, 5.148200222412013e-131, 5.148200222412013e-131)
  ]

  // One exponential, one reciprocal and three products, each rounded once: 5 ulp at most, 6 with
  // the exponential's own.
  static let budget = 6.0

  @Test(arguments: double + both + saturated)
  func doublePrecision(_ reference: Reference) {
    check(Double.self, reference, ulp: Double.ulpOfOne)
  }

  @Test(arguments: both)
  func singlePrecision(_ reference: Reference) {
    check(Float.self, reference, ulp: Double(Float.ulpOfOne))
  }

  private func check<Element: Scalar>(_: Element.Type, _ r: Reference, ulp: Double) {
    let a = Element.array([r.a, -r.a])
    var (h, slope): ([Element], [Element]) = ([0, 0], [0, 0])
    Element.tanhForward(2, a, h: &h, derivative: &slope)
    let tanh = [Double(h[0]), -Double(h[1]), Double(slope[0]), Double(slope[1])]
    for (value, expected) in zip(tanh, [r.tanh, r.tanh, r.tanhSlope, r.tanhSlope]) {
      #expect(ulps(value, expected, ulp: ulp) <= Self.budget, "tanh \(value) for \(expected)")
    }
    Element.sigmoidForward(2, a, s: &h, derivative: &slope)
    let sigmoid = [Double(h[0]), Double(h[1]), Double(slope[0]), Double(slope[1])]
    for (value, expected) in zip(
      sigmoid, [r.sigmoid, r.sigmoidOfMinus, r.sigmoidSlope, r.sigmoidSlope])
    {
      #expect(ulps(value, expected, ulp: ulp) <= Self.budget, "sigmoid \(value) for \(expected)")
    }
  }

  @Test func slopesFarOutAreZeroAndValuesExact() {
    var (h, slope) = ([0.0, 0, 0, 0], [1.0, 1, 1, 1])
    let a = [800, -800, Double.infinity, -Double.infinity]
    Double.tanhForward(4, a, h: &h, derivative: &slope)
    #expect(h == [1, -1, 1, -1] && slope == [0, 0, 0, 0])
    Double.sigmoidForward(4, a, s: &h, derivative: &slope)
    #expect(h == [1, 0, 1, 0] && slope == [0, 0, 0, 0])
  }

  @Test func notANumberStaysNotANumber() {
    var (h, slope) = ([0.0], [0.0])
    Double.tanhForward(1, [.nan], h: &h, derivative: &slope)
    #expect(h[0].isNaN && slope[0].isNaN)
    Double.sigmoidForward(1, [.nan], s: &h, derivative: &slope)
    #expect(h[0].isNaN && slope[0].isNaN)
    Double.reluForward(1, [.nan], h: &h, derivative: &slope)
    #expect(h[0].isNaN)
  }

  @Test func rectifierHasSlopeZeroAtZero() {
    var (h, slope) = ([Float](repeating: 9, count: 5), [Float](repeating: 9, count: 5))
    Float.reluForward(5, [-2, -0.0, 0, 0x1p-149, 3], h: &h, derivative: &slope)
    #expect(h == [0, 0, 0, 0x1p-149, 3] && slope == [0, 0, 0, 1, 1])
  }
}
