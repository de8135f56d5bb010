/// What theory says of the slope of log10 ‖∂L/∂h_t‖ by lag. Raw values are names in files.
public enum SlopePrediction: String, Sendable, CaseIterable {
  /// log10 ρ(W_hh): the linear prediction. No criterion once φ' varies.
  case linear = "log10_rho"
  /// log10 (γ σ_max): the slope of a plain RNN is at most this.
  case pascanuBound = "pascanu_bound"
  /// ½ log10 χ of the mean field of a plain RNN of random weights; the lower and upper end of the band that the finite
  /// size leaves.
  case meanFieldLower = "mean_field_low"
  case meanFieldUpper = "mean_field_high"
  /// λ_1 / ln 10 along the trajectory.
  case lyapunov
  /// Mean log10 f: the forget path of an LSTM alone. A reference line, no bound.
  case forgetPath = "forget_path"
  /// Tied dynamic mean field of an LSTM of random weights.
  case tiedMeanField = "tied_mean_field"
}

/// Predictions of one slope, in decades per step; none where the theory says nothing.
public typealias SlopePredictions = [SlopePrediction: Double]
