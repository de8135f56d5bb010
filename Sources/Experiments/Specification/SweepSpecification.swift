import GradientFlow

/// A sweep as its specification states it: a grid of parameters and seeds.
///
/// Made by ``read(path:overrides:requiringTaskFile:)`` or
/// ``parse(text:file:overrides:requiringTaskFile:)``, which check it; so every value is in range,
/// no axis repeats a value, and ``trialCount`` is at most ``trialLimit``. An axis that does not
/// apply is empty.
public struct SweepSpecification: Sendable, Equatable {
  /// The most trials of a sweep.
  public static let trialLimit = 10_000_000

  /// The sweep's name: letters, digits, '-', '_', '.'.
  public internal(set) var name = ""
  /// Where inputs come from.
  public internal(set) var task = TaskSpecification.gaussianNoise
  /// Recurrent cells.
  public internal(set) var cells: [CellKind] = []
  /// Hidden units H, each in 1…16384.
  public internal(set) var hiddenSizes: [Int] = []
  /// Inputs I, each in 1…65536. Empty for a text task, where the vocabulary decides.
  public internal(set) var inputSizes: [Int] = []
  /// Sequences B in the batch, each in 1…65536.
  public internal(set) var batchSizes: [Int] = []
  /// Steps T, each in 1…100,000,000.
  public internal(set) var sequenceLengths: [Int] = []
  /// Spectral radii of W_hh's blocks, each in 0…1e6.
  public internal(set) var spectralRadii: [Double] = []
  /// How W_hh is drawn.
  public internal(set) var initializers: [Initializer] = []
  /// Standard deviations of a unit's input current, each ≥ 0 and finite.
  public internal(set) var inputScales: [Double] = []
  /// Standard deviations of the first state, each in 0…1e6.
  public internal(set) var initialStateScales: [Double] = [0]
  /// Steps before the first measured one, each in 0…100,000,000.
  public internal(set) var washouts: [Int] = [0]
  /// Biases of the forget gate. Empty when no cell is an LSTM.
  public internal(set) var forgetBiases: [Double] = []
  /// What is differentiated.
  public internal(set) var losses: [LossKind] = []
  /// Outputs O of the readout, each in 1…65536. Empty when no loss has a readout, and for a text
  /// task, where the vocabulary decides.
  public internal(set) var readoutSizes: [Int] = []
  /// What is done to gradients.
  public internal(set) var rules: [GradientRule] = []
  /// Seeds of the trials.
  public internal(set) var seeds: [UInt64] = []
  /// Floating-point formats.
  public internal(set) var precisions: [Precision] = []
  /// Root of all random streams.
  public internal(set) var rootSeed: UInt64 = 0

  // MARK: Training. What follows has a meaning only where there are iterations.

  /// Updates, at most; 0: networks are diagnosed as they are drawn.
  public internal(set) var iterations = 0
  public internal(set) var optimisers: [Optimiser] = []
  public internal(set) var learningRates: [Double] = []
  public internal(set) var schedules: [LearningRateSchedule] = []
  /// nil: gradients go back to the first step.
  public internal(set) var truncations: [Truncation?] = []
  /// Of every weight; nil: spectral radii and input scales say how weights are drawn.
  public internal(set) var weightDeviations: [Double?] = []
  public internal(set) var readoutStart = ReadoutStart.drawn
  public internal(set) var stopsAtSuccess = true
  public internal(set) var evaluationSize = 10_000
  public internal(set) var evaluateEvery = Cadence.auto, recordEvery = Cadence.auto
  public internal(set) var diagnoseEvery = Cadence.auto
  public internal(set) var detail = TrainingDetail.standard
  /// Updates between models that are kept; 0: the last alone.
  public internal(set) var checkpointEvery = 0

  /// Whether networks are trained.
  public var trains: Bool { iterations > 0 }
  /// Whether some trial does not simply start at the zero state.
  public var choosesStart: Bool { initialStateScales != [0] || washouts != [0] }
  /// The clips of ``rules``, with their penalties left out.
  public var clips: [GradientClip] { rules.map(\.clip) }

  /// A specification that is still to be filled.
  init() {}
}
