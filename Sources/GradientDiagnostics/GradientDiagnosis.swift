import LinearAlgebra
import RecurrentCells

/// Every per-step norm of one backward pass, as log10; −∞ for an exact zero.
public struct StepGradients: Sendable, Equatable {
  /// T and B.
  public let steps, batch: Int
  private let shape: SequenceShape
  /// The cell's gates, in the order of ``preactivationByGate``.
  public let gates: [Gate]
  /// Total ∂L/∂h_t as it arrives at t, t = 0…T; see ``StateGradientNorms``.
  public let hidden: [Double]
  /// The same after the step clip.
  public let hiddenAfterClip: [Double]
  /// Of each batch element [T+1, B]; NaN where it has no state.
  public let hiddenByExample: [Double]
  /// Immediate ∂L/∂h_t, t = 0…T.
  public let immediate: [Double]
  /// Total ∂L/∂c_t, t = 0…T, and by batch element; empty for a cell without c.
  public let cell, cellByExample: [Double]
  /// What is of steps and not of states.
  package let ofSteps: StepQuantities
  /// What ``AddedProbes`` recorded, t = 0…T or t = 1…T; see ``SeriesProbe/values``.
  public let added: [StepSeries: [Double]]

  @usableFromInline
  init<Element: Scalar>(
    shape: SequenceShape, gates: [Gate], states: borrowing StateGradientNorms<Element>,
    preactivations: borrowing PreactivationGradientNorms<Element>,
    contributions: borrowing WeightContributionNorms<Element>, added probes: borrowing AddedProbes<Element>
  ) {
    steps = shape.steps
    batch = shape.batch
    self.shape = shape
    self.gates = gates
    hidden = states.hidden
    hiddenAfterClip = states.hiddenAfterClip
    hiddenByExample = states.hiddenByExample
    immediate = states.immediate
    cell = states.cell
    cellByExample = states.cellByExample
    ofSteps = StepQuantities(preactivations, contributions)
    added = probes.recorded
  }

  /// How many sequences have a state after step t, t = 0…T: norms of states at t, and so by lag T − t, are over the first
  /// so many. Those of step t, as ∂L/∂a_t, are over the sequences that have the step: ``stepSequences``.
  public var sequences: [Int] { (0...steps).map { shape.states(at: $0) } }
  /// How many sequences have step t, t = 1…T.
  public var stepSequences: [Int] { (1...steps).map { shape.count(at: $0) } }

  private var hiddenNorms: SequenceNorms { SequenceNorms(hiddenByExample, shape) }
  private var cellNorms: SequenceNorms { SequenceNorms(cellByExample, shape) }

  /// Mean over the batch elements that have a state there of log10 of each one's own norm, t = 0…T.
  public var hiddenMean: [Double] { hiddenNorms.means }
  /// The same of ∂L/∂c_t.
  public var cellMean: [Double] { cellNorms.means }
  /// Sample standard deviation over those batch elements; NaN where it does not exist (one element, or a zero).
  public var hiddenDeviation: [Double] {
    let norms = hiddenNorms
    return (0...steps).map { t in
      let values = norms.states(at: t)
      guard values.count > 1, values.allSatisfy(\.isFinite) else { return .nan }
      return values.moments.variance.squareRoot()
    }
  }

  /// ``hiddenMean`` with its changes taken within sequences, t = 0…T: what slopes and horizons are read from. The same
  /// where all have T steps; see ``SequenceNorms/linkedMeans``.
  public var linkedHiddenMean: [Double] { hiddenNorms.linkedMeans }
  /// The same of ∂L/∂c_t.
  public var linkedCellMean: [Double] { cellNorms.linkedMeans }

  /// The decay rate: slope of ``linkedHiddenMean`` over lags 0…T−1.
  public var decayRate: DecayRate? { DecayRate(log10Norms: linkedHiddenMean.dropFirst().lazy.reversed()) }

  /// log10 (‖∂L/∂h_1‖ / ‖∂L/∂h_T‖), both over the sequences that have all T steps; NaN where ∂L/∂h_T is zero.
  public var log10RatioFirstLast: Double {
    shape.lengths == nil ? Self.log10RatioFirstLast(of: hidden) : hiddenNorms.log10Ratio(at: 1)
  }

  /// The same of log10 norms by t = 0…T of sequences that all have T steps.
  public static func log10RatioFirstLast(of hidden: [Double]) -> Double {
    guard let last = hidden.last, last > -.infinity else { return .nan }
    return hidden[1] - last
  }

  /// Every norm of the recursion, one list a quantity: what tells whether plain backpropagation would have stayed in its
  /// range. Means over batch elements and what a clip makes of a norm are left out, and so is what ``AddedProbes``
  /// recorded, which need not be a norm.
  public var recordedNorms: [ArraySlice<Double>] { [hidden[...], immediate[...], cell[...]] + ofSteps.norms }

  /// Whether the totals and everything of steps are numbers.
  package var areNumbers: Bool {
    ([hidden[...], cell[...]] + ofSteps.norms).allSatisfy { $0.allSatisfy { $0 < .infinity } }
  }
}

/// One instrumented backward pass: what it returns and what its probes recorded.
public struct GradientDiagnosis<Element: Scalar>: Sendable {
  /// Per-step norms.
  public let steps: StepGradients
  /// Loss, parameter gradients, clipped share.
  public let result: BackwardResult<Element>

  @inlinable
  init(steps: StepGradients, result: BackwardResult<Element>) {
    self.steps = steps
    self.result = result
  }
}

extension SequencePass {
  /// Walks the tape with every norm probe of the package and with ``AddedProbes``.
  ///
  /// - Precondition: the forward pass did not diverge.
  /// - Complexity: as the backward pass, plus the probes' (see ``WeightContributionNorms``).
  @inlinable
  public mutating func diagnose(
    loss: any SequenceLoss<Element>, clip: StepClip = .none,
    rescalingThreshold: Int = Element.defaultRescalingThreshold,
    finalCell: FinalCellGradient<Element>? = nil, inputGradients: InputGradients<Element>? = nil,
    initialGradients: InitialStateGradients<Element>? = nil
  ) -> GradientDiagnosis<Element> {
    diagnose(
      loss: loss, clip: clip, rescalingThreshold: rescalingThreshold, finalCell: finalCell,
      inputGradients: inputGradients, initialGradients: initialGradients, beside: NoProbe<Element>())
  }

  /// The same with another probe on the same walk, which has to keep what it records where its copies share it.
  @inlinable
  public mutating func diagnose<Other: BackwardProbe>(
    loss: any SequenceLoss<Element>, clip: StepClip = .none,
    rescalingThreshold: Int = Element.defaultRescalingThreshold,
    finalCell: FinalCellGradient<Element>? = nil, inputGradients: InputGradients<Element>? = nil,
    initialGradients: InitialStateGradients<Element>? = nil, beside other: Other
  ) -> GradientDiagnosis<Element> where Other.Element == Element {
    var probe = ProbePair(
      StateGradientNorms<Element>(shape: shape, carriesCellState: Cell.carriesCellState),
      ProbePair(
        PreactivationGradientNorms<Element>(
          shape: shape, gateCount: Cell.gateCount, keepsCurrentsApart: Cell.keepsCurrentsApart),
        ProbePair(
          WeightContributionNorms<Element>(
            shape: shape, gateCount: Cell.gateCount, keepsCurrentsApart: Cell.keepsCurrentsApart),
          ProbePair(AddedProbes<Element>(shape: shape, cell: Cell.self), other))))
    let result = backward(
      loss: loss, clip: clip, rescalingThreshold: rescalingThreshold, finalCell: finalCell,
      inputGradients: inputGradients, initialGradients: initialGradients, calling: &probe)
    return GradientDiagnosis(
      steps: StepGradients(
        shape: shape, gates: Cell.gates, states: probe.first, preactivations: probe.second.first,
        contributions: probe.second.second.first, added: probe.second.second.second.first),
      result: result)
  }
}
