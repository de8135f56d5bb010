import GradientFlow

/// What is done to gradients: a value of the axis `clip`.
public struct GradientRule: Sendable, Hashable {
  public let clip: GradientClip
  /// Of training alone; nil for none.
  public let penalty: NormPreservationPenalty?

  public init(clip: GradientClip, penalty: NormPreservationPenalty? = nil) {
    self.clip = clip
    self.penalty = penalty
  }

  /// `none`, `global-norm:1`, `global-norm:1+omega-squared:4`, `omega:2`.
  public var label: String {
    guard let penalty else { return clip.label }
    let part = "\(penalty.form.rawValue):\(CSVField.number(penalty.weight))"
    return clip == .none ? part : "\(clip.label)+\(part)"
  }
}
