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

/// What a trial found. Gradients are as log10; nil marks what does not exist.
///
/// Of a network of several layers, what is not of the whole network is that of the last layer, read forward; of an encoder
/// and a decoder, of the decoder's.
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
  /// log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖, both over the sequences that have all T steps.
  public var log10RatioFirstLast: Double?
  /// Decades per step, its R², and the half-life in steps.
  public var decayRate, decayRateR2, halfLife: Double?
  /// Number of lags the decay rate is fitted to; fewer than T where the gradient becomes exactly zero.
  public var decayRateLags: Int?
  /// Share that the clip changed, and cos between the gradient before and after.
  public var clipFraction, clipCosine: Double?
  /// Leading Lyapunov exponent along the trajectories, and the mean log10 f of an LSTM, in decades per step.
  public var lyapunovRate, forgetPathRate: Double?
  /// Step at which the state left the range, 0 or less in the washout; in training, where an update's numbers did.
  public var divergedAt: Int?
  /// For a training run: the number of updates, and the one after which the task was solved.
  public var updates, solvedAt: Double?
  /// Loss and share of wrong sequences on the test set at the end, and the loss of chance.
  public var testLoss, testError, chanceLoss: Double?
  /// Of a text with a validation part: the loss there at the end.
  public var validationLoss: Double?
  /// For a diverged training run: the update, and which numbers left their range.
  public var divergedIteration: Double?
  public var divergedKind: TrainingEvent.Kind?
  /// The per-step results; nil for a failed or diverged trial.
  public var steps: StepTable?
  /// Every layer and direction in the order of ``LayerPlace``; none where there is one layer, read forward, of which the
  /// rest speaks, and none of a failed trial.
  public var layers: [LayerRecord] = []
  /// What a trained network makes of the whole test set by step, of a task with a loss at more than one.
  public var stepTests = ColumnTable<StepTest>()
  /// Tests of a trained network at other lengths, in the order in which they were asked for.
  public var lengthTests = ColumnTable<LengthTest>()
  /// What models without a recurrent network make of the same text.
  public var baselines = ColumnTable<Baseline>()
  /// The training course; nil without training.
  public var training: TrainingRecord?

  public init(status: TrialStatus) { self.status = status }
}
