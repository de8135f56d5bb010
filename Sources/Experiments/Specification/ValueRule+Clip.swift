import GradientFlow

extension ValueRule<GradientClip> {
  /// `none`, or a rule with its threshold: `{step-norm: 1}`.
  static func clip() -> ValueRule {
    let kinds = GradientClip.Kind.allCases.map(\.rawValue)
    let ruled = kinds.filter { $0 != GradientClip.Kind.none.rawValue }
    let allowed = "none, " + ruled.map { "{\($0): x}" }.joined(separator: ", ") + " with x > 0"
    let threshold = ValueRule<Double>.real("finite numbers above 0") { $0 > 0 }
    return ValueRule(
      allowed: allowed, numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        func unknown(_ word: String, at place: SpecificationError.Place) -> SpecificationError {
          SpecificationError(
            .unknownName, at: place, key: key, value: word,
            "\(key): \(Excerpt.quoted(word)) is none of the choices", allowed: allowed,
            suggestion: NearestName.of(word, among: kinds))
        }
        switch node.content {
        case .scalar:
          guard let word = node.word else { break }
          guard let kind = GradientClip.Kind(rawValue: word) else {
            throw unknown(word, at: node.place)
          }
          guard let clip = GradientClip(kind: kind, threshold: nil) else {
            throw node.error(.wrongType, key: key, "has no threshold", allowed: "{\(word): x}")
          }
          return clip
        case .mapping(let entries):
          guard let entry = entries.first, entries.count == 1 else { break }
          guard let kind = GradientClip.Kind(rawValue: entry.name) else {
            throw unknown(entry.name, at: entry.place)
          }
          let value = try threshold.read(entry.value, "\(key).\(entry.name)")
          guard let clip = GradientClip(kind: kind, threshold: value) else {
            throw node.error(
              .wrongType, key: key, "has a threshold where none belongs", allowed: "\(entry.name)")
          }
          return clip
        case .list: break
        }
        throw node.error(.wrongType, key: key, "is not a clipping rule", allowed: allowed)
      },
      text: { clip in
        guard let threshold = clip.threshold else { return clip.kind.rawValue }
        return "{\(clip.kind.rawValue): \(threshold.shortestDecimal)}"
      })
  }
}
