import GradientFlow
import TextFiles

/// What of a run a figure shows: some of its trials, and of their networks some of the layers, as in
/// `clip=none,layer=0,1`.
public struct FigureSelection: Sendable, Equatable {
  /// The values of what tells layers apart.
  private struct Choice: Sendable, Equatable {
    let axis: PlaceAxis
    let texts: [String]
    let place: SpecificationError.Place

    /// Wherever they are written.
    static func == (a: Choice, b: Choice) -> Bool { (a.axis, a.texts) == (b.axis, b.texts) }
  }

  /// The trials.
  public private(set) var trials: TrialSelection
  private var choices: [Choice] = []

  /// - Parameter texts: each one or more of `AXIS=VALUE,VALUE…`, separated by commas.
  /// - Throws: ``SpecificationError`` for what is no axis or no value of it.
  public init(_ texts: [String]) throws(SpecificationError) {
    let parts = texts.flatMap(TrialSelection.parts)
    trials = try TrialSelection(parts.filter { Self.axis(ofPart: $0) == nil }, besides: Self.names)
    for part in parts {
      guard let axis = Self.axis(ofPart: part) else { continue }
      try choose(axis, Self.values(ofPart: part), at: .commandLine(override: part))
    }
  }

  /// A selection of trials alone.
  public init(_ trials: TrialSelection) { self.trials = trials }

  /// A selection in YAML: the text of a command line, or a mapping from axes to values.
  init(_ node: SpecificationNode, key: String) throws(SpecificationError) {
    if let text = node.word {
      let parts = TrialSelection.parts(text)
      trials = try TrialSelection(
        parts.filter { Self.axis(ofPart: $0) == nil }, at: node.place, besides: Self.names)
      for part in parts {
        if let axis = Self.axis(ofPart: part) { try choose(axis, Self.values(ofPart: part), at: node.place) }
      }
      return
    }
    guard case .mapping(let entries) = node.content, !entries.isEmpty else {
      throw node.error(.wrongType, key: key, "selects no trials", allowed: TrialSelection.allowed)
    }
    trials = try TrialSelection(
      entries.filter { PlaceAxis(rawValue: $0.name) == nil }, besides: Self.names)
    for entry in entries {
      guard let axis = PlaceAxis(rawValue: entry.name) else { continue }
      let values: [SpecificationNode]
      if case .list(let items) = entry.value.content { values = items } else { values = [entry.value] }
      let texts = try values.map { (value) throws(SpecificationError) -> String in
        guard let word = value.word else { throw Self.error(axis, "", at: value.place) }
        return word
      }
      try choose(axis, texts, at: entry.place)
    }
  }

  private static let names = PlaceAxis.allCases.map(\.rawValue)

  private mutating func choose(
    _ axis: PlaceAxis, _ texts: [String], at place: SpecificationError.Place
  ) throws(SpecificationError) {
    if let wrong = texts.first(where: { !axis.accepts($0) }) ?? (texts.isEmpty ? "" : nil) {
      throw Self.error(axis, wrong, at: place)
    }
    choices.append(Choice(axis: axis, texts: texts.distinct, place: place))
  }

  private static func error(
    _ axis: PlaceAxis, _ text: String, at place: SpecificationError.Place
  ) -> SpecificationError {
    SpecificationError(
      .outOfRange, at: place, key: axis.rawValue, value: Excerpt.quoted(text),
      "\(axis.rawValue): \(Excerpt.quoted(text)) is none", allowed: axis.allowed)
  }

  private static func axis(ofPart text: String) -> PlaceAxis? {
    PlaceAxis(rawValue: text.prefix { $0 != "=" }.filter { $0 != " " })
  }

  private static func values(ofPart text: String) -> [String] {
    text.drop { $0 != "=" }.dropFirst().filter { !"[] ".contains($0) }
      .split(separator: ",").map(String.init)
  }
}

extension FigureSelection {
  /// Whether nothing is chosen.
  public var isEmpty: Bool { trials.isEmpty && choices.isEmpty }

  /// Whether it has a word on what tells layers apart.
  public func names(_ axis: PlaceAxis) -> Bool { choices.contains { $0.axis == axis } }

  /// Its trials, for what speaks of whole networks.
  ///
  /// - Throws: ``SpecificationError`` where it chooses layers.
  public func ofNetworks() throws(SpecificationError) -> TrialSelection {
    guard let choice = choices.first else { return trials }
    throw SpecificationError(
      .contradiction, at: choice.place, key: choice.axis.rawValue,
      "results of training are of whole networks, of which no \(choice.axis.rawValue) can be chosen",
      allowed: TrialSelection.allowed)
  }

  /// Whether it shows a layer. A place without a part, of an encoder and a decoder, is both.
  public func contains(_ place: LayerPlace) -> Bool {
    choices.allSatisfy { choice in choice.axis.text(place).map(choice.texts.contains) ?? false }
  }

  /// The trials it shows, in their order: of the chosen ones those whose networks have a chosen layer.
  ///
  /// - Throws: ``SpecificationError`` where a choice leaves none, with the values there are.
  public func chosen(from all: [TrialParameters]) throws(SpecificationError) -> [TrialParameters] {
    try trialsWithLayers(trials.chosen(from: all))
  }

  private func trialsWithLayers(
    _ trials: [TrialParameters]
  ) throws(SpecificationError) -> [TrialParameters] {
    var left = trials
    for (k, choice) in choices.enumerated() {
      let kept = left.filter { trial in
        trial.places.contains { place in
          choices.prefix(k + 1).allSatisfy { $0.axis.text(place).map($0.texts.contains) ?? false }
        }
      }
      guard !kept.isEmpty else {
        let values = left.flatMap { $0.places.compactMap(choice.axis.text) }.distinct
        throw SpecificationError(
          .outOfRange, at: choice.place, key: choice.axis.rawValue,
          "no network has such a \(choice.axis.rawValue)",
          allowed: values.isEmpty ? nil : values.joined(separator: ", "))
      }
      left = kept
    }
    return left
  }

  /// The same, where the other has no word on an axis.
  public func overridden(by other: FigureSelection) -> FigureSelection {
    var both = self
    both.trials = trials.overridden(by: other.trials)
    both.choices.removeAll { choice in other.choices.contains { $0.axis == choice.axis } }
    both.choices += other.choices
    return both
  }

  /// The same without what it says of some axes; nil for nothing.
  func without(_ axes: [Axis]) -> FigureSelection? {
    var left = self
    left.trials = trials.without(axes) ?? .all
    return left.isEmpty ? nil : left
  }

  /// Each axis with its shortest name and its values, as specifications write them.
  public var values: [(name: String, texts: [String])] {
    trials.values.map { ($0.axis.shortName, $0.texts) } + choices.map { ($0.axis.rawValue, $0.texts) }
  }

  /// As a command line has it: `clip=none, T=100,200, layer=0`.
  public var text: String {
    values.map { "\($0.name)=\($0.texts.joined(separator: ","))" }.joined(separator: ", ")
  }

  /// As a mapping in YAML, which reads back the same.
  var yaml: String {
    let members =
      trials.values.map { ($0.axis.key.rawValue, $0.texts) } + choices.map { ($0.axis.rawValue, $0.texts) }
    return "{\(members.map { "\($0.0): [\($0.1.joined(separator: ", "))]" }.joined(separator: ", "))}"
  }

  /// - Throws: ``SpecificationError`` for what a specification has none of.
  func check(_ specification: SweepSpecification) throws(SpecificationError) {
    try trials.check(specification)
    if !choices.isEmpty { _ = try trialsWithLayers(specification.trials) }
  }
}
