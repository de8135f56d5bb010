import TextFiles

/// Some of a run's trials: those that have one of the chosen values of each axis that is named, as in
/// `clip=none,T=100,200`.
public struct TrialSelection: Sendable {
  private let choices: [(axis: Axis, texts: [String], place: SpecificationError.Place)]

  /// - Parameter texts: each one or more of `AXIS=VALUE,VALUE…`, separated by commas.
  /// - Throws: ``SpecificationError`` for what is no axis or no value of it.
  public init(_ texts: [String]) throws(SpecificationError) {
    var choices: [(axis: Axis, texts: [String], place: SpecificationError.Place)] = []
    for text in texts.flatMap(Self.parts) {
      let place = SpecificationError.Place.commandLine(override: text)
      let name = text.prefix { $0 != "=" }.filter { $0 != " " }
      guard let axis = Axis.all.first(where: { $0.isCalled(name) }) else {
        let names = Axis.all.flatMap { [$0.key.rawValue] + $0.key.aliases }
        throw SpecificationError(
          .unknownKey, at: place, key: name, "'\(name)' is no axis",
          allowed: Axis.all.map(\.key.rawValue).joined(separator: ", "),
          suggestion: NearestName.of(name, among: names))
      }
      let values = text.dropFirst(text.prefix { $0 != "=" }.count + 1)
      guard
        let node = try YAMLSource(values.hasPrefix("[") ? String(values) : "[\(values)]", at: place).root(),
        !values.isEmpty
      else {
        throw SpecificationError(
          .wrongType, at: place, key: name, "no value after '='", allowed: axis.key.allowed)
      }
      var read = SweepSpecification()
      let policy = TaskFilePolicy(specification: "", trustsStatedHash: true)
      try axis.key.read(SpecificationKey.Given(name: name, node: node, taskFiles: policy), &read)
      choices.append((axis, read[axis].texts, place))
    }
    self.choices = choices
  }

  /// The chosen ones, in their order.
  ///
  /// - Throws: ``SpecificationError`` where a choice leaves none, with the values there are.
  public func chosen(from trials: [TrialParameters]) throws(SpecificationError) -> [TrialParameters] {
    var left = trials
    for (axis, texts, place) in choices {
      let kept = left.filter { trial in axis.text(trial).map(texts.contains) ?? false }
      guard !kept.isEmpty else {
        let values = left.lazy.compactMap(axis.text).distinct
        throw SpecificationError(
          .outOfRange, at: place, key: axis.key.rawValue, "no trial has this value of \(axis.key.rawValue)",
          allowed: values.isEmpty ? nil : values.joined(separator: ", "))
      }
      left = kept
    }
    return left
  }

  /// `clip=none,T=100,200` is `clip=none` and `T=100,200`: a part with a key of its own begins a choice.
  private static func parts(_ text: String) -> [String] {
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

extension Axis {
  /// Whether a command line may call it so.
  fileprivate func isCalled(_ text: String) -> Bool {
    ([key.rawValue, name] + key.aliases).contains(text)
  }
}
