/// The losses that a specification can name.
public enum LossKind: String, Sendable, Hashable, CaseIterable {
  /// Σ_b v·h_T[b] with v ~ N(0, 1) for each hidden unit: no readout, no target.
  case finalDot = "final-dot"
  /// Mean squared error of a linear readout of h_T.
  case finalMeanSquaredError = "final-mse"
  /// Cross-entropy of a linear readout of h_T.
  case crossEntropyFinal = "cross-entropy-final"
  /// Cross-entropy of a linear readout of every h_t, t = 1…T.
  case crossEntropyEveryStep = "cross-entropy-every-step"

  /// The own loss of a learnable task, with a readout of the size it requires.
  case task

  /// Whether there is a linear layer between h_t and the loss.
  public var hasReadout: Bool { self != .finalDot }

  /// Whether it is a task's own loss.
  public var isOfTask: Bool { self == .task }

  /// Whether its targets are classes, such as the next symbol of a text.
  public var needsClasses: Bool {
    switch self {
    case .crossEntropyFinal, .crossEntropyEveryStep: return true
    case .finalDot, .finalMeanSquaredError, .task: return false
    }
  }
}
