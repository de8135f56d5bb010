import Experiments
import Foundation

/// Numbers as sentences give them.
enum Brief {
  /// Three significant digits.
  static func number(_ value: Double) -> String { number(value, digits: 3) }

  /// Two significant digits, enough for an error.
  static func rounded(_ value: Double) -> String { number(value, digits: 2) }

  private static func number(_ value: Double, digits: Int) -> String {
    CSVField.number(Double(String(format: "%.\(digits)g", value)))
  }

  /// With its sign.
  static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + number(value) }

  /// A factor given as log10, in gnuplot's markup: as a number where that is short, else a power of ten.
  static func factor(_ log10: Double) -> String {
    if log10 == -.infinity { return "0" }
    return log10.magnitude < 2 ? number(pow(10, log10)) : tenPower(log10)
  }

  /// A power of ten with a digit after the exponent's point, in gnuplot's markup.
  static func tenPower(_ log10: Double) -> String { "10^{\(CSVField.number((log10 * 10).rounded() / 10))}" }

  /// A share as percent.
  static func percent(_ share: Double) -> String {
    if share > 0, share < 0.001 { return "less than 0.1 %" }
    return "\(number((1000 * share).rounded() / 10)) %"
  }

  /// The power of ten next to a number given as log10, in gnuplot's markup.
  static func power(_ log10: Double) -> String {
    if log10 == -.infinity { return "0" }
    return "10^{\(Int(log10.rounded()))}"
  }
}
