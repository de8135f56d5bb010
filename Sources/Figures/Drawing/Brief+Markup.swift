import Experiments
import Foundation
import TextFiles

// Numbers given as log10, in gnuplot's markup.
extension Brief {
  /// A factor: as a number where that is short, else a power of ten.
  static func factor(_ log10: Double) -> String {
    if log10 == -.infinity { return "0" }
    return log10.magnitude < 2 ? number(pow(10, log10)) : tenPower(log10)
  }

  /// A power of ten with a digit after the exponent's point.
  static func tenPower(_ log10: Double) -> String { "10^{\(CSVField.number((log10 * 10).rounded() / 10))}" }

  /// The nearest power of ten.
  static func power(_ log10: Double) -> String {
    if log10 == -.infinity { return "0" }
    return "10^{\(Int(log10.rounded()))}"
  }
}
