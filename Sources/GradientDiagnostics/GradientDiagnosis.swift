import Foundation
import LinearAlgebra
import RecurrentCells

/// Every per-step norm of one backward pass, as log10; −∞ for an exact zero.
public struct StepGradients: Sendable, Equatable {
  /// T and B.
  public let steps, batch: Int
  /// How many sequences have a state after step t, t = 0…T: norms of states at t, and so by lag T − t, are over the first
  /// so many. Those of step t, as ∂L/∂a_t, are over the sequences that have the step: ``stepSequences``.
  public let sequences: [Int]
  /// How many sequences have step t, t = 1…T.
  public let stepSequences: [Int]
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
  /// ∂L/∂a_t, t = 1…T: all gates, by gate [T, G], and the hidden side (GRU).
  public let preactivation, preactivationByGate, recurrentPreactivation: [Double]
  /// What step t contributes to each parameter gradient, t = 1…T.
  public let weightHH, weightIH, biasIH, biasHH: [Double]
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
    sequences = (0...shape.steps).map { shape.states(at: $0) }
    stepSequences = (1...shape.steps).map { shape.count(at: $0) }
    self.gates = gates
    hidden = states.hidden
    hiddenAfterClip = states.hiddenAfterClip
    hiddenByExample = states.hiddenByExample
    immediate = states.immediate
    cell = states.cell
    cellByExample = states.cellByExample
    preactivation = preactivations.all
    preactivationByGate = preactivations.byGate
    recurrentPreactivation = preactivations.recurrent
    weightHH = contributions.weightHH
    weightIH = contributions.weightIH
    biasIH = contributions.biasIH
    biasHH = contributions.biasHH
    added = probes.recorded
  }

  /// Mean over the batch elements that have a state there of log10 of each one's own norm, t = 0…T.
  public var hiddenMean: [Double] { means(of: hiddenByExample) }
  /// The same of ∂L/∂c_t.
  public var cellMean: [Double] { means(of: cellByExample) }
  /// Sample standard deviation over those batch elements; NaN where it does not exist (one element, or a zero).
  public var hiddenDeviation: [Double] {
    sequences.indices.map { t in
      let values = row(t, of: hiddenByExample)
      guard values.count > 1, values.allSatisfy(\.isFinite) else { return .nan }
      return values.moments.variance.squareRoot()
    }
  }

  private func means(of byExample: [Double]) -> [Double] {
    if byExample.isEmpty { return [] }
    return sequences.indices.map { t in
      let values = row(t, of: byExample)
      return values.reduce(0, +) / Double(values.count)
    }
  }

  /// Of the sequences that have a state after step t.
  private func row(_ t: Int, of byExample: [Double]) -> ArraySlice<Double> {
    byExample[t * batch..<t * batch + sequences[t]]
  }

  /// The decay rate: slope of ``hiddenMean`` over lags 0…T−1.
  public var decayRate: DecayRate? { DecayRate(log10Norms: hiddenMean.dropFirst().reversed()) }

  /// log10 (‖∂L/∂h_1‖ / ‖∂L/∂h_T‖), both over the sequences that have all T steps; NaN where ∂L/∂h_T is zero.
  public var log10RatioFirstLast: Double {
    if sequences[0] == batch { return Self.log10RatioFirstLast(of: hidden) }
    func norm(_ t: Int) -> Double {
      let values = hiddenByExample[t * batch..<t * batch + sequences[0]]
      guard let top = values.max(), top.isFinite else { return values.max() ?? .nan }
      return top + Foundation.log10(values.reduce(0) { $0 + pow(10, 2 * ($1 - top)) }) / 2
    }
    return Self.log10RatioFirstLast(of: [norm(0), norm(1), norm(steps)])
  }

  /// The same of log10 norms by t = 0…T.
  public static func log10RatioFirstLast(of hidden: [Double]) -> Double {
    guard let last = hidden.last, last > -.infinity else { return .nan }
    return hidden[1] - last
  }

  /// Every norm of the recursion, one list a quantity: what tells whether plain backpropagation would have stayed in its
  /// range. Means over batch elements and what a clip makes of a norm are left out, and so is what ``AddedProbes``
  /// recorded, which need not be a norm.
  public var recordedNorms: [[Double]] {
    [
      hidden, immediate, cell, preactivation, preactivationByGate, recurrentPreactivation, weightHH, weightIH,
      biasIH, biasHH,
    ]
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
