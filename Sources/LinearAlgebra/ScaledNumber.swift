import CNumericKernels
import Foundation

/// A real number `mantissa · 2^exponent` whose exponent is an integer of its own, so that
/// 1e-1000000 and 1e+1000000 are as exact as 1.
///
/// The magnitude of the mantissa is in [1, 2), or the mantissa is 0 for an exact zero; every value has one
/// representation, hence one ``log10``. NaN and infinity stay in the mantissa and are visible as such. Sums and products
/// are rounded as those of `Double`.
public struct ScaledNumber: Sendable, Equatable, BitwiseCopyable {
  /// In [1, 2) with a sign; 0 for zero; NaN or infinity where the computation met one.
  public let mantissa: Double
  /// Power of two.
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

  /// `√square · 2^exponent`.
  public init(squareRootOf square: Double, exponent: Int = 0) {
    self.init(square.squareRoot(), exponent: exponent)
  }

  /// Exactly zero.
  public static let zero = ScaledNumber(0)

  /// Whether the number is exactly zero.
  @inlinable public var isZero: Bool { mantissa == 0 }
  /// Whether the number is finite, however large.
  @inlinable public var isFinite: Bool { mantissa.isFinite }
  /// |x|.
  @inlinable public var magnitude: ScaledNumber {
    ScaledNumber(mantissa: mantissa.magnitude, power: exponent)
  }

  /// log10 of |x|; −∞ for an exact zero, NaN for NaN.
  ///
  ///     log10 (m 2^e) = log10 m + e log10 2
  ///
  /// Within 2 ulp, whatever the exponent.
  public var log10: Double {
    var (norm, power, result) = (mantissa.magnitude, exponent, 0.0)
    gf_log10_scaled(1, &norm, &power, &result)
    return result
  }

  /// The number as a `Double`: 0 below its range, ±∞ above it.
  public var double: Double { scaled(by: 0) }

  /// x · 2^power as a `Double`: 0 below its range, ±∞ above it.
  public func scaled(by power: Int) -> Double {
    guard mantissa.isFinite, mantissa != 0 else { return mantissa }
    return scalbn(mantissa, max(-3000, min(3000, exponent + power)))
  }

  @inlinable @inline(__always)
  public static func * (a: ScaledNumber, b: ScaledNumber) -> ScaledNumber {
    ScaledNumber(a.mantissa * b.mantissa, exponent: a.exponent + b.exponent)
  }

  @inlinable @inline(__always)
  public static func * (a: ScaledNumber, b: Double) -> ScaledNumber { a * ScaledNumber(b) }

  @inlinable @inline(__always)
  public static func / (a: ScaledNumber, b: ScaledNumber) -> ScaledNumber {
    ScaledNumber(a.mantissa / b.mantissa, exponent: a.exponent - b.exponent)
  }

  @inlinable @inline(__always)
  public static func + (a: ScaledNumber, b: ScaledNumber) -> ScaledNumber {
    if b.isZero { return a }
    if a.isZero { return b }
    guard a.isFinite, b.isFinite else { return ScaledNumber(a.mantissa + b.mantissa) }
    let apart = a.exponent - b.exponent
    // Further apart, the smaller one is below half an ulp.
    if apart > 100 { return a }
    if apart < -100 { return b }
    return ScaledNumber(a.mantissa * powerOfTwo(apart) + b.mantissa, exponent: b.exponent)
  }

  @inlinable @inline(__always)
  public static func += (a: inout ScaledNumber, b: ScaledNumber) { a = a + b }

  /// √x.
  public func squareRoot() -> ScaledNumber {
    // An odd exponent gives one factor of two to the mantissa.
    let odd = exponent & 1
    return ScaledNumber((odd == 1 ? 2 * mantissa : mantissa).squareRoot(), exponent: (exponent - odd) / 2)
  }

  /// √(Σ x²): the norm of a vector given by the norms of its parts.
  public static func euclideanNorm(_ parts: [ScaledNumber]) -> ScaledNumber {
    parts.reduce(.zero) { $0 + $1 * $1 }.squareRoot()
  }
}

extension ScaledNumber: Comparable {
  public static func < (a: ScaledNumber, b: ScaledNumber) -> Bool {
    let areOrdinary = a.isFinite && b.isFinite && !a.isZero && !b.isZero
    guard areOrdinary, a.exponent != b.exponent, (a.mantissa < 0) == (b.mantissa < 0) else {
      return a.mantissa < b.mantissa
    }
    return (a.exponent < b.exponent) != (a.mantissa < 0)
  }
}

/// 2^exponent as a `Double`, 0 below the range and +∞ above it.
@inlinable
public func powerOfTwo(_ exponent: Int) -> Double {
  if exponent >= -1022 && exponent <= 1023 {
    return Double(bitPattern: UInt64(exponent + 1023) << 52)
  }
  return exponent < 0 ? 0 : .infinity
}
