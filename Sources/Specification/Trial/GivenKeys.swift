import ModelFiles
import TextFiles

/// The keys that are given, each with its value.
typealias GivenKeys = [SpecificationKey: SpecificationNode.Entry]

extension SweepSpecification {
  /// The keys a specification's text gives, each once.
  static func givenKeys(in text: String, file: String) throws(SpecificationError) -> GivenKeys {
    let source = YAMLSource(text, at: .file(file))
    guard let root = try source.root() else {
      throw SpecificationError(
        .missingKey, at: source.place, "the specification is empty", allowed: shape)
    }
    guard case .mapping(let entries) = root.content else {
      throw SpecificationError(
        .wrongType, at: root.place, value: root.excerpt,
        "a specification cannot be \(root.excerpt)", allowed: shape)
    }
    return try distinct(entries)
  }

  /// The keys that `key=value` overrides give, each once.
  static func givenKeys(inOverrides overrides: [String]) throws(SpecificationError) -> GivenKeys {
    var entries: [SpecificationNode.Entry] = []
    for override in overrides {
      let place = SpecificationError.Place.commandLine(override: override)
      try CombiningRun.check(override, in: place)
      guard let sign = override.firstIndex(of: "=") else {
        throw SpecificationError(
          .wrongType, at: place, value: Excerpt.shortened(override), "not an override",
          allowed: "KEY=VALUE, as in rho=0.9,1.1")
      }
      let name = override[..<sign].filter { $0 != " " }
      let text = asList(String(override[override.index(after: sign)...]), of: name)
      guard let value = try YAMLSource(text, at: place).root() else {
        throw SpecificationError(
          .wrongType, at: place, key: Excerpt.shortened(name), "no value after '='",
          allowed: "KEY=VALUE, as in rho=0.9,1.1")
      }
      entries.append(SpecificationNode.Entry(name: name, place: place, value: value))
    }
    return try distinct(entries)
  }

  /// Values of a key that takes several, separated by commas, mean a list, whose brackets a shell might interpret:
  /// `seeds=0,1,2`, `clip=none,{global-norm: 1}`.
  private static func asList(_ text: String, of name: String) -> String {
    guard let key = SpecificationKey.named(name), key.isAxis || key.takesList else { return text }
    var depth = 0
    for character in text {
      switch character {
      case "[", "{": depth += 1
      case "]", "}": depth -= 1
      case "\"", "'": return text
      case "," where depth == 0: return "[\(text)]"
      default: continue
      }
    }
    return text
  }

  private static let shape = "lines of 'key: value', at least 'name: …'"

  private static func distinct(_ entries: [SpecificationNode.Entry]) throws(SpecificationError) -> GivenKeys {
    let keys = SpecificationKey.allCases
    try entries.checkKeys(among: keys.map(\.rawValue), aliases: keys.flatMap(\.aliases))
    var given: GivenKeys = [:]
    for entry in entries {
      guard let key = SpecificationKey.named(entry.name) else { continue }
      if let first = given.updateValue(entry, forKey: key) {
        let same = first.name == entry.name ? "" : ", which is '\(first.name)'"
        throw entry.keyError(
          .duplicateKey, "key '\(entry.name)'\(same), is given twice, first at \(first.place)")
      }
    }
    return given
  }
}
