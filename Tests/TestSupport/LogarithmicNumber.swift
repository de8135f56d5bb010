import Foundation

/// A real number as its sign and natural logarithm: an arithmetic without range, and with nothing in common with that of
/// the library, to check it by.
public struct LogarithmicNumber: Sendable {
  /// −1, 0 or 1.
  public let sign: Int
  /// ln |x|; −∞ for 0.
  public let logarithm: Double

  public init(sign: Int, logarithm: Double) {
    self.sign = logarithm == -.infinity ? 0 : sign
    self.logarithm = sign == 0 ? -.infinity : logarithm
  }

  public init(_ value: Double) {
    self.init(sign: value < 0 ? -1 : value > 0 ? 1 : 0, logarithm: log(value.magnitude))
  }

  public static let zero = LogarithmicNumber(0)

  public static func * (a: LogarithmicNumber, b: LogarithmicNumber) -> LogarithmicNumber {
    LogarithmicNumber(sign: a.sign * b.sign, logarithm: a.logarithm + b.logarithm)
  }

  public static func + (a: LogarithmicNumber, b: LogarithmicNumber) -> LogarithmicNumber {
    if a.sign == 0 { return b }
    if b.sign == 0 { return a }
    let (large, small) = a.logarithm >= b.logarithm ? (a, b) : (b, a)
    let ratio = exp(small.logarithm - large.logarithm)
    return LogarithmicNumber(
      sign: large.sign, logarithm: large.logarithm + log1p(large.sign == small.sign ? ratio : -ratio))
  }

  /// log10 √Σ x².
  public static func log10Norm(_ numbers: [LogarithmicNumber]) -> Double {
    let top = numbers.map(\.logarithm).max() ?? -.infinity
    guard top > -.infinity else { return -.infinity }
    let sum = numbers.reduce(0.0) { $0 + exp(2 * ($1.logarithm - top)) }
    return (top + log(sum) / 2) / M_LN10
  }

  /// h − tanh a, with the digits that tanh a has beside ±1.
  public static func difference(_ h: Double, tanhOf a: Double) -> LogarithmicNumber {
    let sign = a < 0 ? -1 : 1
    return LogarithmicNumber(h - Double(sign))
      + LogarithmicNumber(sign: sign, logarithm: M_LN2) * sigmoid(-2 * a.magnitude)
  }

  /// 1/(1 + e^−a).
  public static func sigmoid(_ a: Double) -> LogarithmicNumber {
    LogarithmicNumber(sign: 1, logarithm: a >= 0 ? -log1p(exp(-a)) : a - log1p(exp(a)))
  }

  /// σ(a) σ(−a).
  public static func sigmoidDerivative(_ a: Double) -> LogarithmicNumber { sigmoid(a) * sigmoid(-a) }

  /// 1 − tanh² a = 4 σ(2a) σ(−2a).
  public static func tanhDerivative(_ a: Double) -> LogarithmicNumber {
    LogarithmicNumber(4) * sigmoid(2 * a) * sigmoid(-2 * a)
  }
}
