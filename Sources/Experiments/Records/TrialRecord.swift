import GradientFlow

/// How a trial ended. Overflow, underflow and divergence are results, not failures.
public enum TrialStatus: String, Sendable, CaseIterable {
  /// Every norm of the recursion is inside the range of the trial's precision: of ∂L/∂h_t, total and immediate, ∂L/∂c_t,
  /// ∂L/∂a_t whole and by gate, and the steps' contributions to the weights' gradients.
  case ok
  /// Some of these norms is below the smallest normal number of the precision, but not 0: a framework would show 0.
  case underflow
  /// Some is above the largest number of the precision: a framework would show infinity.
  case overflow
  /// The state itself left the range in the forward pass, or the loss or a gradient is not a number; there are
  /// no gradients.
  case diverged
  /// The trial could not be run; see its message.
  case failed
}

/// What a trial found, beside its steps. Gradients are as log10; nil marks what does not exist.
public struct TrialRecord: Sendable, Equatable {
  public var status: TrialStatus
  /// Why it failed; nil otherwise.
  public var message: String?
  /// L; nil where it is not finite.
  public var loss: Double?
  /// Largest over the gate blocks of W_hh, measured on the weights as the network uses them.
  public var measuredSpectralRadius, measuredSigmaMax: Double?
  /// log10 of the norm over all parameters, after clipping and without it.
  public var log10GradTotal, log10GradTotalUnclipped: Double?
  /// log10 of the norm of one parameter's whole gradient, after clipping.
  public var log10GradWeightHH, log10GradWeightIH, log10GradBias: Double?
  /// log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖.
  public var log10RatioFirstLast: Double?
  /// Decades a step, its R², and the half-life in steps.
  public var decayRate, decayRateR2, halfLife: Double?
  /// Number of lags the decay rate is fitted to; fewer than T where the gradient becomes exactly zero.
  public var decayRateLags: Int?
  /// Share that the clip changed, and cos between the gradient before and after.
  public var clipFraction, clipCosine: Double?
  /// Leading Lyapunov exponent along the trajectories, and the mean log10 f of an LSTM, in decades a step.
  public var lyapunovRate, forgetPathRate: Double?
  /// Step at which the state left the range, 0 or less in the washout; of a training, where the numbers of an update did.
  public var divergedAt: Int?
  /// Of a training: the updates made, and the one after which it was solved.
  public var updates, solvedAt: Double?
  /// Loss and share of wrong sequences on the test set at the end, and the loss of chance.
  public var testLoss, testError, chanceLoss: Double?
  /// Of a training that diverged: at which update, and which numbers left their range.
  public var divergedIteration: Double?
  public var divergedKind: TrainingEvent.Kind?
  /// The per-step results; nil for a failed or diverged trial.
  public var steps: StepTable?
  /// The course of the training; nil where nothing was trained.
  public var training: TrainingRecord?

  public init(status: TrialStatus) { self.status = status }
}

/// The result columns of `trials.csv`, after the parameters. Raw values are the column names.
public enum TrialColumn: String, Sendable, CaseIterable {
  case status, loss
  case measuredSpectralRadius = "measured_spectral_radius"
  case measuredSigmaMax = "measured_sigma_max"
  case log10GradTotal = "log10_grad_total"
  case log10GradWeightHH = "log10_grad_w_hh_total"
  case log10RatioFirstLast = "log10_ratio_first_last"
  case decayRate = "decay_rate"
  case decayRateR2 = "decay_rate_r2"
  case halfLife = "half_life"
  case clipFraction = "clip_fraction"
  case clipCosine = "clip_cosine"
  case log10GradTotalUnclipped = "log10_grad_total_unclipped"
  case log10GradWeightIH = "log10_grad_w_ih_total"
  case log10GradBias = "log10_grad_b_total"
  case divergedAt = "diverged_at"
  case decayRateLags = "decay_rate_lags"
  case message
  case lyapunovRate = "lyapunov_rate"
  case forgetPathRate = "forget_path_rate"
  case updates
  case solvedAt = "solved_at"
  case testLoss = "test_loss"
  case testError = "test_error"
  case chanceLoss = "chance_loss"
  case divergedIteration = "diverged_iteration"

  /// The version of the store that first had it.
  var schema: Int {
    switch self {
    case .lyapunovRate, .forgetPathRate: return 3
    case .updates, .solvedAt, .testLoss, .testError, .chanceLoss, .divergedIteration: return 4
    default: return 1
    }
  }

  /// Whether it is of use only where networks are trained.
  public var isOfTraining: Bool { schema == 4 }

  /// The number of a record that stands in this column; nil for the columns that hold text.
  public var number: WritableKeyPath<TrialRecord, Double?>? {
    switch self {
    case .status, .message, .divergedAt, .decayRateLags: return nil
    case .loss: return \.loss
    case .measuredSpectralRadius: return \.measuredSpectralRadius
    case .measuredSigmaMax: return \.measuredSigmaMax
    case .log10GradTotal: return \.log10GradTotal
    case .log10GradWeightHH: return \.log10GradWeightHH
    case .log10RatioFirstLast: return \.log10RatioFirstLast
    case .decayRate: return \.decayRate
    case .decayRateR2: return \.decayRateR2
    case .halfLife: return \.halfLife
    case .clipFraction: return \.clipFraction
    case .clipCosine: return \.clipCosine
    case .lyapunovRate: return \.lyapunovRate
    case .forgetPathRate: return \.forgetPathRate
    case .log10GradTotalUnclipped: return \.log10GradTotalUnclipped
    case .updates: return \.updates
    case .solvedAt: return \.solvedAt
    case .testLoss: return \.testLoss
    case .testError: return \.testError
    case .chanceLoss: return \.chanceLoss
    case .divergedIteration: return \.divergedIteration
    case .log10GradWeightIH: return \.log10GradWeightIH
    case .log10GradBias: return \.log10GradBias
    }
  }
}
