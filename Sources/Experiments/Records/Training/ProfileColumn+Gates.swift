import GradientFlow

extension ProfileColumn {
  /// The column of a gate's saturation.
  static func saturation(of gate: Gate) -> ProfileColumn {
    switch gate {
    case .preactivation: return .saturation
    case .input: return .saturationInput
    case .forget: return .saturationForget
    case .candidate: return .saturationCandidate
    case .output: return .saturationOutput
    case .reset: return .saturationReset
    case .update: return .saturationUpdate
    case .new: return .saturationNew
    }
  }

  /// The column of ∂L/∂a_t of a gate; nil for the single block of a plain RNN.
  static func gradient(of gate: Gate) -> ProfileColumn? {
    switch gate {
    case .preactivation: return nil
    case .input: return .gateInput
    case .forget: return .gateForget
    case .candidate: return .gateCandidate
    case .output: return .gateOutput
    case .reset: return .gateReset
    case .update: return .gateUpdate
    case .new: return .gateNew
    }
  }
}
