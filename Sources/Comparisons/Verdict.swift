/// The one line that says what a comparison found at one setting. It says no more than its numbers do: what seeds
/// scatter over is no growth, and what a loss at every step hides is not called surviving.
public struct Verdict: Sendable {
  private let group: ComparisonGroup
  /// The reference first.
  package let judgements: [VariantJudgement]

  /// - Parameter variants: the reference first.
  public init(_ group: ComparisonGroup, _ variants: [VariantDecay]) {
    self.group = group
    let reference = variants.first
    judgements = variants.enumerated().map { k, variant in
      VariantJudgement(variant, in: group, reference: k == 0 ? nil : reference)
    }
  }

  /// `rnn vanishes; lstm (forget bias 1) vanishes, 2.5 times slower than rnn`.
  public var line: String {
    guard !judgements.isEmpty else { return "no trials" }
    let parts = judgements.map { "\($0.name) \($0.behaviour)\(Self.otherMeasure($0))\($0.relationWords)" }
    return group.opening + parts.joined(separator: "; ")
  }

  private static func otherMeasure(_ judgement: VariantJudgement) -> String {
    guard judgement.isContradicted else { return "" }
    let size = judgement.trend == .falls ? "larger" : "smaller"
    return " (the norm of the whole batch is \(size) at t = 1 than at t = T)"
  }
}

extension ComparisonGroup {
  /// What has to be known before the rates are read.
  var opening: String {
    var parts: [String] = []
    if hasLossAtEveryStep { parts.append("a loss at every step hides vanishing") }
    if staysAtZero { parts.append("the state stays at the fixed point 0, linearised there") }
    return parts.isEmpty ? "" : parts.joined(separator: "; ") + ": "
  }
}
