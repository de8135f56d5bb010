import Foundation
import TextFiles

/// A field of a figure's data.
enum Field: Sendable, Hashable {
  case text(String)
  /// NaN is what does not exist.
  case number(Double)

  init(_ value: Double?) { self = .number(value ?? .nan) }
  init(_ value: Int) { self = .number(Double(value)) }
  init(_ value: String) { self = .text(value) }

  static let none = Field.number(.nan)

  /// As a CSV has it.
  var csv: String {
    switch self {
    case .text(let text): CSVField.text(text)
    case .number(let number): CSVField.number(number)
    }
  }

  /// Its number; NaN for a text.
  var value: Double {
    if case .number(let number) = self { number } else { .nan }
  }

  /// Rounded to eight digits: more than any picture shows, and half as long.
  static func drawn(_ value: Double) -> Field { .number(value.rounded(toDigits: 8)) }

  /// Rounded to four digits: as many as the colours of a map tell apart.
  static func shaded(_ value: Double, digits: Int = 4) -> Field { .number(value.rounded(toDigits: digits)) }
}

extension Double {
  /// To so many significant digits.
  func rounded(toDigits digits: Int) -> Double {
    isFinite ? Double(String(format: "%.\(digits)g", self)) ?? self : self
  }
}

extension Field: ExpressibleByStringLiteral {
  init(stringLiteral value: String) { self = .text(value) }
}
