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
private var decay: ValueRule<Double> {
  ValueRule.real("numbers at least 0 and below 1") { $0 >= 0 && $0 < 1 }
}
private var positive: ValueRule<Double> { .aboveZero }

extension ValueRule<Optimiser> {
  /// `sgd`, `{momentum: 0.9}`, `rmsprop` or `{rmsprop: 0.99}`, `adam` or `{adam: [0.9, 0.999]}`.
  package static func optimiser() -> ValueRule {
    let names = Optimiser.Kind.allCases.map(\.rawValue)
    let allowed =
      "sgd, {momentum: μ}, rmsprop, {rmsprop: α}, adam, {adam: [β1, β2]}; decays are at least 0 and below 1"
    return ValueRule(
      allowed: allowed, numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        let (name, argument) = try node.named(key: key, among: names, allowed: allowed)
        let inner = "\(key).\(name)"
        switch (Optimiser.Kind(rawValue: name), argument) {
        case (.sgd, nil): return .sgd
        case (.rmsprop, nil): return .rmsprop(decay: 0.99)
        case (.adam, nil): return .adam(decay1: 0.9, decay2: 0.999)
        case (.momentum, let value?): return .momentum(try decay.read(value, inner))
        case (.rmsprop, let value?): return .rmsprop(decay: try decay.read(value, inner))
        case (.adam, let value?):
          guard case .list(let items) = value.content, items.count == 2 else {
            throw value.error(.wrongType, key: inner, "is not a pair", allowed: "[β1, β2]")
          }
          return .adam(decay1: try decay.read(items[0], inner), decay2: try decay.read(items[1], inner))
        default: throw node.error(.wrongType, key: key, "is not an optimizer", allowed: allowed)
        }
      },
      text: { optimiser in
        switch optimiser {
        case .sgd: return "sgd"
        case .momentum(let x): return "{momentum: \(x.shortestDecimal)}"
        case .rmsprop(let x): return "{rmsprop: \(x.shortestDecimal)}"
        case .adam(let x, let y): return "{adam: [\(x.shortestDecimal), \(y.shortestDecimal)]}"
        }
      })
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
