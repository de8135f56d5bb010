extension SweepSpecification {
  /// The specification with every key that applies, in one fixed form: the same specification
  /// gives the same bytes, which ``parse(text:file:overrides:requiringTaskFile:)`` reads back as an
  /// equal specification.
  ///
  /// Ranges are written out as lists; many consecutive seeds from 0 stay a range.
  public var normalisedYAML: String {
    SpecificationKey.allCases.compactMap { key in
      if key.definition.isUnwrittenAtDefault, key.definition.values(self) == [key.defaultText] { return nil }
      return normalisedText(of: key).map { "\(key.rawValue): \($0)\n" }
    }.joined()
  }

  /// A key's value in the normalised form; nil for a key that does not apply.
  func normalisedText(of key: SpecificationKey) -> String? {
    let definition = key.definition
    let values = definition.values(self)
    guard let first = values.first else { return nil }
    guard definition.isAxis else { return first }
    if key == .seeds, values.count > 16, seeds == (0..<UInt64(seeds.count)).map({ $0 }) {
      return "{from: 0, to: \(seeds.count - 1), step: 1}"
    }
    return "[" + values.joined(separator: ", ") + "]"
  }
}
