import TextFiles

/// Some of a run's trials: those that have one of the chosen values of each axis that is named, as in
/// `clip=none,T=100,200`.
public struct TrialSelection: Sendable, Equatable {
  /// The values of an axis, as specifications write them.
  private struct Choice: Sendable, Equatable {
    let axis: Axis
    let texts: [String]
    let place: SpecificationError.Place

    /// Wherever they are written.
    static func == (a: Choice, b: Choice) -> Bool { (a.axis, a.texts) == (b.axis, b.texts) }

    /// That there is no such trial, with the values there are.
    func error(among values: [String]) -> SpecificationError {
      SpecificationError(
        .outOfRange, at: place, key: axis.key.rawValue, "no trial has this value of \(axis.key.rawValue)",
        allowed: values.isEmpty ? nil : values.joined(separator: ", "))
    }
  }

  private var choices: [Choice]

  /// - Parameter texts: each one or more of `AXIS=VALUE,VALUE…`, separated by commas.
  /// - Throws: ``SpecificationError`` for what is no axis or no value of it.
  public init(_ texts: [String]) throws(SpecificationError) {
    try self.init(texts.flatMap(Self.parts), besides: [])
  }

  /// - Parameters:
  ///   - parts: each `AXIS=VALUE,VALUE…`.
  ///   - place: where they stand; nil: on the command line.
  ///   - names: what else may be chosen, for messages.
  init(
    _ parts: [String], at place: SpecificationError.Place? = nil, besides names: [String]
  ) throws(SpecificationError) {
    choices = try parts.map { (text) throws(SpecificationError) in
      try Self.choice(text, at: place ?? .commandLine(override: text), besides: names)
    }
  }

  /// The entries of a mapping in YAML, from axes to values.
  init(
    _ entries: [SpecificationNode.Entry], besides names: [String]
  ) throws(SpecificationError) {
    choices = try entries.map { (entry) throws(SpecificationError) in
      var value = entry.value
      // A number of seeds is that seed here, as on a command line.
      if case .scalar = value.content {
        value = SpecificationNode(content: .list([value]), place: value.place)
      }
      return try Self.choice(entry.name, value, at: entry.place, besides: names)
    }
  }

  private init(choices: [Choice]) { self.choices = choices }

  /// Nothing is chosen.
  static let all = TrialSelection(choices: [])

  static let allowed = "values of axes, as in {T: 100, clip: none}"

  /// The chosen ones, in their order.
  ///
  /// - Throws: ``SpecificationError`` where a choice leaves none, with the values there are.
  public func chosen(from trials: [TrialParameters]) throws(SpecificationError) -> [TrialParameters] {
    var left = trials
    for choice in choices {
      let kept = left.filter { trial in choice.axis.text(trial).map(choice.texts.contains) ?? false }
      guard !kept.isEmpty else { throw choice.error(among: left.lazy.compactMap(choice.axis.text).distinct) }
      left = kept
    }
    return left
  }

  /// The same, where the other has no word on an axis.
  public func overridden(by other: TrialSelection) -> TrialSelection {
    var both = self
    both.choices.removeAll { choice in other.choices.contains { $0.axis == choice.axis } }
    both.choices += other.choices
    return both
  }

  /// The same without what it says of some axes; nil for nothing.
  func without(_ axes: [Axis]) -> TrialSelection? {
    var left = self
    left.choices.removeAll { axes.contains($0.axis) }
    return left.choices.isEmpty ? nil : left
  }

  /// Whether nothing is chosen.
  public var isEmpty: Bool { choices.isEmpty }

  /// Each axis with its values, as specifications write them.
  public var values: [(axis: Axis, texts: [String])] { choices.map { ($0.axis, $0.texts) } }

  /// As a command line has it: `clip=none, T=100,200`.
  public var text: String {
    choices.map { "\($0.axis.shortName)=\($0.texts.joined(separator: ","))" }.joined(separator: ", ")
  }

  /// - Throws: ``SpecificationError`` for an axis of which a specification has none of the values.
  func check(_ specification: SweepSpecification) throws(SpecificationError) {
    for choice in choices where Set(choice.texts).isDisjoint(with: specification[choice.axis].texts) {
      throw choice.error(among: specification[choice.axis].texts)
    }
  }

  // MARK: - Reading

  /// Of `AXIS=VALUE,VALUE…`.
  private static func choice(
    _ text: String, at place: SpecificationError.Place, besides names: [String]
  ) throws(SpecificationError) -> Choice {
    let name = text.prefix { $0 != "=" }.filter { $0 != " " }
    let axis = try Axis.named(name, at: place, besides: names)
    let values = text.dropFirst(text.prefix { $0 != "=" }.count + 1)
    guard
      let node = try YAMLSource(values.hasPrefix("[") ? String(values) : "[\(values)]", at: place).root(),
      !values.isEmpty
    else {
      throw SpecificationError(
        .wrongType, at: place, key: name, "no value after '='", allowed: axis.key.allowed)
    }
    return try choice(name, node, at: place, besides: names)
  }

  private static func choice(
    _ name: String, _ node: SpecificationNode, at place: SpecificationError.Place, besides names: [String]
  ) throws(SpecificationError) -> Choice {
    let axis = try Axis.named(name, at: place, besides: names)
    let node =
      try axis.headingNames.map { (names) throws(SpecificationError) in
        name == names.name ? try names.specified(node) : node
      } ?? node
    var read = SweepSpecification()
    let policy = TaskFilePolicy(specification: "", trustsStatedHash: true)
    try axis.key.read(SpecificationKey.Given(name: name, node: node, taskFiles: policy), &read)
    return Choice(axis: axis, texts: read[axis].texts, place: place)
  }

  /// `clip=none,T=100,200` is `clip=none` and `T=100,200`: a part with a key of its own begins a choice.
  static func parts(_ text: String) -> [String] {
    var parts: [String] = []
    var depth = 0
    var part = ""
    func end() {
      if part.contains("=") || parts.isEmpty {
        parts.append(part)
      } else {
        parts[parts.count - 1] += "," + part
      }
      part = ""
    }
    for character in text {
      if "[{".contains(character) { depth += 1 }
      if "]}".contains(character) { depth -= 1 }
      if character == ",", depth == 0 { end() } else { part.append(character) }
    }
    end()
    return parts
  }
}

extension Axis.HeadingNames {
  /// The values of a heading as a specification has them.
  fileprivate func specified(_ node: SpecificationNode) throws(SpecificationError) -> SpecificationNode {
    if case .list(let items) = node.content {
      let found = try items.map { (item) throws(SpecificationError) in try specified(item) }
      return SpecificationNode(content: .list(found), place: node.place)
    }
    guard let value = values.first(where: { $0.text == node.word })?.value else {
      throw node.error(
        .outOfRange, key: name, "is no value of \(name)",
        allowed: values.map(\.text).joined(separator: ", "))
    }
    return SpecificationNode(content: .scalar(value, isQuoted: false), place: node.place)
  }
}
