import ModelFiles
import TextFiles

/// A figure that a specification asks for: its name, what it shows and how large it is, with places for messages.
///
/// What figures, presets and sizes there are, `Figures` knows; axes and values of axes are checked here.
public struct FigureSpecification: Sendable, Equatable {
  /// A word of it, and where it stands.
  public struct Word: Sendable, Equatable {
    public let text: String
    let place: SpecificationError.Place

    /// Wherever they stand.
    public static func == (a: Word, b: Word) -> Bool { a.text == b.text }
  }

  public internal(set) var figure: Word
  /// What its files are called; nil: as follows from the rest.
  public internal(set) var name: Word?
  public internal(set) var selection: FigureSelection?
  public internal(set) var x, hue, panel: FigureAxis?
  public internal(set) var preset, size, fontSize, title, ink: Word?

  init(_ figure: Word) { self.figure = figure }

  /// As YAML that reads back the same.
  var yaml: String {
    var members = [("figure", YAMLText.of(figure.text))]
    func add(_ key: String, _ value: String?) { if let value { members.append((key, value)) } }
    add("name", name.map { YAMLText.of($0.text) })
    add("where", selection?.yaml)
    for (key, path) in Self.axes { add(key, self[keyPath: path]?.name) }
    for (key, path) in Self.words { add(key, self[keyPath: path].map { YAMLText.of($0.text) }) }
    if members.count == 1 { return members[0].1 }
    return "{" + members.map { "\($0): \($1)" }.joined(separator: ", ") + "}"
  }

  private static var axes: [(String, WritableKeyPath<FigureSpecification, FigureAxis?>)] {
    [("x", \.x), ("hue", \.hue), ("panel", \.panel)]
  }

  private static var words: [(String, WritableKeyPath<FigureSpecification, Word?>)] {
    [
      ("preset", \.preset), ("size", \.size), ("font_size", \.fontSize), ("title", \.title), ("ink", \.ink),
    ]
  }
}

extension FigureSpecification.Word {
  init(_ node: SpecificationNode, key: String, allowed: String) throws(SpecificationError) {
    guard let word = node.word, !word.isEmpty, word.utf8.count <= 100 else {
      throw node.error(.wrongType, key: key, "is not one word", allowed: allowed)
    }
    self.init(text: word, place: node.place)
  }

  /// An error about it: `figures.KEY: 'text' problem`.
  package func error(
    _ kind: SpecificationError.Kind, key: String? = nil, _ problem: String, allowed: String? = nil,
    suggestion: String? = nil
  ) -> SpecificationError {
    let key = key.map { "figures.\($0)" } ?? "figures"
    return SpecificationError(
      kind, at: place, key: key, value: Excerpt.quoted(text), "\(key): \(Excerpt.quoted(text)) \(problem)",
      allowed: allowed, suggestion: suggestion)
  }
}

// MARK: - Reading

extension FigureSpecification {
  /// An item of the list: a figure's name, or a mapping with more.
  init(_ node: SpecificationNode) throws(SpecificationError) {
    let key = SpecificationKey.figures.rawValue
    guard case .mapping(let entries) = node.content else {
      self.init(try Word(node, key: key, allowed: Self.form))
      return
    }
    let axes = Self.axes, words = Self.words
    try entries.checkKeys(
      among: ["figure", "name", "where"] + axes.map(\.0) + words.map(\.0), of: key)
    func value(_ name: String) -> SpecificationNode? { entries.first { $0.name == name }?.value }
    guard let figure = value("figure") else {
      throw node.error(.missingKey, key: key, "has no 'figure'", allowed: Self.form)
    }
    self.init(try Word(figure, key: "\(key).figure", allowed: "the name of a figure"))
    if let node = value("name") {
      name = Word(text: try ValueRule.fileName.read(node, "\(key).name"), place: node.place)
    }
    if let node = value("where") { selection = try FigureSelection(node, key: "\(key).where") }
    for (name, path) in axes {
      guard let node = value(name) else { continue }
      let word = try Word(node, key: "\(key).\(name)", allowed: "the name of an axis")
      self[keyPath: path] = try FigureAxis.named(word.text, at: word.place)
    }
    for (name, path) in words {
      guard let node = value(name) else { continue }
      self[keyPath: path] = try Word(
        node, key: "\(key).\(name)", allowed: "one word, as in \(name): \(Self.example(name))")
    }
  }

  private static let form = "a name, or {figure: decay, where: {T: 100}, hue: clip, preset: slide, …}"

  private static func example(_ key: String) -> String {
    switch key {
    case "preset": "slide"
    case "size": "85mm"
    case "font_size": "7"
    case "title": "none"
    default: "black"
    }
  }
}

extension SpecificationKey {
  /// `figures`: which figures a run has; it makes no difference to trials.
  package static let figures = {
    let all = "all"
    let allowed =
      "all (that apply), or a list of figures: [decay, {figure: decay, where: {T: 100}, hue: clip, preset: slide}], "
      + "[] for none"
    var key = SpecificationKey(
      rawValue: "figures",
      summary:
        "Figures to draw: names, or mappings with 'figure' and any of name (of its files), where (axis: "
        + "values), x, hue and panel (axes), preset, size, font_size, title and ink, as the options of 'gradflow "
        + "plot'.",
      allowed: allowed, defaultText: all,
      read: { (given, specification) throws(SpecificationError) in
        switch given.node.content {
        case .scalar where given.node.plainWord == all: specification.figures = nil
        case .list(let items):
          specification.figures = try items.map { (item) throws(SpecificationError) in
            try FigureSpecification(item)
          }
        case .scalar, .mapping: specification.figures = [try FigureSpecification(given.node)]
        }
      },
      values: { specification in
        [specification.figures.map { "[\($0.map(\.yaml).joined(separator: ", "))]" } ?? all]
      })
    key.isUnwrittenAtDefault = true
    key.decidesTrials = false
    return key
  }()
}

extension SweepSpecification {
  /// Throws for a figure of trials that the grid does not have. What a file chooses of an axis that an override changes
  /// is forgotten.
  mutating func checkFigures(_ given: GivenKeys) throws(SpecificationError) {
    guard let entry = given[.figures], let figures else { return }
    let changed =
      entry.place.isCommandLine ? [] : Axis.all.filter { given[$0.key]?.place.isCommandLine ?? false }
    self.figures = try figures.map { (figure) throws(SpecificationError) in
      var figure = figure
      figure.selection = figure.selection?.without(changed)
      try figure.selection?.check(self)
      return figure
    }
  }
}
