import Experiments
import Foundation
import GradientFlow

/// The trials that a figure draws: those of a sweep at one value of every axis that is not drawn.
struct SweepSlice: Sendable {
  /// In grid order; empty only for an empty sweep.
  let trials: [TrialParameters]
  /// What is held, for the caption; with "(first of 3)" where the sweep has more.
  let heldLabels: [String]
}

extension SweepSlice {
  /// - Parameters:
  ///   - trials: to choose from.
  ///   - drawn: the axes that stay free, beside seeds.
  init(_ trials: [TrialParameters], drawn: Set<Axis> = []) {
    var left = trials
    var labels: [String] = []
    for axis in Self.order where !drawn.contains(axis) {
      // Trials to which it does not apply stay.
      let own = left.filter { axis.text($0) != nil }
      guard let held = Self.held(axis, own) else { continue }
      let values = own.lazy.compactMap(axis.text).distinct.count
      if values > 1 {
        let text = axis.text(held)
        left = left.filter { axis.text($0).map { $0 == text } ?? true }
      }
      guard values > 1 || axis.isNotable(held) && axis != .forgetBias,
        let label = Self.caption(axis, held) ?? (values > 1 ? axis.heading(held) : nil)
      else { continue }
      labels.append(Markup.plain(label) + (values > 1 ? " (\(Self.choice(axis)) of \(values))" : ""))
    }
    self.init(trials: left, heldLabels: labels)
  }

  private static func caption(_ axis: Axis, _ held: TrialParameters) -> String? {
    axis == .sequenceLength ? "sequence length T = \(Brief.grouped(held.sequenceLength))" : axis.caption(held)
  }

  /// The sequence lengths, ascending.
  var sequenceLengths: [Int] { trials.lazy.map(\.sequenceLength).distinct.sorted() }

  /// In the order in which axes are held, and named in captions.
  private static let order: [Axis] =
    Axis.all(first: [
      .cell, .forgetBias, .hiddenSize, .inputSize, .batchSize, .sequenceLength, .inputScale,
      .initialStateScale, .washout,
      .initializer,
      .loss, .readoutSize, .clip, .precision, .weightDeviation, .spectralRadius, .optimiser, .learningRate,
      .schedule,
      .truncation,
    ]).filter { $0 != .seed }

  /// The trial whose value is held: the longest sequence, the input scale nearest 1, no clip if there is one without,
  /// the first else.
  static func held(_ axis: Axis, _ trials: [TrialParameters]) -> TrialParameters? {
    switch axis {
    case .sequenceLength: return trials.max { $0.sequenceLength < $1.sequenceLength }
    case .inputScale: return trials.min { log($0.inputScale).magnitude < log($1.inputScale).magnitude }
    case .spectralRadius:
      return trials.min { ($0.spectralRadius - 1).magnitude < ($1.spectralRadius - 1).magnitude }
    case .clip: return trials.first { $0.rule == GradientRule(clip: .none) } ?? trials.first
    default: return trials.first
    }
  }

  /// Which of several values is held.
  private static func choice(_ axis: Axis) -> String {
    switch axis {
    case .sequenceLength: return "longest"
    case .inputScale, .spectralRadius: return "nearest 1"
    default: return "first"
    }
  }
}
