import TextFiles

/// How one value of a key is read from YAML and written back.
package struct ValueRule<Value: Hashable & Sendable>: Sendable {
  /// Whether ranges `{from, to, …}` may give values, and whether these are whole.
  package enum Numbers: Sendable {
    case none, whole, real
  }

  /// What is allowed, for messages and the template.
  package let allowed: String
  package let numbers: Numbers
  /// Reads a value; the text is the key's name for messages.
  package let read: @Sendable (SpecificationNode, String) throws(SpecificationError) -> Value
  /// The value as YAML that reads back the same.
  package let text: @Sendable (Value) -> String

  package init(
    allowed: String, numbers: Numbers,
    read: @escaping @Sendable (SpecificationNode, String) throws(SpecificationError) -> Value,
    text: @escaping @Sendable (Value) -> String
  ) {
    self.allowed = allowed
    self.numbers = numbers
    self.read = read
    self.text = text
  }
}

// MARK: - One value

extension ValueRule where Value: FixedWidthInteger {
  /// A whole number in a range.
  package static func whole(_ range: ClosedRange<Value>) -> ValueRule {
    let allowed = "whole numbers from \(range.lowerBound) to \(range.upperBound)"
    return ValueRule(
      allowed: allowed, numbers: .whole,
      read: { (node, key) throws(SpecificationError) in
        let literal = try node.numberLiteral(key: key, allowed: allowed)
        let decimal = literal.decimal
        guard literal.isWrittenWhole || decimal.map({ $0.exponent >= 0 }) ?? true else {
          throw node.error(.wrongType, key: key, "is not a whole number", allowed: allowed)
        }
        let value =
          literal.isWrittenWhole
          ? Value(literal.text) : decimal?.whole.flatMap { Value(exactly: $0) }
        guard let value, range.contains(value) else {
          throw node.error(.outOfRange, key: key, "is out of range", allowed: allowed)
        }
        return value
      },
      text: { "\($0)" })
  }
}

extension ValueRule<Int?> {
  /// `none`, or a whole number in a range.
  static func optionalWhole(_ range: ClosedRange<Int>) -> ValueRule {
    let rule = ValueRule<Int>.whole(range)
    return ValueRule(
      allowed: "none, \(rule.allowed)", numbers: .whole,
      read: { (node, key) throws(SpecificationError) in
        node.plainWord == "none" ? nil : try rule.read(node, key)
      },
      text: { $0.map(rule.text) ?? "none" })
  }
}

extension ValueRule<[Int]> {
  /// `none`, a whole number in a range, or a list of some.
  static func wholes(_ range: ClosedRange<Int>) -> ValueRule {
    let rule = ValueRule<Int>.whole(range)
    return ValueRule(
      allowed: "none, or one or more \(rule.allowed)", numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        node.plainWord == "none" ? [] : try rule.readAxis(node, key: key)
      },
      text: { $0.isEmpty ? "none" : "[\($0.map(rule.text).joined(separator: ", "))]" })
  }
}

extension ValueRule<Double> {
  /// A finite number in a range.
  package static func real(
    _ allowed: String, _ contains: @escaping @Sendable (Double) -> Bool
  ) -> ValueRule {
    ValueRule(
      allowed: allowed, numbers: .real,
      read: { (node, key) throws(SpecificationError) in
        let value = try node.numberLiteral(key: key, allowed: allowed).real
        guard contains(value) else {
          throw node.error(.outOfRange, key: key, "is out of range", allowed: allowed)
        }
        return value
      },
      text: \.shortestDecimal)
  }

  /// A finite number above 0.
  static var aboveZero: ValueRule { real("finite numbers above 0") { $0 > 0 } }
}

extension ValueRule {
  /// One of some values, by its name.
  package static func named(
    among choices: [Value], as name: @escaping @Sendable (Value) -> String
  ) -> ValueRule {
    let names = choices.map(name)
    let allowed = names.joined(separator: ", ")
    return ValueRule(
      allowed: allowed, numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        guard let word = node.word else {
          throw node.error(.wrongType, key: key, "is not a name", allowed: allowed)
        }
        guard let value = choices.first(where: { name($0) == word }) else {
          throw node.error(
            .unknownName, key: key, "is not one of the choices", allowed: allowed,
            suggestion: NearestName.of(word, among: names))
        }
        return value
      },
      text: name)
  }
}

extension ValueRule where Value: CaseIterable & RawRepresentable<String> {
  /// One of an enumeration's names.
  ///
  /// - Parameter choices: those that are allowed; nil: all.
  package static func named(among choices: [Value]? = nil) -> ValueRule {
    named(among: choices ?? Array(Value.allCases), as: \.rawValue)
  }
}

// MARK: - All values of an axis

extension ValueRule {
  /// The values of an axis: one value, a list, or a range.
  func readAxis(
    _ node: SpecificationNode, key: String
  ) throws(SpecificationError) -> [Value] {
    switch node.content {
    case .list(let items): return try readList(items, of: node, key: key)
    case .mapping(let entries) where numbers != .none:
      let range = try NumericRange(entries, of: node, key: key)
      var values: [Value] = []
      for literal in try range.literals(roundsToWhole: numbers == .whole) {
        let item = SpecificationNode(content: .scalar(literal, isQuoted: false), place: node.place)
        values.append(try read(item, key))
      }
      try checkDistinct(values, at: Array(repeating: node, count: values.count), key: key)
      return values
    default: return [try read(node, key)]
    }
  }

  private func readList(
    _ items: [SpecificationNode], of node: SpecificationNode, key: String
  ) throws(SpecificationError) -> [Value] {
    guard !items.isEmpty else {
      throw node.error(
        .emptyList, key: key, "has no values", allowed: "one or more values from: \(allowed)")
    }
    guard items.count <= NumericRange.countLimit else {
      throw node.error(
        .tooLarge, key: key, "has \(items.count) values",
        allowed: "up to \(NumericRange.countLimit) values")
    }
    var values: [Value] = []
    values.reserveCapacity(items.count)
    for item in items { values.append(try read(item, key)) }
    try checkDistinct(values, at: items, key: key)
    return values
  }

  private func checkDistinct(
    _ values: [Value], at nodes: [SpecificationNode], key: String
  ) throws(SpecificationError) {
    var seen: Set<Value> = []
    for (value, node) in zip(values, nodes) where !seen.insert(value).inserted {
      let text = text(value)
      throw SpecificationError(
        .repeatedValue, at: node.place, key: key, value: text, "\(key): \(text) is given twice",
        allowed: "each value once")
    }
  }
}

// MARK: - Numbers

extension SpecificationNode {
  /// The number that is written here.
  ///
  /// - Throws: for anything but a plain, finite decimal number; `allowed` completes the message.
  func numberLiteral(
    key: String, allowed: String? = nil
  ) throws(SpecificationError) -> NumberLiteral {
    let allowed = allowed ?? "decimal numbers"
    guard let text = plainWord else {
      if case .scalar(let text, isQuoted: true) = content, NumberLiteral(text) != nil {
        throw error(
          .wrongType, key: key, "is text, not a number: remove the quotes", allowed: allowed)
      }
      throw error(.wrongType, key: key, "is not a number", allowed: allowed)
    }
    guard let literal = NumberLiteral(text) else {
      let magnitude = text.lowercased().drop { "+-.".contains($0) }
      if ["inf", "infinity", "nan"].contains(magnitude) {
        throw error(.outOfRange, key: key, "is not finite", allowed: allowed)
      }
      if let first = magnitude.first, first.isDecimalDigit {
        throw error(
          .wrongType, key: key, "is not a decimal number (no leading zeros, no 0x, no '_')",
          allowed: allowed)
      }
      throw error(.wrongType, key: key, "is not a number", allowed: allowed)
    }
    guard literal.real.isFinite else {
      throw error(.outOfRange, key: key, "is beyond float64", allowed: allowed)
    }
    guard !literal.underflows else {
      throw error(.outOfRange, key: key, "is too small for float64", allowed: allowed)
    }
    return literal
  }
}
