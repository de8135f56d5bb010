import GradientFlow
import TextFiles

extension ValueRule<GradientRule> {
  /// `none`, a clip with its threshold as `{step-norm: 1}`, or a penalty with its weight, alone or beside a clip:
  /// `{global-norm: 1, omega: 2}`.
  package static func clip() -> ValueRule {
    let kinds = GradientClip.Kind.allCases.map(\.rawValue)
    let penalties = NormPreservationPenalty.Form.allCases.map(\.rawValue)
    let ruled = kinds.filter { $0 != GradientClip.Kind.none.rawValue }
    let clips = ruled.map { "{\($0): x}" }.joined(separator: ", ")
    let added = penalties.map { "\($0): x" }.joined(separator: " or ")
    let allowed =
      "none, \(clips) with x > 0; in training also \(added), alone or with a clip; short form: "
      + "\(GradientClip.Kind.globalNorm.rawValue):x"
    let amount = ValueRule<Double>.aboveZero
    return ValueRule(
      allowed: allowed, numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        func unknown(_ word: String, at place: SpecificationError.Place) -> SpecificationError {
          SpecificationError(
            .unknownName, at: place, key: key, value: word,
            "\(key): \(Excerpt.quoted(word)) is not one of the choices", allowed: allowed,
            suggestion: NearestName.of(word, among: GradientRule.names))
        }
        switch node.content {
        case .scalar:
          guard let word = node.word else { break }
          do throws(GradientRule.TextProblem) {
            return try GradientRule(text: word)
          } catch {
            switch error {
            case .unknownName(let name): throw unknown(name, at: node.place)
            case .missingNumber(let name):
              throw node.error(
                .wrongType, key: key, "has no threshold", allowed: "\(name):x, or {\(name): x}")
            case .superfluousNumber(let name):
              throw node.error(.wrongType, key: key, "has a threshold where none belongs", allowed: name)
            case .invalidNumber(let text, let name):
              throw node.error(
                .outOfRange, key: "\(key).\(name)", "has \(Excerpt.quoted(text)) as its threshold",
                allowed: amount.allowed)
            case .repeated(let name):
              throw node.error(
                .wrongType, key: key, "has \(name) and another rule of its kind", allowed: allowed)
            }
          }
        case .mapping(let entries):
          // One clip at most, and one penalty.
          let forms = entries.count { penalties.contains($0.name) }
          guard !entries.isEmpty, forms <= 1, entries.count - forms <= 1 else { break }
          var (clip, penalty): (GradientClip?, NormPreservationPenalty?)
          for entry in entries {
            let name = "\(key).\(entry.name)"
            if let form = NormPreservationPenalty.Form(rawValue: entry.name) {
              penalty = NormPreservationPenalty(form: form, weight: try amount.read(entry.value, name))
              continue
            }
            guard let kind = GradientClip.Kind(rawValue: entry.name) else {
              throw unknown(entry.name, at: entry.place)
            }
            let value = try amount.read(entry.value, name)
            guard let known = GradientClip(kind: kind, threshold: value) else {
              throw node.error(
                .wrongType, key: key, "has a threshold where none belongs", allowed: "\(entry.name)")
            }
            clip = known
          }
          return GradientRule(clip: clip ?? .none, penalty: penalty)
        case .list: break
        }
        throw node.error(.wrongType, key: key, "is not a clipping rule", allowed: allowed)
      },
      text: { rule in
        let parts =
          (rule.clip.threshold.map { ["\(rule.clip.kind.rawValue): \($0.shortestDecimal)"] } ?? [])
          + (rule.penalty.map { ["\($0.form.rawValue): \($0.weight.shortestDecimal)"] } ?? [])
        return parts.isEmpty ? rule.clip.kind.rawValue : "{\(parts.joined(separator: ", "))}"
      })
  }
}
