import GradientFlow
import TextFiles

extension GradientRule {
  /// Neither a clip nor a penalty.
  package var isNone: Bool { clip == .none && penalty == nil }

  /// For readers: `none`, `clip 1`, `step clip 1 + penalty`; of several kinds each with its name, of several penalties
  /// each with its weight.
  package func words(among rules: [GradientRule] = []) -> String {
    if isNone { return "none" }
    var parts: [String] = []
    if let threshold = clip.threshold {
      let kinds = Set(rules.map(\.clip.kind)).subtracting([.none])
      let name = kinds.count > 1 || clip.kind != .globalNorm ? clip.kind.words : "clip"
      parts.append("\(name) \(CSVField.number(threshold))")
    }
    if let penalty {
      parts.append(Set(rules.compactMap(\.penalty)).count > 1 ? penalty.label : "penalty")
    }
    return parts.joined(separator: " + ")
  }
}

extension GradientClip.Kind {
  /// For readers.
  fileprivate var words: String {
    switch self {
    case .none: "none"
    case .globalNorm: "global clip"
    case .value: "value clip"
    case .stepNorm: "step clip"
    case .stepNormExample: "step clip of each example"
    }
  }
}
