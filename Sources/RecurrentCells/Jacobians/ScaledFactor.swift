import Foundation

/// A number `mantissa · 2^exponent` with a sign: a derivative of a gate that is saturated beyond any range.
///
/// The mantissa has a magnitude in [1, 2), or is 0 for an exact zero.
struct ScaledFactor: Equatable {
  let mantissa: Double
  let exponent: Int

  init(_ value: Double, exponent: Int = 0) {
    guard value.isFinite, value != 0 else {
      (mantissa, self.exponent) = (value, 0)
      return
    }
    mantissa = scalbn(value, -Int(value.exponent))
    self.exponent = exponent + Int(value.exponent)
  }

  static let zero = ScaledFactor(0)

  var isZero: Bool { mantissa == 0 }

  static func * (a: ScaledFactor, b: ScaledFactor) -> ScaledFactor {
    ScaledFactor(a.mantissa * b.mantissa, exponent: a.exponent + b.exponent)
  }

  static func / (a: ScaledFactor, b: ScaledFactor) -> ScaledFactor {
    ScaledFactor(a.mantissa / b.mantissa, exponent: a.exponent - b.exponent)
  }

  /// The number as a `Double`: 0 below its range.
  var double: Double { scalbn(mantissa, max(-3000, min(3000, exponent))) }

  /// Whether it is larger than another one, signs aside.
  func exceeds(_ other: ScaledFactor) -> Bool {
    if isZero || other.isZero { return !isZero }
    return exponent == other.exponent
      ? mantissa.magnitude > other.mantissa.magnitude : exponent > other.exponent
  }
}

extension ScaledFactor {
  /// e^x for x ≤ 0, however far below the range.
  ///
  ///     e^x = 2^k e^{x − k ln 2},   k the nearest integer to x / ln 2
  ///
  /// ln 2 in two parts: the relative error is that of x itself, ε |x|.
  static func exponential(_ x: Double) -> ScaledFactor {
    // More is no number that a network forms; the exponent stays an integer.
    let x = max(x, -1e9)
    let k = (x * 1.4426950408889634).rounded()
    let rest = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33
    return ScaledFactor(exp(rest), exponent: Int(k))
  }

  /// sigmoid(a) = e^{−|a|} / (1 + e^{−|a|}) for a < 0, 1 / (1 + e^{−a}) for the others.
  static func sigmoid(_ a: Double) -> ScaledFactor {
    let small = exponential(-a.magnitude)
    let sum = ScaledFactor(1 + small.double)
    return (a < 0 ? small : ScaledFactor(1)) / sum
  }

  /// sigmoid′(a) = sigmoid(a) sigmoid(−a).
  static func sigmoidSlope(_ a: Double) -> ScaledFactor { sigmoid(a) * sigmoid(-a) }

  /// tanh′(a) = 4 e^{−2|a|} / (1 + e^{−2|a|})².
  static func tanhSlope(_ a: Double) -> ScaledFactor {
    let small = exponential(-2 * a.magnitude)
    let sum = ScaledFactor(1 + small.double)
    return ScaledFactor(4) * small / (sum * sum)
  }
}
