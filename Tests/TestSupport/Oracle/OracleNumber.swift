import Foundation

/// A `Double` with a power of two of its own: the roundings are those of `Double`, the range has no end.
public struct OracleNumber: NaiveReal, Equatable {
  /// 1 ≤ |mantissa| < 2, or 0.
  public let mantissa: Double
  public let power: Int

  public init(_ value: Double, power: Int = 0) {
    guard value != 0, value.isFinite else {
      (mantissa, self.power) = (value, 0)
      return
    }
    (mantissa, self.power) = (value / scalbn(1, value.exponentClamped), power + value.exponentClamped)
  }

  public static let zero = OracleNumber(0)

  /// 0 or ±∞ where it is out of range.
  public var double: Double { scalbn(mantissa, max(-3_000, min(3_000, power))) }
  /// log10 |x|; −∞ of 0.
  public var log10: Double {
    mantissa == 0 ? -.infinity : Foundation.log10(mantissa.magnitude) + Double(power) * Foundation.log10(2)
  }

  public static func * (a: OracleNumber, b: Double) -> OracleNumber {
    a * OracleNumber(b)
  }

  public static func * (a: OracleNumber, b: OracleNumber) -> OracleNumber {
    OracleNumber(a.mantissa * b.mantissa, power: a.power + b.power)
  }

  public static func + (a: OracleNumber, b: OracleNumber) -> OracleNumber {
    if a.mantissa == 0 { return b }
    if b.mantissa == 0 { return a }
    let (large, small) = a.power >= b.power ? (a, b) : (b, a)
    let shift = small.power - large.power
    return OracleNumber(
      large.mantissa + (shift < -200 ? 0 : scalbn(small.mantissa, shift)), power: large.power)
  }

  public static func - (a: OracleNumber, b: OracleNumber) -> OracleNumber {
    a + OracleNumber(-b.mantissa, power: b.power)
  }

  /// e^x; 0 where x has no digits left behind its point.
  public static func exp(_ x: Double) -> OracleNumber {
    guard x > -0x1p40 else { return .zero }
    let power = (x / M_LN2).rounded()
    // ln 2 in two parts, the first with few digits, so that its multiples are exact.
    return OracleNumber(
      Foundation.exp((x - power * 0x1.62e4p-1) - power * 0x1.7f7d1cf79abcap-20), power: Int(power))
  }

  /// √Σ x².
  public static func norm(_ numbers: some Sequence<OracleNumber>) -> OracleNumber {
    numbers.reduce(.zero) { $0 + $1 * $1 }.squareRoot
  }

  private var squareRoot: OracleNumber {
    power % 2 == 0
      ? OracleNumber(mantissa.squareRoot(), power: power / 2)
      : OracleNumber((2 * mantissa).squareRoot(), power: (power - 1) / 2)
  }
}

extension Double {
  /// The power of two of a finite number other than 0, such that 2^power is in range.
  fileprivate var exponentClamped: Int { max(-1_022, Int(exponent)) }
}

extension [OracleNumber] {
  /// Plain numbers.
  public var doubles: [Double] { map(\.double) }
}
