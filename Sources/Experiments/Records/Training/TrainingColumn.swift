/// The quantities of `training.csv`, a row for some updates in turn. Raw values are the column names; new ones go at the
/// end.
public enum TrainingColumn: String, Sendable, CaseIterable {
  /// The last update that the row sums up; 0 for the network as drawn.
  case iteration
  /// How many updates it sums up.
  case updates
  /// η of the last of them.
  case learningRate = "learning_rate_now"
  /// Mean loss of their batches.
  case loss
  /// Mean and largest log10 of the norm of the whole gradient before clipping.
  case gradBefore = "log10_grad_before"
  case gradBeforeMax = "log10_grad_before_max"
  /// Mean log10 of the norm after clipping.
  case gradAfter = "log10_grad_after"
  /// Share of the updates in which the clip changed anything.
  case engaged
  /// Mean share of what the clip looks at that it changed.
  case clippedShare = "clipped_share"
  /// Mean and least cosine of the angle between the gradient before and after.
  case cosine
  case cosineMin = "cosine_min"
  /// Mean Ω of the penalty, without its weight.
  case omega
  /// Mean log10 ‖Δθ‖, and log10 ‖θ‖ after the last update.
  case update = "log10_update"
  case weights = "log10_weights"
  /// Updates whose gradient was beyond the range of the precision before clipping brought it back, and the timestep of the
  /// last such one.
  case events
  case eventStep = "event_t"
  /// Loss and share of wrong sequences on the test set after the last update.
  case testLoss = "test_loss"
  case testError = "test_error"
  case testSize = "test_size"
  /// Of the profile of the last update, where there is one: log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖, decades a step,
  /// largest ρ and σ_max of the blocks of W_hh before the update, leading Lyapunov exponent in decades a step.
  case ratioFirstLast = "log10_ratio_first_last"
  case decayRate = "decay_rate"
  case spectralRadius = "spectral_radius_now"
  case sigmaMax = "sigma_max_now"
  case lyapunovRate = "lyapunov_rate"
}

/// The quantities of `training_timesteps.csv`, a row for a timestep of an update. Raw values are the column names; new
/// ones go at the end. Gradients are log10 of norms with the batch.
public enum ProfileColumn: String, Sendable, CaseIterable {
  case iteration, t
  /// Total ∂L/∂h_t as it arrives at t; the same after a step clip; immediate; mean over the batch of log10 of each one's.
  case hidden = "log10_grad_h"
  case hiddenAfterClip = "log10_grad_h_clipped"
  case immediate = "log10_grad_h_immediate"
  case hiddenMean = "log10_grad_h_mean"
  /// Total ∂L/∂c_t.
  case cell = "log10_grad_c"
  /// ∂L/∂a_t, and what step t contributes to the weight gradients.
  case preactivation = "log10_grad_a"
  case weightHH = "log10_grad_w_hh"
  case weightIH = "log10_grad_w_ih"
  case biasIH = "log10_grad_b"
  /// Share of step t in what clipping cut from ∂L/∂W_hh; the shares of an update sum to 1.
  case cutShare = "cut_share"
  /// Share of saturated values: of the state of a plain RNN, of each gate of an LSTM or GRU; of rectified units the share
  /// that is off. Linear units have none.
  case saturation
  case saturationInput = "saturation_i"
  case saturationForget = "saturation_f"
  case saturationCandidate = "saturation_g"
  case saturationOutput = "saturation_o"
  case saturationReset = "saturation_r"
  case saturationUpdate = "saturation_z"
  case saturationNew = "saturation_n"
  /// ∂L/∂a_t by gate.
  case gateInput = "log10_grad_a_i"
  case gateForget = "log10_grad_a_f"
  case gateCandidate = "log10_grad_a_g"
  case gateOutput = "log10_grad_a_o"
  case gateReset = "log10_grad_a_r"
  case gateUpdate = "log10_grad_a_z"
  case gateNew = "log10_grad_a_n"
  /// Mean log10 of the gate that keeps the state: f, or z.
  case memory = "log10_memory"
}
