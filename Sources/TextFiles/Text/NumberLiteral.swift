/// A decimal number as specifications may write it: digits, optionally with sign, fraction and
/// exponent. Hexadecimal, octal, digit groups and leading zeros, which YAML dialects read
/// differently, are not numbers here.
package struct NumberLiteral {
  /// The literal as written.
  package let text: String
  private let isNegative: Bool
  private let wholeDigits: Substring
  private let fractionDigits: Substring
  private let exponentText: Substring

  /// Nil when `text` is not a number.
  package init?(_ text: String) {
    var rest = Substring(text)
    isNegative = rest.first == "-"
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    wholeDigits = rest.prefix(while: \.isDecimalDigit)
    rest = rest.dropFirst(wholeDigits.count)
    var fraction = Substring()
    if rest.first == "." {
      rest.removeFirst()
      fraction = rest.prefix(while: \.isDecimalDigit)
      rest = rest.dropFirst(fraction.count)
    }
    fractionDigits = fraction
    var exponent = Substring()
    if rest.first == "e" || rest.first == "E" {
      exponent = rest.dropFirst()
      let digits = exponent.first == "-" || exponent.first == "+" ? exponent.dropFirst() : exponent
      guard !digits.isEmpty, digits.allSatisfy(\.isDecimalDigit) else { return nil }
      rest = Substring()
    }
    exponentText = exponent
    guard rest.isEmpty, !(wholeDigits.isEmpty && fraction.isEmpty) else { return nil }
    guard wholeDigits.count <= 1 || wholeDigits.first != "0" else { return nil }
    self.text = text
  }

  /// The nearest Double, with 0 for −0; infinite beyond its range.
  package var real: Double {
    let value = Double(text) ?? .nan
    return value == 0 ? 0 : value
  }

  /// Whether the number is not 0 but its nearest Double is.
  package var underflows: Bool {
    real == 0 && !(wholeDigits + fractionDigits).allSatisfy { $0 == "0" }
  }

  /// The number exactly, or nil when it takes more than 18 digits.
  package var decimal: DecimalNumber? {
    var digits = wholeDigits + fractionDigits
    var exponent = -fractionDigits.count
    if !exponentText.isEmpty {
      guard let shift = Int(exponentText), shift.magnitude < 10_000 else { return nil }
      exponent += shift
    }
    while digits.last == "0" {
      digits.removeLast()
      exponent += 1
    }
    digits = digits.drop { $0 == "0" }
    guard !digits.isEmpty else { return DecimalNumber(significand: 0, exponent: 0) }
    guard digits.count <= 18, let magnitude = Int(digits) else { return nil }
    return DecimalNumber(significand: isNegative ? -magnitude : magnitude, exponent: exponent)
  }

  /// Whether the number is written with digits alone and is therefore whole.
  package var isWrittenWhole: Bool {
    fractionDigits.isEmpty && exponentText.isEmpty && !wholeDigits.isEmpty && !text.contains(".")
  }
}

/// significand · 10^exponent, exactly.
package struct DecimalNumber {
  package let significand: Int
  package let exponent: Int

  package init(significand: Int, exponent: Int) {
    self.significand = significand
    self.exponent = exponent
  }

  /// The nearest Double, with 0 for −0.
  package var real: Double { Double("\(significand)e\(exponent)") ?? .nan }

  /// significand · 10^(exponent − `smaller`), or nil beyond Int.
  package func significand(atExponent smaller: Int) -> Int? {
    guard significand != 0 else { return 0 }
    var value = significand
    for _ in 0..<max(0, exponent - smaller) {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      guard !overflows else { return nil }
      value = product
    }
    return value
  }

  /// The value as an integer, or nil where it has a fraction or is too large for Int.
  package var whole: Int? { exponent < 0 ? nil : significand(atExponent: 0) }
}

extension Character {
  /// Whether the character is one of 0…9.
  package var isDecimalDigit: Bool { ("0"..."9").contains(self) && isASCII }
}
