import GradientFlow
import Specification

/// Losses and their targets, of a model that a user brings.
extension LossKind {
  /// The shape of the targets.
  public var targetShape: String {
    switch self {
    case .finalSum, .task: return "none"
    case .finalDot: return "[D·H]"
    case .finalMeanSquaredError: return "[B, O], or [B] where O = 1"
    case .meanSquaredErrorEveryStep: return "[T, B, O], or [T, B] where O = 1"
    case .crossEntropyFinal: return "[B], integers"
    case .crossEntropyEveryStep: return "[T, B], integers"
    case .binaryCrossEntropyFinal: return "[B, O] of 0…1, or [B] where O = 1"
    case .binaryCrossEntropyEveryStep: return "[T, B, O] of 0…1, or [T, B] where O = 1"
    }
  }

  /// Whether a head stands between h_t and the loss.
  var needsHead: Bool { needsClasses || isBinary }

  /// Whether it compares logits with numbers in 0…1.
  var isBinary: Bool { self == .binaryCrossEntropyFinal || self == .binaryCrossEntropyEveryStep }
}
