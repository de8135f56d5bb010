import GradientFlow

/// What is differentiated of a model that a user brings. Raw values are what `--loss` takes.
public enum ModelLossKind: String, Sendable, CaseIterable {
  /// The sum of the last layer's final outputs: no targets, no readout.
  case finalSum = "final-sum"
  /// Σ_b v · h_T[b], v [D·H] from the targets' file.
  case finalDot = "final-dot"
  /// Mean squared error at the end, targets [B, O].
  case finalMeanSquaredError = "final-mse"
  /// Mean squared error of every step, targets [T, B, O].
  case meanSquaredErrorEveryStep = "mse-every-step"
  /// Cross entropy at the end, classes [B].
  case crossEntropyFinal = "cross-entropy-final"
  /// Cross entropy of every step, classes [T, B].
  case crossEntropyEveryStep = "cross-entropy-every-step"

  /// The shape of the targets.
  public var targetShape: String {
    switch self {
    case .finalSum: return "none"
    case .finalDot: return "[D·H]"
    case .finalMeanSquaredError: return "[B, O]"
    case .meanSquaredErrorEveryStep: return "[T, B, O]"
    case .crossEntropyFinal: return "[B], integers"
    case .crossEntropyEveryStep: return "[T, B], integers"
    }
  }

  /// Whether the loss takes a target at every step.
  package var readsEveryStep: Bool { self == .meanSquaredErrorEveryStep || self == .crossEntropyEveryStep }

  /// The loss that matches targets of this shape and type, used by default.
  static func suited(to targets: NumericArray?) -> ModelLossKind? {
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

extension StoredType {
  /// Whether elements are floating-point numbers.
  var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: return true
    default: return false
    }
  }
}
