import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite("Scaled numbers")
struct ScaledNumberTests {
  // mpmath, 400 bits: float(log10(mpf(m)) + e * log10(2))
  @Test(
    arguments: [
      (1.0, 0, 0.0), (1.5, 1, 0.47712125471966244), (1.0, -1, -0.3010299956639812),
      (1.5, -1, -0.12493873660829995),
      (1.0000000000000002, 0, 9.64327466553287e-17), (1.25, 10, 3.1072099696478683),
      (1.75, -33, -9.690951808225085), (1.1, 1023, 307.995078249411),
      (1.3, -1022, -307.53871221628197), (1.7, -5000, -1504.9195293985276),
      (1.00001, 33_219, 9999.915430304714), (1.618033988749895, -100_000, -30102.79057875787),
      (1.2345678901234567, 3_400_000, 1023502.0767725133),
      (1.9999999999999998, -3_400_000, -1023501.6842275404),
      (1.0, 3_400_000, 1023501.985257536), (1.414213562373095, -3_399_999, -1023501.5337125426),
    ] as [(Double, Int, Double)])
  func log10IsExactToOneUlp(mantissa: Double, exponent: Int, expected: Double) {
    #expect(ulps(ScaledNumber(mantissa, exponent: exponent).log10, expected) <= 1)
  }

  // Just below 1, log10 m and log10 2 cancel. The last two are 1 − 2⁻⁵³ and 0.9995.
  @Test(arguments: [
    (0.9999999999999999, -4.821637332766436e-17),
    (0.9995, -0.00021720154586423186),
  ])
  func log10IsExactJustBelowOne(value: Double, expected: Double) {
    #expect(ulps(ScaledNumber(value).log10, expected) <= 1)
  }

  @Test(arguments: [1.0, 0.1, 3e-308, Double.leastNonzeroMagnitude, 1.7e308, 123.456])
  func keepsAPlainNumber(value: Double) {
    let number = ScaledNumber(value)
    #expect((1..<2).contains(number.mantissa))
    #expect(number.double == value)
    #expect(number == ScaledNumber(value / 4, exponent: 2) || value < 1e-307)
    let opposite = ScaledNumber(-value)
    #expect(opposite.magnitude == number && opposite.double == -value)
    #expect(opposite < .zero && opposite < number && (opposite + number).isZero)
    #expect(ScaledNumber(-2 * number.mantissa, exponent: number.exponent) < opposite)
  }

  @Test func oneValueHasOneRepresentation() {
    #expect(ScaledNumber(6, exponent: 10) == ScaledNumber(1.5, exponent: 12))
    #expect(ScaledNumber(0, exponent: 99) == .zero)
    #expect(ScaledNumber(squareRootOf: 0.25, exponent: 3) == ScaledNumber(4))
  }

  @Test func productsAndQuotientsAddExponents() {
    let big = ScaledNumber(1.5, exponent: 2_000_000)
    let small = ScaledNumber(1.25, exponent: -2_000_001)
    #expect(big * small == ScaledNumber(0.9375))
    #expect(big / small == ScaledNumber(1.2, exponent: 4_000_001))
    #expect(big * .zero == .zero)
    #expect((big / .zero).mantissa == .infinity)
    #expect((ScaledNumber.zero / .zero).mantissa.isNaN)
  }

  @Test func sumsAlignExponents() {
    let big = ScaledNumber(1, exponent: 3_000_000)
    #expect(big + big == ScaledNumber(1, exponent: 3_000_001))
    #expect(big + ScaledNumber(1) == big)
    #expect(ScaledNumber(1) + big == big)
    let quarter = ScaledNumber(1.5, exponent: 2_999_998)
    #expect(big + quarter == ScaledNumber(1.375, exponent: 3_000_000))
    #expect(ScaledNumber.zero + big == big)
    #expect(big + .zero == big)
    #expect(ScaledNumber.zero + .zero == .zero)
    #expect((big + ScaledNumber(.infinity)).mantissa == .infinity)
    #expect((big + ScaledNumber(.nan)).mantissa.isNaN)
  }

  @Test func orderIsThatOfTheValues() {
    let ascending = [
      .zero, ScaledNumber(1.9, exponent: -3_000_000), ScaledNumber(1, exponent: -1),
      ScaledNumber(1), ScaledNumber(1.5), ScaledNumber(1.1, exponent: 2_000_000),
      ScaledNumber(.infinity),
    ]
    for i in ascending.indices {
      for j in ascending.indices { #expect((ascending[i] < ascending[j]) == (i < j)) }
    }
    let nan = ScaledNumber(.nan)
    #expect(!(nan < ascending[3]) && !(nan > ascending[3]))
  }

  @Test(arguments: [0, 1, -1, 2, -3, 1001, -3_400_001])
  func squareRootOfASquareIsTheNumber(exponent: Int) {
    let number = ScaledNumber(1.375, exponent: exponent)
    #expect((number * number).squareRoot() == number)
    let two = ScaledNumber(1, exponent: 2 * exponent + 1).squareRoot()
    #expect(two == ScaledNumber(2.0.squareRoot(), exponent: exponent))
  }

  @Test func edgesStayVisible() {
    #expect(ScaledNumber.zero.log10 == -.infinity)
    #expect(ScaledNumber(.infinity).log10 == .infinity)
    #expect(ScaledNumber(.nan).log10.isNaN)
    #expect(ScaledNumber.zero.squareRoot() == .zero)
    #expect(ScaledNumber(.infinity).squareRoot().mantissa == .infinity)
    #expect(ScaledNumber(1, exponent: 5000).double == .infinity)
    #expect(ScaledNumber(1, exponent: -5000).double == 0)
    #expect(ScaledNumber(1, exponent: -1074).double == Double.leastNonzeroMagnitude)
    #expect(!ScaledNumber(.nan).isFinite && !ScaledNumber(.infinity).isFinite)
  }

  @Test func normOfPartsFarOutOfRange() {
    let parts = [ScaledNumber(3, exponent: -900_000), ScaledNumber(4, exponent: -900_000)]
    #expect(ScaledNumber.euclideanNorm(parts) == ScaledNumber(5, exponent: -900_000))
    #expect(ScaledNumber.euclideanNorm([]) == .zero)
  }

  @Test func powersOfTwoLeaveTheRangeQuietly() {
    #expect(powerOfTwo(0) == 1 && powerOfTwo(-1022) == 0x1p-1022 && powerOfTwo(1023) == 0x1p1023)
    #expect(powerOfTwo(-1023) == 0 && powerOfTwo(1024) == .infinity)
  }
}
