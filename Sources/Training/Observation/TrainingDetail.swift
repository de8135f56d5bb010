/// How much is measured of an update that is looked at.
public enum TrainingDetail: String, Sendable, CaseIterable {
  /// Norms of the total and immediate ∂L/∂h_t and of ∂L/∂c_t at every step, on the update's own way back.
  case light
  /// Also what each step contributes to the weight gradients, what clipping cuts from each step, saturation of gates,
  /// spectral radius and largest singular value of W_hh.
  case standard
  /// Also gradients by gate, the gate that keeps the state, and the leading Lyapunov exponent.
  case full
}
