import GradientFlow

/// What all trials of one comparison share: everything but cell, forget bias and seed.
public struct ComparisonGroup: Sendable, Hashable {
  public let hiddenSize, batchSize, sequenceLength: Int
  public let inputSize: Int
  public let spectralRadius, inputScale, initialStateScale: Double
  public let washout: Int
  public let initializer: Initializer
  public let task: TaskIdentity
  public let loss: LossKind
  public let readoutSize: Int?
  public let clip: GradientClip
  public let precision: Precision
  /// See ``TrialParameters/hasLossAtEveryStep`` and ``TrialParameters/staysAtZero``.
  public let hasLossAtEveryStep, staysAtZero: Bool

  /// The group of a trial.
  public init(_ p: TrialParameters) {
    hiddenSize = p.hiddenSize
    batchSize = p.batchSize
    sequenceLength = p.sequenceLength
    inputSize = p.inputSize
    spectralRadius = p.spectralRadius
    inputScale = p.inputScale
    initialStateScale = p.initialStateScale
    washout = p.washout
    initializer = p.initializer
    task = p.task
    loss = p.loss
    readoutSize = p.readoutSize
    clip = p.clip
    precision = p.precision
    hasLossAtEveryStep = p.hasLossAtEveryStep
    staysAtZero = p.staysAtZero
  }
}

/// One cell variant in a group: its decay over the seeds.
public struct VariantDecay: Sendable, Equatable {
  public let variant: CellVariant
  /// Decades a step; nil where no seed has a rate.
  public let rate: MeanInterval?
  /// Steps in which the norm of the mean rate halves; nil when it does not decay.
  public let halfLife: Double?
  /// log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖; nil where no seed has a finite one.
  public let log10Ratio: MeanInterval?
  /// Seeds that were run.
  public let seeds: Int
  /// Seeds whose gradient is exactly zero at t = 1; the intervals are over the others.
  public let zeros: Int
  /// Seeds without gradients: the state diverged, or the trial failed.
  public let diverged, failed: Int
  /// Rate of this variant minus that of the reference variant, on the same seeds; nil for the reference itself
  /// and where no seed has both.
  public let difference: MeanInterval?
  /// By how much this variant's norm stands above the reference's at t = 1, in decades, on the same seeds.
  public let ratioDifference: MeanInterval?
}

/// A group with its variants, the reference first.
public struct GroupComparison: Sendable, Equatable {
  public let group: ComparisonGroup
  public let variants: [VariantDecay]
  /// One line that says who keeps its gradient.
  public let verdict: String
}
