import Foundation

// Exponentials and what saturating units are made of. A derivative below 2^−10¹² counts as 0: exponents of products over
// millions of steps have to fit into an integer.
extension ScaledNumber {
  /// e^x for x ≤ 0; its logarithm is right to 2⁻⁵² relative, however small it is.
  public static func exponential(_ x: Double) -> ScaledNumber {
    if x.isNaN { return ScaledNumber(x) }
    guard x > -0x1p39 else { return .zero }
    let n = (x * 0x1.71547652b82fep0).rounded()
    // n ln 2 in two parts, the first with enough trailing zeros to be exact.
    let r = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33
    return ScaledNumber(exp(r), exponent: Int(n))
  }

  /// 1/(1 + e^−a).
  public static func sigmoid(_ a: Double) -> ScaledNumber { sigmoids(a).0 }

  /// σ(a) and 1 − σ(a).
  public static func sigmoids(_ a: Double) -> (ScaledNumber, ScaledNumber) {
    let e = exponential(-a.magnitude)
    let large = ScaledNumber(1 / (1 + e.double))
    let small = e * large
    return a < 0 ? (small, large) : (large, small)
  }

  /// σ′(a) = e^−|a| / (1 + e^−|a|)².
  public static func sigmoidDerivative(_ a: Double) -> ScaledNumber {
    let e = exponential(-a.magnitude)
    let d = 1 + e.double
    return e * (1 / (d * d))
  }

  /// h − tanh a = (h ∓ 1) ± (1 − tanh |a|): of a saturated tanh the difference from 1 has digits of its own.
  public static func difference(_ h: Double, tanhOf a: Double) -> ScaledNumber {
    let limit = a < 0 ? -1.0 : 1
    return ScaledNumber(h - limit) + tanhComplement(a) * limit
  }

  /// h − tanh a, for h whose 1 − |h| is known to more digits than h has.
  public static func difference(_ h: Double, complement: ScaledNumber, tanhOf a: Double) -> ScaledNumber {
    guard (h < 0) == (a < 0) else { return ScaledNumber(h - tanh(a)) }
    let apart = tanhComplement(a) + complement * -1
    return a < 0 ? apart * -1 : apart
  }

  /// 1 − tanh |a| = 2 e^−2|a| / (1 + e^−2|a|).
  public static func tanhComplement(_ a: Double) -> ScaledNumber {
    let e = exponential(-2 * a.magnitude)
    return e * (2 / (1 + e.double))
  }

  /// tanh′(a) = 4 e^−2|a| / (1 + e^−2|a|)².
  public static func tanhDerivative(_ a: Double) -> ScaledNumber {
    let e = exponential(-2 * a.magnitude)
    let d = 1 + e.double
    return e * (4 / (d * d))
  }
}
