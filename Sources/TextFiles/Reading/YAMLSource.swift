import ModelFiles
import Yams

/// A YAML text that becomes a tree of ``SpecificationNode``.
///
/// Strict beyond YAML: anchors and aliases (which can unfold without bound), tags, several
/// documents and deep nesting are refused.
package struct YAMLSource {
  /// The most UTF-8 bytes that are read.
  package static let byteLimit = 4 << 20
  /// The deepest nesting; a specification needs 3.
  package static let depthLimit = 16

  package let text: String
  /// The text as a whole: a file, or an override.
  package let place: SpecificationError.Place

  package init(_ text: String, at place: SpecificationError.Place) {
    // A byte order mark would shift the first line's columns.
    let hasMark = text.unicodeScalars.first == "\u{FEFF}"
    self.text = hasMark ? String(text.unicodeScalars.dropFirst()) : text
    self.place = place
  }

  /// The text's tree; nil when there is nothing but blanks and comments.
  package func root() throws(SpecificationError) -> SpecificationNode? {
    guard text.utf8.count <= Self.byteLimit else {
      throw SpecificationError(
        .tooLarge, at: place, "\(text.utf8.count) bytes of YAML",
        allowed: "up to \(Self.byteLimit) bytes")
    }
    try checkBeforeParsing()
    let parser: Parser
    let tree: Node?
    do {
      // Without resolver rules a plain scalar stays text; the rules here decide what is a number.
      parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      tree = try parser.singleRoot()
    } catch let error as YamlError {
      throw self.error(for: error)
    } catch {
      throw SpecificationError(.malformed, at: place, "not YAML: \(error)")
    }
    guard let tree else { return nil }
    // Nodes refer to their anchors weakly: the parser keeps these alive.
    return try withExtendedLifetime(parser) { () throws(SpecificationError) in
      try node(for: tree, depth: 1)
    }
  }

  static let aliasProblem = "anchors and aliases (&, *) are not supported"

  private func place(_ mark: Mark?) -> SpecificationError.Place {
    mark.map { place.at(line: $0.line, column: $0.column) } ?? place
  }

  private func node(for node: Node, depth: Int) throws(SpecificationError) -> SpecificationNode {
    let place = place(node.mark)
    guard node.anchor == nil else {
      throw SpecificationError(.malformed, at: place, Self.aliasProblem)
    }
    guard depth <= Self.depthLimit else {
      throw SpecificationError(
        .tooLarge, at: place, "nested too deeply", allowed: "\(Self.depthLimit) levels")
    }
    switch node {
    case .scalar(let scalar):
      let isQuoted = scalar.style != .plain
      try refuseTag(scalar.tag, besides: .str, at: place)
      // `!!str 64` is plain, but not of the plain type.
      if !isQuoted, scalar.tag.rawValue == "tag:yaml.org,2002:str" {
        throw SpecificationError(.malformed, at: place, "tags (!) are not supported")
      }
      return SpecificationNode(content: .scalar(scalar.string, isQuoted: isQuoted), place: place)
    case .sequence(let sequence):
      try refuseTag(sequence.tag, besides: .seq, at: place)
      let items = try sequence.map { (item) throws(SpecificationError) in
        try self.node(for: item, depth: depth + 1)
      }
      return SpecificationNode(content: .list(items), place: place)
    case .mapping(let mapping):
      try refuseTag(mapping.tag, besides: .map, at: place)
      let entries = try mapping.map { (key, value) throws(SpecificationError) in
        try entry(key: key, value: value, depth: depth)
      }
      return SpecificationNode(content: .mapping(entries), place: place)
    case .alias:
      throw SpecificationError(.malformed, at: place, Self.aliasProblem)
    }
  }

  private func entry(
    key: Node, value: Node, depth: Int
  ) throws(SpecificationError) -> SpecificationNode.Entry {
    let place = place(key.mark)
    guard case .scalar(let scalar) = key, key.anchor == nil else {
      throw SpecificationError(.malformed, at: place, "a key must be a plain word")
    }
    try refuseTag(scalar.tag, besides: .str, at: place)
    return SpecificationNode.Entry(
      name: scalar.string, place: place, value: try node(for: value, depth: depth + 1))
  }

  private func refuseTag(
    _ tag: Tag, besides usual: Tag.Name, at place: SpecificationError.Place
  ) throws(SpecificationError) {
    guard tag.rawValue.isEmpty || tag.rawValue == usual.rawValue else {
      throw SpecificationError(
        .malformed, at: place, "tags (!) are not supported: \(Excerpt.quoted(tag.rawValue))")
    }
  }
}
