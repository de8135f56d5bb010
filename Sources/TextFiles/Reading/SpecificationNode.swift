import ModelFiles

/// A value in a specification's YAML, with its place.
package struct SpecificationNode {
  /// What the value is made of.
  package enum Content {
    case scalar(String, isQuoted: Bool)
    case list([SpecificationNode])
    case mapping([Entry])
  }

  /// A key of a mapping with its value.
  package struct Entry {
    package let name: String
    package let place: SpecificationError.Place
    package let value: SpecificationNode

    package init(name: String, place: SpecificationError.Place, value: SpecificationNode) {
      self.name = name
      self.place = place
      self.value = value
    }
  }

  package let content: Content
  package let place: SpecificationError.Place

  package init(content: Content, place: SpecificationError.Place) {
    self.content = content
    self.place = place
  }

  /// The text of a scalar, quoted or not; nil for lists, mappings and YAML's null.
  package var word: String? {
    guard case .scalar(let text, let isQuoted) = content else { return nil }
    return isQuoted || !Self.nullWords.contains(text) ? text : nil
  }

  /// The text of a scalar that is not quoted; nil for everything else.
  package var plainWord: String? {
    if case .scalar(_, isQuoted: false) = content { return word }
    return nil
  }

  /// Plain words that mean "no value" in YAML.
  static let nullWords: Set<String> = ["", "~", "null", "Null", "NULL"]
  /// Plain words that are truth values in YAML.
  package static let truthWords: Set<String> = ["true", "True", "TRUE", "false", "False", "FALSE"]

  /// The value as a message shows it.
  package var excerpt: String {
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
  package func error(
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
  package func keyError(
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
  package func checkKeys(
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
