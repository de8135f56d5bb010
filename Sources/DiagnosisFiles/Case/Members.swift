import Specification
import TextFiles

/// An object's values by key.
struct Members {
  let node: SpecificationNode
  private let entries: [SpecificationNode.Entry]
  private let key: String?

  /// - Parameter whole: what an object without a key is.
  init(_ node: SpecificationNode, key: String? = nil, of whole: String = "it") throws(SpecificationError) {
    guard case .mapping(let entries) = node.content else {
      throw node.error(.wrongType, key: key ?? whole, "is not an object", allowed: "{\"key\": value, …}")
    }
    self.node = node
    self.entries = entries
    self.key = key
  }

  func required(_ name: String) throws(SpecificationError) -> SpecificationNode {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw SpecificationError(
        .missingKey, at: node.place, key: path(name), "the key '\(path(name))' is missing")
    }
    return entry.value
  }

  func value<Value>(_ name: String, _ rule: ValueRule<Value>) throws(SpecificationError) -> Value {
    try rule.read(required(name), path(name))
  }

  /// A value; nil where it is null or not given.
  func optional<Value>(_ name: String, _ rule: ValueRule<Value>) throws(SpecificationError) -> Value? {
    guard let value = entries.first(where: { $0.name == name })?.value else { return nil }
    if case .scalar("null", isQuoted: false) = value.content { return nil }
    return try rule.read(value, path(name))
  }

  func string(_ name: String) throws(SpecificationError) -> String {
    let value = try required(name)
    guard case .scalar(let text, isQuoted: true) = value.content else {
      throw value.error(.wrongType, key: path(name), "is not a string", allowed: "text in double quotes")
    }
    return text
  }

  /// The objects of a list.
  func objects(_ name: String) throws(SpecificationError) -> [Members] {
    let value = try required(name)
    guard case .list(let items) = value.content else {
      throw value.error(.wrongType, key: path(name), "is not a list", allowed: "[{\"key\": value, …}, …]")
    }
    var found: [Members] = []
    for (k, item) in items.enumerated() { found.append(try Members(item, key: "\(path(name))[\(k)]")) }
    return found
  }

  /// The items of a list.
  func list(_ name: String) throws(SpecificationError) -> [SpecificationNode] {
    let value = try required(name)
    guard case .list(let items) = value.content else {
      throw value.error(.wrongType, key: path(name), "is not a list", allowed: "[value, …]")
    }
    return items
  }

  /// A text; nil where it is null or not given.
  func optionalString(_ name: String) throws(SpecificationError) -> String? {
    guard let value = entries.first(where: { $0.name == name })?.value else { return nil }
    if case .scalar("null", isQuoted: false) = value.content { return nil }
    return try string(name)
  }

  /// true or false.
  func boolean(_ name: String) throws(SpecificationError) -> Bool {
    let value = try required(name)
    switch value.content {
    case .scalar("true", isQuoted: false): return true
    case .scalar("false", isQuoted: false): return false
    default:
      throw value.error(.wrongType, key: path(name), "is neither true nor false", allowed: "true, false")
    }
  }

  private func path(_ name: String) -> String { key.map { "\($0).\(name)" } ?? name }
}
