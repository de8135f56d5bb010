import Foundation
import TextFiles

/// `{from, to, step}` or `{from, to, count, scale}`: evenly spaced numbers, computed so that they
/// come out as one would write them (0.5 to 1.5 in steps of 0.1 has 0.6, not 0.6000000000000001).
struct NumericRange {
  /// The most values a range or a list may have.
  package static let countLimit = 100_000
  /// The forms, as error messages state them.
  package static let forms = "{from: a, to: b, step: s} or {from: a, to: b, count: n, scale: linear|log}"

  /// How values are spaced when their number is given.
  enum Scale: String, CaseIterable {
    case linear, log
  }

  private enum Spacing {
    case step(NumberLiteral, SpecificationNode)
    case count(Int, Scale)
  }

  private let key: String
  private let node: SpecificationNode
  private let from: NumberLiteral
  private let to: NumberLiteral
  private let spacing: Spacing

  /// Reads a range.
  package init(
    _ entries: [SpecificationNode.Entry], of node: SpecificationNode, key: String
  ) throws(SpecificationError) {
    try entries.checkKeys(
      among: ["from", "to", "step", "count", "scale"], of: "the range of \(key)")
    func value(_ name: String) -> SpecificationNode? {
      entries.first { $0.name == name }?.value
    }
    func number(_ name: String) throws(SpecificationError) -> NumberLiteral {
      guard let value = value(name) else {
        throw node.error(.missingKey, key: key, "has no '\(name)'", allowed: Self.forms)
      }
      return try value.numberLiteral(key: "\(key).\(name)")
    }
    self.key = key
    self.node = node
    from = try number("from")
    to = try number("to")
    guard from.real <= to.real else {
      throw node.error(.outOfRange, key: key, "goes down: 'from' must not exceed 'to'")
    }
    switch (value("step"), value("count")) {
    case (.some, .some):
      throw node.error(
        .contradiction, key: key, "has both 'step' and 'count'", allowed: Self.forms)
    case (nil, nil):
      throw node.error(
        .missingKey, key: key, "has neither 'step' nor 'count'", allowed: Self.forms)
    case (let step?, nil):
      guard value("scale") == nil else {
        throw node.error(
          .contradiction, key: key, "has 'scale', which requires 'count'",
          allowed: Self.forms)
      }
      let literal = try number("step")
      guard literal.real > 0 else {
        throw step.error(
          .outOfRange, key: "\(key).step", "is out of range", allowed: "numbers above 0")
      }
      spacing = .step(literal, step)
    case (nil, let count?):
      let rule = ValueRule<Int>.whole(1...Self.countLimit)
      let scale = try value("scale").map { (node) throws(SpecificationError) in
        try ValueRule<Scale>.named().read(node, "\(key).scale")
      }
      spacing = .count(try rule.read(count, "\(key).count"), scale ?? .linear)
    }
  }

  /// The values as decimal literals.
  ///
  /// - Parameter roundsToWhole: whether the values of a logarithmic range become whole numbers, of
  ///   which repeated ones are dropped.
  func literals(roundsToWhole: Bool) throws(SpecificationError) -> [String] {
    switch spacing {
    case .step(let step, let node): return try stepped(by: step, at: node)
    case .count(1, _):
      guard from.real == to.real else {
        throw node.error(.contradiction, key: key, "asks for 1 value between two different ends")
      }
      return [from.text]
    case .count(let count, .linear): return linear(count)
    case .count(let count, .log): return try logarithmic(count, roundsToWhole: roundsToWhole)
    }
  }

  /// Exact in integers: from, to and step are brought to one power of ten.
  private func stepped(
    by step: NumberLiteral, at stepNode: SpecificationNode
  ) throws(SpecificationError) -> [String] {
    guard let first = from.decimal, let last = to.decimal, let stride = step.decimal else {
      throw node.error(.outOfRange, key: key, "has an end or a step of more than 18 digits")
    }
    let exponent = min(first.exponent, last.exponent, stride.exponent)
    let scaled = [first, last, stride].compactMap { $0.significand(atExponent: exponent) }
    guard scaled.count == 3,
      case let (span, false) = scaled[1].subtractingReportingOverflow(
        scaled[0])
    else {
      throw stepNode.error(
        .outOfRange, key: "\(key).step", "is too small relative to 'from' and 'to'")
    }
    let count = span / scaled[2]
    guard count < Self.countLimit else {
      throw stepNode.error(
        .tooLarge, key: "\(key).step", "gives \(count) values or more",
        allowed: "up to \(Self.countLimit) values")
    }
    return (0...count).map { index in
      let value = DecimalNumber(significand: scaled[0] + index * scaled[2], exponent: exponent)
      return value.whole.map(String.init) ?? value.real.shortestDecimal
    }
  }

  /// (from · (n − 1 − i) + to · i) / (n − 1): exact where that is a short decimal, else rounded to
  /// 12 significant digits.
  private func linear(_ count: Int) -> [String] {
    (0..<count).map { index in
      if index == 0 { return from.text }
      if index == count - 1 { return to.text }
      let parts = count - 1
      guard let sum = weightedSum(parts - index, index) else {
        let fraction = Double(index) / Double(parts)
        let value = from.real * (1 - fraction) + to.real * fraction
        return value.roundedToTwelveDigits.shortestDecimal
      }
      if sum.significand % parts == 0 {
        let value = DecimalNumber(significand: sum.significand / parts, exponent: sum.exponent)
        return value.whole.map(String.init) ?? value.real.shortestDecimal
      }
      return (sum.real / Double(parts)).roundedToTwelveDigits.shortestDecimal
    }
  }

  /// from · `a` + to · `b` exactly, or nil beyond Int.
  private func weightedSum(_ a: Int, _ b: Int) -> DecimalNumber? {
    guard let first = from.decimal, let last = to.decimal else { return nil }
    let exponent = min(first.exponent, last.exponent)
    guard let x = first.significand(atExponent: exponent),
      let y = last.significand(atExponent: exponent),
      case (let ax, false) = x.multipliedReportingOverflow(by: a),
      case (let by, false) = y.multipliedReportingOverflow(by: b),
      case (let sum, false) = ax.addingReportingOverflow(by)
    else { return nil }
    return DecimalNumber(significand: sum, exponent: exponent)
  }

  /// exp of evenly spaced logarithms, rounded to 12 significant digits; the ends exact.
  private func logarithmic(
    _ count: Int, roundsToWhole: Bool
  ) throws(SpecificationError) -> [String] {
    guard from.real > 0 else {
      throw node.error(.outOfRange, key: key, "has no logarithm: 'from' must be above 0")
    }
    let (low, high) = (log10(from.real), log10(to.real))
    var literals: [String] = []
    for index in 0..<count {
      let fraction = Double(index) / Double(count - 1)
      var value = pow(10, low + (high - low) * fraction).roundedToTwelveDigits
      if index == 0 { value = from.real }
      if index == count - 1 { value = to.real }
      if roundsToWhole { value.round() }
      let literal = value.shortestDecimal
      if !roundsToWhole || literals.last != literal { literals.append(literal) }
    }
    return literals
  }
}

extension Double {
  /// The number with 12 significant decimal digits.
  var roundedToTwelveDigits: Double { Double(String(format: "%.11e", self)) ?? self }
}
