extension SweepSpecification {
  /// The specification with every key that applies, in one fixed form: the same specification
  /// gives the same bytes, which ``parse(text:file:overrides:requiringTaskFile:)`` reads back as an
  /// equal specification.
  ///
  /// Ranges are written out as lists; many consecutive seeds from 0 stay a range.
  public var normalisedYAML: String {
    SpecificationKey.allCases.compactMap(normalisedLine).joined()
  }

  /// The line of a key; nil where the normalised form leaves it out.
  func normalisedLine(_ key: SpecificationKey) -> String? {
    if key.isUnwrittenAtDefault, key.values(self) == [key.defaultText] { return nil }
    return normalisedText(of: key).map { "\(key.rawValue): \($0)\n" }
  }

  /// A key's value in the normalised form; nil for a key that does not apply.
  func normalisedText(of key: SpecificationKey) -> String? {
    let values = key.values(self)
    guard let first = values.first else { return nil }
    guard key.isAxis else { return first }
    if key == Axis.seed.key, values.count > 16, values == values.indices.map(String.init) {
      return "{from: 0, to: \(values.count - 1), step: 1}"
    }
    return "[" + values.joined(separator: ", ") + "]"
  }
}
