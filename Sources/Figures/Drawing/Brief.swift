import Experiments
import Foundation

/// Numbers as sentences give them.
enum Brief {
  /// Three significant digits.
  static func number(_ value: Double) -> String { CSVField.number(Double(String(format: "%.3g", value))) }

  /// With its sign.
  static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + number(value) }

  /// A factor given as log10, in gnuplot's markup: as a number where that is short, else a power of ten.
  static func factor(_ log10: Double) -> String {
    if log10 == -.infinity { return "0" }
    if log10.magnitude < 2 { return number(pow(10, log10)) }
    return "10^{\(CSVField.number((log10 * 10).rounded() / 10))}"
  }

  /// Two significant digits, enough for an error.
  static func rounded(_ value: Double) -> String { CSVField.number(Double(String(format: "%.2g", value))) }

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
