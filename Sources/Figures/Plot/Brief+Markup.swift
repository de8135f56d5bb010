import Experiments
import Foundation
import TextFiles

// Numbers in figures, in gnuplot's markup.
extension Brief {
  /// A factor, given as log10: as a number where that is short, else a power of ten.
  static func factor(_ log10: Double) -> String {
    if log10 == -.infinity { return "0" }
    return log10.magnitude < 2 ? number(pow(10, log10)) : tenPower(log10)
  }

  /// A power of ten with a digit after the exponent's point.
  static func tenPower(_ log10: Double) -> String { "10^{\(tic((log10 * 10).rounded() / 10, step: 0.1))}" }

  /// The nearest power of ten.
  static func power(_ log10: Double) -> String { power(log10.rounded(), step: 1) }

  /// A power of ten on an axis whose tics are so far apart.
  static func power(_ log10: Double, step: Double) -> String {
    log10 == -.infinity ? "0" : "10^{\(tic(log10, step: step))}"
  }

  /// A number on an axis whose tics are so far apart, without the noise of its last digits.
  static func tic(_ value: Double, step: Double) -> String {
    let digits = step.isFinite && step > 0 ? max(0, Int(-floor(log10(step) + 1e-9))) : 0
    if value.magnitude >= 1e7 || digits > 6 { return number(value) }
    let text = String(format: "%.\(digits)f", value)
    let rounded = Double(text) ?? value
    if rounded == rounded.rounded() { return grouped(Int(rounded)) }
    return CSVField.number(rounded).replacing("-", with: "−")
  }
}
