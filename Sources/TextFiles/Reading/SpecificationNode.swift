/// A value in a specification's YAML, with the place where it stands.
struct SpecificationNode {
  /// What the value is made of.
  enum Content {
    case scalar(String, isQuoted: Bool)
    case list([SpecificationNode])
    case mapping([Entry])
  }

  /// A key of a mapping with its value.
  struct Entry {
    let name: String
    let place: SpecificationError.Place
    let value: SpecificationNode
  }

  let content: Content
  let place: SpecificationError.Place

  /// The text of a scalar, quoted or not; nil for lists, mappings and YAML's null.
  var word: String? {
    guard case .scalar(let text, let isQuoted) = content else { return nil }
    return isQuoted || !Self.nullWords.contains(text) ? text : nil
  }

  /// The text of a scalar that is not quoted; nil for everything else.
  var plainWord: String? {
    if case .scalar(_, isQuoted: false) = content { return word }
    return nil
  }

  /// Plain words that mean "no value" in YAML.
  static let nullWords: Set<String> = ["", "~", "null", "Null", "NULL"]
  /// Plain words that are truth values in YAML.
  static let truthWords: Set<String> = ["true", "True", "TRUE", "false", "False", "FALSE"]

  /// The value as a message shows it.
  var excerpt: String {
    switch content {
    case .scalar(let text, let isQuoted):
      if isQuoted { return "\"\(Excerpt.shortened(text))\"" }
      guard word != nil else { return "nothing" }
      return NumberLiteral(text) == nil ? Excerpt.quoted(text) : Excerpt.shortened(text)
    case .list(let items): return items.isEmpty ? "an empty list" : "a list"
    case .mapping: return "a mapping"
    }
  }

  /// An error about this value: `key: excerpt problem`.
  func error(
    _ kind: SpecificationError.Kind, key: String, _ problem: String, allowed: String? = nil,
    suggestion: String? = nil
  ) -> SpecificationError {
    SpecificationError(
      kind, at: place, key: key, value: excerpt, "\(key): \(excerpt) \(problem)",
      allowed: allowed, suggestion: suggestion)
  }
}

extension SpecificationNode.Entry {
  /// An error about the key, not about its value.
  func keyError(
    _ kind: SpecificationError.Kind, _ problem: String, allowed: String? = nil,
    suggestion: String? = nil
  ) -> SpecificationError {
    SpecificationError(
      kind, at: place, key: name, problem, allowed: allowed, suggestion: suggestion)
  }
}

extension [SpecificationNode.Entry] {
  /// Throws for the first key that is not among `names`.
  ///
  /// - Parameter owner: what has the keys, as in "unknown key 'x' in task"; nil for the whole.
  func checkKeys(
    among names: [String], aliases: [String] = [], of owner: String? = nil
  ) throws(SpecificationError) {
    for entry in self where !names.contains(entry.name) && !aliases.contains(entry.name) {
      let inside = owner.map { " in \($0)" } ?? ""
      throw entry.keyError(
        .unknownKey, "unknown key \(Excerpt.quoted(entry.name))\(inside)",
        allowed: names.joined(separator: ", "),
        suggestion: NearestName.of(entry.name, among: names + aliases))
    }
  }
}
