extension SweepSpecification {
  /// The keys a specification's text gives, each once.
  static func givenKeys(
    in text: String, file: String
  ) throws(SpecificationError) -> [SpecificationKey: SpecificationNode.Entry] {
    let source = YAMLSource(text, origin: .file(file))
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
  static func givenKeys(
    inOverrides overrides: [String]
  ) throws(SpecificationError) -> [SpecificationKey: SpecificationNode.Entry] {
    var entries: [SpecificationNode.Entry] = []
    for override in overrides {
      let place = SpecificationError.Place.commandLine(override: override)
      guard CombiningRun.excess(in: override) == nil else {
        throw SpecificationError(.tooLarge, at: place, CombiningRun.problem)
      }
      guard let sign = override.firstIndex(of: "=") else {
        throw SpecificationError(
          .wrongType, at: place, value: Excerpt.shortened(override), "not an override",
          allowed: "KEY=VALUE, as in spectral_radius=[0.9, 1.1]")
      }
      let name = override[..<sign].filter { $0 != " " }
      let text = String(override[override.index(after: sign)...])
      guard let value = try YAMLSource(text, origin: .override(override)).root() else {
        throw SpecificationError(
          .wrongType, at: place, key: Excerpt.shortened(name), "no value after '='",
          allowed: "KEY=VALUE, as in spectral_radius=[0.9, 1.1]")
      }
      entries.append(SpecificationNode.Entry(name: name, place: place, value: value))
    }
    return try distinct(entries)
  }

  private static let shape = "lines of 'key: value', at least 'name: …'"

  private static func distinct(
    _ entries: [SpecificationNode.Entry]
  ) throws(SpecificationError) -> [SpecificationKey: SpecificationNode.Entry] {
    let keys = SpecificationKey.allCases
    try entries.checkKeys(among: keys.map(\.rawValue), aliases: keys.flatMap(\.aliases))
    var given: [SpecificationKey: SpecificationNode.Entry] = [:]
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
