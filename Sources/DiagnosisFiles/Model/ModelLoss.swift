import GradientFlow
import Specification

/// Losses and their targets, of a model that a user brings.
extension LossKind {
  /// The shape of the targets.
  public var targetShape: String {
    switch self {
    case .finalSum, .task: return "none"
    case .finalDot: return "[D·H]"
    case .finalMeanSquaredError: return "[B, O]"
    case .meanSquaredErrorEveryStep: return "[T, B, O]"
    case .crossEntropyFinal: return "[B], integers"
    case .crossEntropyEveryStep: return "[T, B], integers"
    }
  }

  /// The loss that matches targets of this shape and type, used by default.
  static func suited(to targets: NumericArray?) -> LossKind? {
    guard let targets else { return .finalSum }
    switch (targets.shape.count, targets.storedType.isFloatingPoint) {
    case (1, true): return .finalDot
    case (2, true): return .finalMeanSquaredError
    case (3, true): return .meanSquaredErrorEveryStep
    case (1, false): return .crossEntropyFinal
    case (2, false): return .crossEntropyEveryStep
    default: return nil
    }
  }
}
