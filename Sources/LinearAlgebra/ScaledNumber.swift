import CNumericKernels

/// A non-negative real number `mantissa · 2^exponent` whose exponent is an integer of its own, so that
/// 1e-1000000 and 1e+1000000 are as exact as 1.
///
/// The mantissa is in [1, 2), or 0 for an exact zero; every value has one representation, hence one
/// ``log10``. NaN and infinity stay in the mantissa and are visible as such.
public struct ScaledNumber: Sendable, Equatable, BitwiseCopyable {
  /// In [1, 2); 0 for zero; NaN or infinity where the computation met one.
  public let mantissa: Double
  /// Power of two.
  public let exponent: Int

  /// `value · 2^exponent`, brought to the one representation.
  public init(_ value: Double, exponent: Int = 0) {
    guard value.isFinite, value != 0 else {
      mantissa = value.magnitude
      self.exponent = 0
      return
    }
    mantissa = value.significand
    self.exponent = exponent + Int(value.exponent)
  }

  /// `√square · 2^exponent`.
  public init(squareRootOf square: Double, exponent: Int = 0) {
    self.init(square.squareRoot(), exponent: exponent)
  }

  /// Exactly zero.
  public static let zero = ScaledNumber(0)

  /// Whether the number is exactly zero.
  public var isZero: Bool { mantissa == 0 }
  /// Whether the number is finite, however large.
  public var isFinite: Bool { mantissa.isFinite }

  /// log10 of the number; −∞ for an exact zero, NaN for NaN.
  ///
  ///     log10 (m 2^e) = log10 m + e log10 2
  ///
  /// Within 2 ulp, whatever the exponent.
  public var log10: Double {
    var (norm, power, result) = (mantissa, exponent, 0.0)
    gf_log10_scaled(1, &norm, &power, &result)
    return result
  }

  /// The number as a `Double`: 0 below its range, +∞ above it.
  public var double: Double {
    guard mantissa.isFinite, mantissa != 0 else { return mantissa }
    return Double(sign: .plus, exponent: max(-2000, min(2000, exponent)), significand: mantissa)
  }

  /// Product of two scaled numbers.
  public static func * (a: ScaledNumber, b: ScaledNumber) -> ScaledNumber {
    ScaledNumber(a.mantissa * b.mantissa, exponent: a.exponent + b.exponent)
  }

  /// Quotient of two scaled numbers.
  public static func / (a: ScaledNumber, b: ScaledNumber) -> ScaledNumber {
    ScaledNumber(a.mantissa / b.mantissa, exponent: a.exponent - b.exponent)
  }

  /// Sum of two scaled numbers.
  public static func + (a: ScaledNumber, b: ScaledNumber) -> ScaledNumber {
    guard a.isFinite, b.isFinite else { return ScaledNumber(a.mantissa + b.mantissa) }
    if a.isZero { return b }
    if b.isZero { return a }
    let e = max(a.exponent, b.exponent)
    return ScaledNumber(
      a.mantissa * powerOfTwo(a.exponent - e) + b.mantissa * powerOfTwo(b.exponent - e), exponent: e)
  }

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
    if a.mantissa.isNaN || b.mantissa.isNaN { return false }
    if a.isZero || b.isZero || !a.isFinite || !b.isFinite { return a.mantissa < b.mantissa }
    return a.exponent == b.exponent ? a.mantissa < b.mantissa : a.exponent < b.exponent
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
