import GradientFlow
import TextFiles

extension SpecificationNode {
  /// A single `name` or `{name: value}`, of a rule with arguments.
  package func named(
    key: String, among names: [String], allowed: String
  ) throws(SpecificationError) -> (name: String, argument: SpecificationNode?) {
    let found: (name: String, place: SpecificationError.Place, argument: SpecificationNode?)
    switch content {
    case .scalar:
      guard let word else { throw error(.wrongType, key: key, "is not a name", allowed: allowed) }
      found = (word, place, nil)
    case .mapping(let entries):
      guard let entry = entries.first, entries.count == 1 else {
        throw error(.wrongType, key: key, "is not a single name with its value", allowed: allowed)
      }
      found = (entry.name, entry.place, entry.value)
    case .list: throw error(.wrongType, key: key, "is a list", allowed: allowed)
    }
    guard names.contains(found.name) else {
      throw SpecificationError(
        .unknownName, at: found.place, key: key, value: found.name,
        "\(key): \(Excerpt.quoted(found.name)) is not one of the choices", allowed: allowed,
        suggestion: NearestName.of(found.name, among: names))
    }
    return (found.name, found.argument)
  }

  /// The values of a mapping with exactly these keys.
  package func members(
    _ names: [String], key: String
  ) throws(SpecificationError) -> [SpecificationNode] {
    guard case .mapping(let entries) = content else {
      throw error(
        .wrongType, key: key, "is not a mapping", allowed: "{\(names.joined(separator: ": …, ")): …}")
    }
    try entries.checkKeys(among: names, of: key)
    var values: [SpecificationNode] = []
    for name in names {
      guard let entry = entries.first(where: { $0.name == name }) else {
        throw error(.missingKey, key: key, "has no '\(name)'", allowed: names.joined(separator: ", "))
      }
      values.append(entry.value)
    }
    return values
  }
}

private var updates: ValueRule<Int> { ValueRule.whole(1...1_000_000_000) }
private var positive: ValueRule<Double> { .aboveZero }

extension ValueRule<Optimiser> {
  /// A name, and its numbers unless they have usual values: `sgd`, `{momentum: 0.9}`, `rmsprop` or `{rmsprop: 0.99}`,
  /// `adam` or `{adam: [0.9, 0.999]}`.
  package static func optimiser() -> ValueRule {
    let kinds = Optimiser.Kind.allCases
    let forms = kinds.flatMap { kind in
      let form = kind.form
      return (form.usual == nil ? [] : [kind.rawValue])
        + (form.numbers.isEmpty ? [] : [written(kind, form.numbers.map(\.symbol))])
    }
    let ranges = Set(kinds.flatMap { $0.form.numbers.map { "\($0.noun) are \($0.range)" } })
    let allowed = ([forms.joined(separator: ", ")] + ranges.sorted()).joined(separator: "; ")
    return ValueRule(
      allowed: allowed, numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        let (name, argument) = try node.named(key: key, among: kinds.map(\.rawValue), allowed: allowed)
        if let form = Optimiser.Kind(rawValue: name)?.form {
          if let argument, !form.numbers.isEmpty {
            return form.optimiser(try values(of: form.numbers, in: argument, key: "\(key).\(name)"))
          }
          if argument == nil, let usual = form.usual { return usual }
        }
        throw node.error(.wrongType, key: key, "is not an optimizer", allowed: allowed)
      },
      text: { written($0.kind, $0.numbers.map(\.shortestDecimal)) })
  }

  /// `sgd`, `{momentum: 0.9}`, `{adam: [0.9, 0.999]}`.
  private static func written(_ kind: Optimiser.Kind, _ numbers: [String]) -> String {
    switch numbers.count {
    case 0: kind.rawValue
    case 1: "{\(kind.rawValue): \(numbers[0])}"
    default: "{\(kind.rawValue): \(list(numbers))}"
    }
  }

  private static func list(_ numbers: [String]) -> String { "[\(numbers.joined(separator: ", "))]" }

  /// A number, or a list of several.
  private static func values(
    of numbers: [Optimiser.Number], in node: SpecificationNode, key: String
  ) throws(SpecificationError) -> [Double] {
    var items = [node]
    if numbers.count > 1 {
      guard case .list(let listed) = node.content, listed.count == numbers.count else {
        let problem = numbers.count == 2 ? "is not a pair" : "is not a list of \(numbers.count) numbers"
        throw node.error(.wrongType, key: key, problem, allowed: list(numbers.map(\.symbol)))
      }
      items = listed
    }
    var values: [Double] = []
    for (number, item) in zip(numbers, items) {
      let rule = ValueRule<Double>.real("numbers \(number.range)", number.contains)
      values.append(try rule.read(item, key))
    }
    return values
  }
}

extension ValueRule<LearningRateSchedule> {
  /// `constant`, `cosine`, `{step: {every: n, factor: f}}`, `{inverse-time: n}`, `{warmup: n}`.
  package static func schedule() -> ValueRule {
    let names = LearningRateSchedule.Kind.allCases.map(\.rawValue)
    let allowed =
      "constant, cosine, {step: {every: n, factor: f}}, {inverse-time: n}, {warmup: n}; n in updates"
    return ValueRule(
      allowed: allowed, numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        let (name, argument) = try node.named(key: key, among: names, allowed: allowed)
        let inner = "\(key).\(name)"
        switch (LearningRateSchedule.Kind(rawValue: name), argument) {
        case (.constant, nil): return .constant
        case (.cosine, nil): return .cosine
        case (.step, let value?):
          let parts = try value.members(["every", "factor"], key: inner)
          return .step(every: try updates.read(parts[0], inner), factor: try positive.read(parts[1], inner))
        case (.inverseTime, let value?): return .inverseTime(scale: try positive.read(value, inner))
        case (.warmup, let value?): return .warmup(updates: try updates.read(value, inner))
        default: throw node.error(.wrongType, key: key, "is not a schedule", allowed: allowed)
        }
      },
      text: { schedule in
        switch schedule {
        case .constant, .cosine: return schedule.kind.rawValue
        case .step(let every, let factor):
          return "{step: {every: \(every), factor: \(factor.shortestDecimal)}}"
        case .inverseTime(let scale): return "{inverse-time: \(scale.shortestDecimal)}"
        case .warmup(let updates): return "{warmup: \(updates)}"
        }
      })
  }
}

extension ValueRule<Truncation?> {
  /// `none`, or `{k1: 25, k2: 50}`.
  package static func truncation() -> ValueRule {
    let allowed = "none, {k1: n, k2: m} in steps, where m is a multiple of n"
    return ValueRule(
      allowed: allowed, numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        if node.plainWord == "none" { return nil }
        let parts = try node.members(["k1", "k2"], key: key)
        let steps = ValueRule<Int>.whole(1...100_000_000)
        let (k1, k2) = (try steps.read(parts[0], "\(key).k1"), try steps.read(parts[1], "\(key).k2"))
        guard let truncation = Truncation(k1: k1, k2: k2) else {
          throw node.error(.outOfRange, key: key, "has a k2 that is not a multiple of k1", allowed: allowed)
        }
        return truncation
      },
      text: { $0.map { "{k1: \($0.k1), k2: \($0.k2)}" } ?? "none" })
  }
}

extension ValueRule<Double?> {
  /// `none`, or a number above 0.
  static func optionalPositive() -> ValueRule {
    ValueRule(
      allowed: "none, finite numbers above 0", numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        node.plainWord == "none" ? nil : try positive.read(node, key)
      },
      text: { $0?.shortestDecimal ?? "none" })
  }
}

extension ValueRule<Cadence> {
  /// `auto`, or a number of updates.
  static func cadence() -> ValueRule {
    let rule = ValueRule<Int>.whole(0...1_000_000_000)
    return ValueRule(
      allowed: "auto, \(rule.allowed) (0: never)", numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        node.plainWord == "auto" ? .auto : .every(try rule.read(node, key))
      },
      text: { cadence in
        if case .every(let n) = cadence { return "\(n)" }
        return "auto"
      })
  }
}

extension ValueRule<Bool> {
  /// `true` or `false`.
  package static func truth() -> ValueRule {
    ValueRule(
      allowed: "true, false", numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        switch node.plainWord {
        case "true": return true
        case "false": return false
        default: throw node.error(.wrongType, key: key, "is neither true nor false", allowed: "true, false")
        }
      },
      text: { $0 ? "true" : "false" })
  }
}
