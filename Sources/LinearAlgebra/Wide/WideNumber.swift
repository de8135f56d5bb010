import Foundation

/// A real number `mantissa · 2^exponent` of any size and either sign: what ``ScaledNumber`` is to norms, for single
/// components, derivatives and their products.
///
/// The magnitude of the mantissa is in [1, 2), or the mantissa is 0. NaN and infinity stay in the mantissa. Sums and
/// products are rounded as those of `Double`.
public struct WideNumber: Sendable, Equatable, BitwiseCopyable {
  public let mantissa: Double
  public let exponent: Int

  /// `value · 2^exponent`, brought to the one representation.
  @inlinable @inline(__always)
  public init(_ value: Double, exponent: Int = 0) {
    let bits = value.bitPattern
    let field = Int(bits >> 52 & 0x7ff)
    if field != 0 && field != 0x7ff {
      mantissa = Double(bitPattern: bits & ~(0x7ff << 52) | 1023 << 52)
      self.exponent = exponent + field - 1023
    } else {
      (mantissa, self.exponent) = Self.special(value, exponent)
    }
  }

  /// Zero, a denormal number, or none.
  @usableFromInline
  static func special(_ value: Double, _ exponent: Int) -> (Double, Int) {
    guard value.isFinite, value != 0 else { return (value, 0) }
    return (Double(signOf: value, magnitudeOf: value.significand), exponent + Int(value.exponent))
  }

  /// What is in the one representation already.
  @inlinable @inline(__always)
  init(mantissa: Double, power: Int) {
    self.mantissa = mantissa
    exponent = power
  }

  /// Exactly zero.
  public static let zero = WideNumber(0)
  /// Whether the number is exactly zero.
  @inlinable public var isZero: Bool { mantissa == 0 }
  /// |x|.
  public var magnitude: ScaledNumber { ScaledNumber(mantissa, exponent: exponent) }
  /// The number as a `Double`: 0 below its range, ±∞ above it.
  public var double: Double { scaled(by: 0) }

  /// x · 2^power as a `Double`: 0 below its range, ±∞ above it.
  public func scaled(by power: Int) -> Double {
    guard mantissa.isFinite, mantissa != 0 else { return mantissa }
    return scalbn(mantissa, max(-3000, min(3000, exponent + power)))
  }

  @inlinable @inline(__always)
  public static func * (a: WideNumber, b: WideNumber) -> WideNumber {
    WideNumber(a.mantissa * b.mantissa, exponent: a.exponent + b.exponent)
  }

  @inlinable @inline(__always)
  public static func / (a: WideNumber, b: WideNumber) -> WideNumber {
    WideNumber(a.mantissa / b.mantissa, exponent: a.exponent - b.exponent)
  }

  /// Whether |a| > |b|.
  public func exceeds(_ other: WideNumber) -> Bool { magnitude > other.magnitude }

  @inlinable @inline(__always)
  public static func * (a: WideNumber, b: Double) -> WideNumber { a * WideNumber(b) }

  @inlinable @inline(__always)
  public static func + (a: WideNumber, b: WideNumber) -> WideNumber {
    if b.isZero { return a }
    if a.isZero { return b }
    guard a.mantissa.isFinite, b.mantissa.isFinite else { return WideNumber(a.mantissa + b.mantissa) }
    let apart = a.exponent - b.exponent
    // Further apart, the smaller one is below half an ulp.
    if apart > 100 { return a }
    if apart < -100 { return b }
    return WideNumber(a.mantissa * powerOfTwo(apart) + b.mantissa, exponent: b.exponent)
  }

  @inlinable @inline(__always)
  public static func += (a: inout WideNumber, b: WideNumber) { a = a + b }
}

// Exponentials and what saturating units are made of. A derivative below 2^−10¹² counts as 0: exponents of products over
// millions of steps have to fit into an integer.
extension WideNumber {
  /// e^x for x ≤ 0; its logarithm is right to 2⁻⁵² relative, however small it is.
  public static func exponential(_ x: Double) -> WideNumber {
    if x.isNaN { return WideNumber(x) }
    guard x > -0x1p39 else { return .zero }
    let n = (x * 0x1.71547652b82fep0).rounded()
    // n ln 2 in two parts, the first with enough trailing zeros to be exact.
    let r = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33
    return WideNumber(exp(r), exponent: Int(n))
  }

  /// 1/(1 + e^−a).
  public static func sigmoid(_ a: Double) -> WideNumber { sigmoids(a).0 }

  /// σ(a) and 1 − σ(a).
  public static func sigmoids(_ a: Double) -> (WideNumber, WideNumber) {
    let e = exponential(-a.magnitude)
    let large = WideNumber(1 / (1 + e.double))
    let small = e * large
    return a < 0 ? (small, large) : (large, small)
  }

  /// σ′(a) = e^−|a| / (1 + e^−|a|)².
  public static func sigmoidDerivative(_ a: Double) -> WideNumber {
    let e = exponential(-a.magnitude)
    let d = 1 + e.double
    return e * (1 / (d * d))
  }

  /// h − tanh a = (h ∓ 1) ± (1 − tanh |a|): of a saturated tanh the difference from 1 has digits of its own.
  public static func difference(_ h: Double, tanhOf a: Double) -> WideNumber {
    let limit = a < 0 ? -1.0 : 1
    return WideNumber(h - limit) + tanhComplement(a) * limit
  }

  /// h − tanh a, for h whose 1 − |h| is known to more digits than h has.
  public static func difference(_ h: Double, complement: WideNumber, tanhOf a: Double) -> WideNumber {
    guard (h < 0) == (a < 0) else { return WideNumber(h - tanh(a)) }
    let apart = tanhComplement(a) + complement * -1
    return a < 0 ? apart * -1 : apart
  }

  /// 1 − tanh |a| = 2 e^−2|a| / (1 + e^−2|a|).
  public static func tanhComplement(_ a: Double) -> WideNumber {
    let e = exponential(-2 * a.magnitude)
    return e * (2 / (1 + e.double))
  }

  /// tanh′(a) = 4 e^−2|a| / (1 + e^−2|a|)².
  public static func tanhDerivative(_ a: Double) -> WideNumber {
    let e = exponential(-2 * a.magnitude)
    let d = 1 + e.double
    return e * (4 / (d * d))
  }
}
