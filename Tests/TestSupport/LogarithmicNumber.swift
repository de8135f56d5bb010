import Foundation

/// A real number as its sign and logarithm, ±2^power · e^rest: an arithmetic without range, and with nothing in common with
/// that of the library, to check it by.
public struct LogarithmicNumber: Sendable {
  /// −1, 0 or 1.
  public let sign: Int
  /// The whole powers of two; apart, so that the logarithm of a product of thousands of factors keeps its digits.
  private let power: Int
  /// What is left of ln |x|, |rest| ≤ ln 2; 0 for 0.
  private let rest: Double
  /// How many times larger rounding errors stand in it than in what it was made from, because terms cancelled; 1 at least.
  public let growth: Double

  /// - Parameter logarithm: ln |x| without `power`; −∞ for 0.
  public init(sign: Int, power: Int = 0, logarithm: Double, growth: Double = 1) {
    guard sign != 0, logarithm > -.infinity else {
      (self.sign, self.power, rest, self.growth) = (0, 0, 0, 1)
      return
    }
    self.growth = growth
    let whole = (logarithm / M_LN2).rounded()
    self.sign = sign
    self.power = power + Int(whole)
    // ln 2 in two parts, the first with few digits, so that its multiples are exact.
    rest = (logarithm - whole * 0x1.62e4p-1) - whole * 0x1.7f7d1cf79abcap-20
  }

  public init(_ value: Double) {
    self.init(sign: value < 0 ? -1 : value > 0 ? 1 : 0, logarithm: log(value.magnitude))
  }

  public static let zero = LogarithmicNumber(0)

  /// |x|, 0 or ∞ where it is out of range.
  public var magnitude: Double { sign == 0 ? 0 : scalbn(exp(rest), power) }

  /// |x / y|, for y ≠ 0.
  private func magnitude(over y: LogarithmicNumber) -> Double {
    sign == 0 ? 0 : scalbn(exp(rest - y.rest), power - y.power)
  }

  private func isLarger(than other: LogarithmicNumber) -> Bool {
    sign != 0 && (other.sign == 0 || Double(power - other.power) * M_LN2 + (rest - other.rest) > 0)
  }

  public static func * (a: LogarithmicNumber, b: LogarithmicNumber) -> LogarithmicNumber {
    LogarithmicNumber(
      sign: a.sign * b.sign, power: a.power + b.power, logarithm: a.rest + b.rest,
      growth: max(a.growth, b.growth))
  }

  public static func + (a: LogarithmicNumber, b: LogarithmicNumber) -> LogarithmicNumber {
    if a.sign == 0 { return b }
    if b.sign == 0 { return a }
    let (large, small) = b.isLarger(than: a) ? (b, a) : (a, b)
    let ratio = small.magnitude(over: large)
    let signed = large.sign == small.sign ? ratio : -ratio
    return LogarithmicNumber(
      sign: large.sign, power: large.power, logarithm: large.rest + log1p(signed),
      growth: max(1, (large.growth + ratio * small.growth) / (1 + signed)))
  }

  /// √Σ x².
  public static func norm(_ numbers: [LogarithmicNumber]) -> LogarithmicNorm {
    guard let top = numbers.max(by: { $1.isLarger(than: $0) }), top.sign != 0 else {
      return LogarithmicNorm(log10: -.infinity, growth: 1)
    }
    var (sum, errors) = (0.0, 0.0)
    for number in numbers {
      let square = number.magnitude(over: top) * number.magnitude(over: top)
      sum += square
      errors += square * number.growth
    }
    return LogarithmicNorm(
      log10: (top.rest + log(sum) / 2) / M_LN10 + Double(top.power) * Foundation.log10(2),
      growth: errors / sum)
  }

  /// h − tanh a, from 1 − |h|.
  public static func difference(_ h: Double, lack: LogarithmicNumber, tanhOf a: Double) -> LogarithmicNumber {
    guard (h < 0) == (a < 0) else { return LogarithmicNumber(h - tanh(a)) }
    return LogarithmicNumber(a < 0 ? -1 : 1) * (tanhLack(a) + LogarithmicNumber(-1) * lack)
  }

  /// 1 − tanh |a| = 2 σ(−2|a|).
  public static func tanhLack(_ a: Double) -> LogarithmicNumber {
    LogarithmicNumber(2) * sigmoid(-2 * a.magnitude)
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
