import Foundation
import TextFiles

/// A field of a figure's data.
package enum Field: Sendable, Hashable {
  case text(String)
  /// NaN is what does not exist.
  case number(Double)

  package init(_ value: Double?) { self = .number(value ?? .nan) }
  package init(_ value: Int) { self = .number(Double(value)) }
  /// Exact, which a number beyond 2⁵³ would not be.
  package init(seed: UInt64) { self = .text("\(seed)") }
  package init(_ value: String) { self = .text(value) }

  package static let none = Field.number(.nan)

  /// What does not exist is the same everywhere.
  package static func == (a: Field, b: Field) -> Bool {
    switch (a, b) {
    case (.text(let x), .text(let y)): x == y
    case (.number(let x), .number(let y)): x == y || x.isNaN && y.isNaN
    default: false
    }
  }

  /// As a CSV has it.
  package var csv: String {
    switch self {
    case .text(let text): CSVField.text(text)
    case .number(let number): CSVField.number(number)
    }
  }

  /// Its number; of a text the one that it says, as gnuplot reads it, or NaN.
  package var value: Double {
    switch self {
    case .number(let number): number
    case .text(let text): Double(text) ?? .nan
    }
  }

  /// Rounded to eight digits: more than any picture shows, and half as long.
  package static func drawn(_ value: Double) -> Field { .number(value.rounded(toDigits: 8)) }

  /// Rounded to four digits: as many as the colours of a map tell apart.
  package static func shaded(_ value: Double, digits: Int = 4) -> Field {
    .number(value.rounded(toDigits: digits))
  }
}

extension Double {
  /// To so many significant digits.
  package func rounded(toDigits digits: Int) -> Double {
    isFinite ? Double(String(format: "%.\(digits)g", self)) ?? self : self
  }
}

extension Field: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
}

extension Field {
  /// What a CSV has for it.
  package init(ofCSV text: String) {
    guard text.hasPrefix("\"") else { self = text.isEmpty ? .none : .text(text); return }
    self = .text(String(text.dropFirst().dropLast()).replacing("\"\"", with: "\""))
  }
}
