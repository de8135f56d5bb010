import Foundation

/// Numbers as sentences and tables give them: in full up to their significant digits, `12300` and not `1.23e+04`.
package enum Brief {
  /// Three significant digits.
  package static func number(_ value: Double) -> String { number(value, digits: 3) }

  /// With so many significant digits.
  package static func number(_ value: Double, digits: Int) -> String {
    value.isNaN ? "nan" : CSVField.number(Double(String(format: "%.\(digits)g", value)))
  }

  /// Two significant digits, enough for an error.
  package static func rounded(_ value: Double) -> String { number(value, digits: 2) }

  /// With its sign.
  package static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + number(value) }

  /// A share as percent.
  package static func percent(_ share: Double) -> String {
    if share > 0, share < 0.001 { return "less than 0.1 %" }
    return "\(number((1000 * share).rounded() / 10)) %"
  }

  /// A whole number, from 10,000 on with separators.
  package static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    let sign = value < 0 ? "−" : ""
    guard digits.count > 4 else { return sign + digits }
    let groups = stride(from: digits.count, to: 0, by: -3).reversed().map { end in
      let last = digits.index(digits.startIndex, offsetBy: end)
      return digits[digits.index(last, offsetBy: -min(3, end))..<last]
    }
    return sign + groups.joined(separator: ",")
  }
}
