import Experiments
import Foundation
import GradientFlow

/// The axes of a sweep beside cell, forget bias, spectral radius and seed: a figure draws over one
/// or two of them and holds the others at one value.
enum SweepAxis: Sendable, CaseIterable {
  case hiddenSize, inputSize, batchSize, sequenceLength, inputScale, initialStateScale, washout, initializer,
    loss
  case readoutSize, clip, precision
  case initialWeights, optimiser, learningRate, schedule, truncation

  /// The value of a trial, as captions show it; nil where the axis does not apply.
  func label(_ p: TrialParameters) -> String? {
    switch self {
    case .hiddenSize: return "hidden size \(p.hiddenSize)"
    case .inputSize: return p.task.decidesSizes ? nil : "input size \(p.inputSize)"
    case .batchSize: return "batch \(p.batchSize)"
    case .sequenceLength: return "sequence length T = \(p.sequenceLength)"
    case .inputScale:
      return p.training?.weightDeviation == nil ? "input scale \(CSVField.number(p.inputScale))" : nil
    case .initialStateScale: return "initial state scale \(CSVField.number(p.initialStateScale))"
    case .washout: return "washout \(p.washout)"
    case .initializer:
      return p.training?.weightDeviation == nil ? "initializer \(p.initializer.rawValue)" : nil
    case .loss: return p.loss.isOfTask ? nil : "loss \(p.loss.rawValue)"
    case .readoutSize: return p.readoutSize.map { "readout size \($0)" }
    case .clip: return "clip \(p.rule.label)"
    case .precision: return p.precision.rawValue
    case .initialWeights:
      return p.training.map { training in
        training.weightDeviation.map { "weights ~ N(0, \(CSVField.number($0))²)" }
          ?? "spectral radius \(CSVField.number(p.spectralRadius)) at the start"
      }
    case .optimiser: return p.training.map { "optimizer \($0.optimiser.label)" }
    case .learningRate: return p.training.map { "learning rate \(CSVField.number($0.learningRate))" }
    case .schedule: return p.training.map { "schedule \($0.schedule.label)" }
    case .truncation:
      return p.training.map { $0.truncation.map { "truncation k1:k2 = \($0.label)" } ?? "no truncation" }
    }
  }

  /// Whether two trials have the same value.
  func agrees(_ a: TrialParameters, _ b: TrialParameters) -> Bool {
    switch self {
    case .hiddenSize: return a.hiddenSize == b.hiddenSize
    case .inputSize: return a.inputSize == b.inputSize
    case .batchSize: return a.batchSize == b.batchSize
    case .sequenceLength: return a.sequenceLength == b.sequenceLength
    case .inputScale: return a.inputScale == b.inputScale
    case .initialStateScale: return a.initialStateScale == b.initialStateScale
    case .washout: return a.washout == b.washout
    case .initializer: return a.initializer == b.initializer
    case .loss: return a.loss == b.loss
    case .readoutSize: return a.readoutSize == b.readoutSize
    case .clip: return a.rule == b.rule
    case .precision: return a.precision == b.precision
    case .initialWeights:
      return a.spectralRadius == b.spectralRadius
        && a.training?.weightDeviation == b.training?.weightDeviation
    case .optimiser: return a.training?.optimiser == b.training?.optimiser
    case .learningRate: return a.training?.learningRate == b.training?.learningRate
    case .schedule: return a.training?.schedule == b.training?.schedule
    case .truncation: return a.training?.truncation == b.training?.truncation
    }
  }

  /// Whether captions name the value even where the sweep has no other.
  func isNotable(_ p: TrialParameters) -> Bool {
    switch self {
    case .initialStateScale: return p.initialStateScale != 0
    case .washout: return p.washout != 0
    case .schedule: return p.training?.schedule != .constant
    case .truncation: return p.training?.truncation != nil
    default: return true
    }
  }

  /// The trial whose value is held: the longest sequence, the input scale nearest 1, no clip if
  /// there is one without, the first else.
  func held(_ trials: [TrialParameters]) -> TrialParameters? {
    switch self {
    case .sequenceLength: return trials.max { $0.sequenceLength < $1.sequenceLength }
    case .inputScale:
      func distance(_ p: TrialParameters) -> Double { log(p.inputScale).magnitude }
      return trials.min { distance($0) < distance($1) }
    case .clip: return trials.first { $0.rule == GradientRule(clip: .none) } ?? trials.first
    default: return trials.first
    }
  }

  /// Which of several values is held, for captions.
  var choice: String {
    switch self {
    case .sequenceLength: return "longest"
    case .inputScale: return "nearest 1"
    default: return "first"
    }
  }
}

/// The trials that a figure draws: those of a sweep at one value of every axis that is not drawn.
struct SweepSlice: Sendable {
  /// In grid order; empty only for an empty sweep.
  let trials: [TrialParameters]
  /// What is held, for the caption; with "(first of 3)" where the sweep has more.
  let heldLabels: [String]

  /// - Parameters:
  ///   - trials: to choose from.
  ///   - drawn: the axes that stay free.
  init(_ trials: [TrialParameters], drawn: Set<SweepAxis> = []) {
    var left = trials
    var labels: [String] = []
    for axis in SweepAxis.allCases where !drawn.contains(axis) {
      guard let held = axis.held(left), let label = axis.label(held) else { continue }
      let values = left.lazy.compactMap(axis.label).distinct.count
      if values > 1 { left = left.filter { axis.agrees($0, held) } }
      guard values > 1 || axis.isNotable(held) else { continue }
      labels.append(label + (values > 1 ? " (\(axis.choice) of \(values))" : ""))
    }
    self.trials = left
    heldLabels = labels
  }

  private init(trials: [TrialParameters], heldLabels: [String]) {
    (self.trials, self.heldLabels) = (trials, heldLabels)
  }

  /// Some of its trials, with the same words on what is held.
  func only(_ isKept: (TrialParameters) -> Bool) -> SweepSlice {
    SweepSlice(trials: trials.filter(isKept), heldLabels: heldLabels)
  }

  /// The variants of the cells, in grid order.
  var variants: [CellVariant] { trials.lazy.map(CellVariant.init).distinct }
  /// The spectral radii, ascending.
  var radii: [Double] { trials.lazy.map(\.spectralRadius).distinct.sorted() }
  /// The input scales, ascending.
  var inputScales: [Double] { trials.lazy.map(\.inputScale).distinct.sorted() }
  /// The sequence lengths, ascending.
  var sequenceLengths: [Int] { trials.lazy.map(\.sequenceLength).distinct.sorted() }
}
