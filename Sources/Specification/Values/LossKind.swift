import GradientFlow

/// What is differentiated, by the name that specifications, `diagnose` and reference cases use.
public enum LossKind: String, Sendable, Hashable, CaseIterable {
  /// The sum of what the last layer gives at the end: no readout, no target.
  case finalSum = "final-sum"
  /// Σ_b v·h_T[b]: no readout. In a trial v ~ N(0, 1) for each hidden unit.
  case finalDot = "final-dot"
  /// Mean squared error of a linear readout of h_T.
  case finalMeanSquaredError = "final-mse"
  /// Mean squared error of a linear readout of every h_t, t = 1…T.
  case meanSquaredErrorEveryStep = "mse-every-step"
  /// Cross-entropy of a linear readout of h_T.
  case crossEntropyFinal = "cross-entropy-final"
  /// Cross-entropy of a linear readout of every h_t, t = 1…T.
  case crossEntropyEveryStep = "cross-entropy-every-step"
  /// Binary cross-entropy of logits, a linear readout of h_T.
  case binaryCrossEntropyFinal = "binary-cross-entropy-final"
  /// Binary cross-entropy of logits, a linear readout of every h_t, t = 1…T.
  case binaryCrossEntropyEveryStep = "binary-cross-entropy-every-step"
  /// That of a task to be learned, with a readout of the size it says.
  case task

  /// Those that a specification can name.
  public static let ofTrials: [LossKind] = [
    .finalDot, .finalMeanSquaredError, .crossEntropyFinal, .crossEntropyEveryStep, .task,
  ]

  /// Those of a model that a user brings, with targets of their own.
  public static let ofModels: [LossKind] = allCases.filter { $0 != .task }

  /// Those of reference cases.
  public static let ofCases: [LossKind] = ofTrials.filter { $0 != .task }

  /// Whether a linear layer stands between h_t and the loss.
  public var hasReadout: Bool { self != .finalDot && self != .finalSum }

  /// Whether it is a task's own loss.
  public var isOfTask: Bool { self == .task }

  /// The steps it reads; of that of a task the task knows.
  public var placement: LossPlacement {
    switch self {
    case .meanSquaredErrorEveryStep, .crossEntropyEveryStep, .binaryCrossEntropyEveryStep: .everyStep
    case .finalSum, .finalDot, .finalMeanSquaredError, .crossEntropyFinal, .binaryCrossEntropyFinal, .task:
      .finalStep
    }
  }

  /// Whether its targets are classes, such as the next symbol of a text.
  public var needsClasses: Bool { self == .crossEntropyFinal || self == .crossEntropyEveryStep }
}
