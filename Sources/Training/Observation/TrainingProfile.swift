import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// What was measured of one update in one layer and direction, step by step in its own time. Gradients are as log10 of
/// norms over the batch; −∞ for an exact zero.
public struct TrainingProfile: Sendable, Equatable {
  /// n of the update, whose weights are those before it.
  public let iteration: Int
  /// The layer and direction.
  public let place: LayerPlace
  /// How many layers and directions the network has, each with a profile of its own.
  public let places: Int
  /// T of the window.
  public let steps: Int
  /// Total ∂L/∂h_t as it arrives at t, the same after a step clip, and the immediate one, t = 0…T.
  public internal(set) var hidden, hiddenAfterClip, immediate: [Double]
  /// Mean over batch elements that have a state there of log10 of each one's own ‖∂L/∂h_t‖, t = 0…T.
  public internal(set) var hiddenMean: [Double]
  /// The same with its changes taken within sequences; nil where all have T steps, and it is the same.
  private let linkedHiddenMean: [Double]?
  /// Of training on sequences of different lengths; nil of any other.
  public let lengths: Lengths?
  /// Total ∂L/∂c_t, t = 0…T; empty for a cell without c.
  public internal(set) var cell: [Double]

  /// From ``TrainingDetail/standard`` on: ∂L/∂a_t and the contributions to ∂L/∂W_hh, ∂L/∂W_ih, ∂L/∂b_ih, t = 1…T.
  public internal(set) var preactivation, weightHH, weightIH, biasIH: [Double]?
  /// What step t has of what clipping cut from ∂L/∂W_hh, t = 1…T, summing to 1; nil where nothing was cut.
  public internal(set) var cutShares: [Double]?
  /// Share of saturated values by gate, t = 1…T: of a plain RNN's state, of an LSTM's or GRU's gates; of rectified units
  /// the share that is off. None for linear units.
  public internal(set) var saturation: [Gate: [Double]] = [:]
  /// Largest over the gate blocks of W_hh.
  public internal(set) var spectralRadius, sigmaMax: Double?

  /// Of ``TrainingDetail/full``: ∂L/∂a_t by gate, t = 1…T.
  public internal(set) var preactivationByGate: [Gate: [Double]] = [:]
  /// Mean log10 of the forget gate (LSTM) or update gate (GRU), t = 1…T.
  public internal(set) var memory: [Double]?
  /// Leading Lyapunov exponent along the trajectory of the batch's first sequence, decades per step.
  public internal(set) var lyapunovRate: Double?

  /// What tells norms at one step from those of fewer sequences at another.
  public struct Lengths: Sendable, Equatable {
    /// How many sequences have a state after step t, t = 0…T: norms there are over so many.
    public let sequences: [Int]
    /// log10 ‖∂L/∂h_t‖ − log10 ‖∂L/∂h_T‖, both over the sequences that have step t, t = 0…T.
    public let log10Ratios: [Double]

    /// Of a batch, whose lengths may have come out the same.
    init(_ hidden: [Double], _ norms: SequenceNorms, _ shape: SequenceShape) {
      sequences = (0...shape.steps).map { shape.states(at: $0) }
      log10Ratios = hidden.indices.map { t in
        shape.lengths == nil ? hidden[t] - hidden[shape.steps] : norms.log10Ratio(at: t)
      }
    }
  }

  /// - Parameter hasLengths: whether the sequences that are trained on have different lengths.
  init<Element: Scalar>(
    iteration: Int, place: LayerPlace, of places: Int, hasLengths: Bool,
    _ norms: borrowing StateGradientNorms<Element>
  ) {
    let (shape, hidden) = (norms.shape, norms.hidden)
    let sequences = SequenceNorms(norms.hiddenByExample, shape)
    self.iteration = iteration
    self.place = place
    self.places = places
    steps = shape.steps
    self.hidden = hidden
    hiddenAfterClip = norms.hiddenAfterClip
    immediate = norms.immediate
    cell = norms.cell
    hiddenMean = sequences.means
    linkedHiddenMean = shape.lengths == nil ? nil : sequences.linkedMeans
    lengths = hasLengths ? Lengths(hidden, sequences, shape) : nil
  }

  /// Takes in what a diagnosis of the same way back says.
  mutating func add(_ found: StepGradients, _ detail: TrainingDetail) {
    preactivation = found.preactivation
    weightHH = found.weightHH
    weightIH = found.weightIH
    biasIH = found.biasIH
    guard detail == .full else { return }
    for (g, gate) in found.gates.enumerated() {
      preactivationByGate[gate] = Array(found.ofSteps.preactivationByGate[g].dropFirst())
    }
  }

  /// Takes in what the gates do.
  mutating func add(_ activity: GateActivity, _ detail: TrainingDetail) {
    for (g, gate) in activity.gates.enumerated() {
      let shares = activity.bySteps.column(g, of: activity.gates.count).compactMap(\.saturated)
      if !shares.isEmpty { saturation[gate] = shares }
    }
    if detail == .full, !activity.log10Memory.isEmpty { memory = activity.log10Memory }
  }

  /// Decades per step by which the gradient of each example changes on its way back; nil where it cannot be told.
  public var decayRate: DecayRate? {
    DecayRate(log10Norms: (linkedHiddenMean ?? hiddenMean).dropFirst().reversed())
  }

  /// log10 (‖∂L/∂h_1‖ / ‖∂L/∂h_T‖), both over the sequences that have all T steps of this update.
  public var log10RatioFirstLast: Double {
    lengths?.log10Ratios[1] ?? StepGradients.log10RatioFirstLast(of: hidden)
  }
}
