import GradientFlow

/// The per-step quantities of `timesteps.csv`, all log10 of a norm.
///
/// Raw values are the column names; new quantities go at the end.
public enum StepColumn: String, Sendable, CaseIterable {
  /// Total ∂L/∂h_t as it arrives at t, Frobenius norm with the batch; under a step clip, of the clipped recursion.
  case hidden = "log10_grad_h"
  /// Total ∂L/∂c_t.
  case cell = "log10_grad_c"
  /// ∂L/∂(W_ih x_t + b_ih), all gates.
  case preactivation = "log10_grad_a"
  /// Contribution of step t to ∂L/∂W_hh.
  case weightHH = "log10_grad_w_hh"
  /// Contribution of step t to ∂L/∂W_ih.
  case weightIH = "log10_grad_w_ih"
  /// Mean over batch elements of log10 of each one's own ‖∂L/∂h_t‖.
  case hiddenMean = "log10_grad_h_mean"
  /// Sample standard deviation over batch elements of the same.
  case hiddenDeviation = "log10_grad_h_sd"
  /// Immediate ∂L/∂h_t: the loss term that reads h_t, alone.
  case immediate = "log10_grad_h_immediate"
  /// Contribution of step t to ∂L/∂b_ih.
  case biasIH = "log10_grad_b"
  /// Contribution of step t to ∂L/∂b_hh; differs from b_ih for a GRU.
  case biasHH = "log10_grad_b_hh"
  /// Mean over batch elements of log10 ‖∂L/∂c_t‖.
  case cellMean = "log10_grad_c_mean"
  /// What flows on after clipping: after the step clip at t; under the global norm, times its coefficient.
  case hiddenAfterClip = "log10_grad_h_clipped"
  /// Total ∂L/∂h_t of the recursion without any clip.
  case hiddenUnclipped = "log10_grad_h_unclipped"
  /// ∂L/∂(W_hh h_{t−1} + b_hh), where it differs (GRU).
  case recurrentPreactivation = "log10_grad_a_hh"
  /// ∂L/∂a_t of one gate.
  case inputGate = "log10_grad_a_i"
  case forgetGate = "log10_grad_a_f"
  case candidate = "log10_grad_a_g"
  case outputGate = "log10_grad_a_o"
  case resetGate = "log10_grad_a_r"
  case updateGate = "log10_grad_a_z"
  case newGate = "log10_grad_a_n"

  /// The column of a gate; nil for the single block of an RNN, which is ``preactivation``.
  public static func gate(_ gate: Gate) -> StepColumn? {
    switch gate {
    case .preactivation: return nil
    case .input: return .inputGate
    case .forget: return .forgetGate
    case .candidate: return .candidate
    case .output: return .outputGate
    case .reset: return .resetGate
    case .update: return .updateGate
    case .new: return .newGate
    }
  }
}
