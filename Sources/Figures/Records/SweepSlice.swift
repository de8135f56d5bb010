import Experiments
import Foundation
import GradientFlow

/// What a figure draws: the trials of a sweep at one value of every axis that is not drawn, and of networks with several
/// layers the last one, read forward, unless several are drawn.
struct SweepSlice: Sendable {
  /// In grid order; empty only for an empty sweep.
  let layers: [TrialLayer]
  /// What is held, for the caption; with "(first of 3)" where the sweep has more.
  let heldLabels: [String]

  /// Those of ``layers``; a trial stands here once for each of its layers.
  var trials: [TrialParameters] { layers.map(\.trial) }
}

extension SweepSlice {
  /// - Parameters:
  ///   - layers: to choose from.
  ///   - drawn: the axes that stay free, beside seeds.
  init(_ layers: [TrialLayer], drawn: Set<FigureAxis> = []) {
    var left = layers
    var labels: [String] = []
    for axis in Self.order where !drawn.contains(.trial(axis)) {
      // Trials to which it does not apply stay.
      let own = left.filter { axis.text($0.trial) != nil }
      guard let held = Self.held(axis, own) else { continue }
      let values = own.lazy.compactMap { axis.text($0.trial) }.distinct.count
      if values > 1 {
        let text = axis.text(held.trial)
        left = left.filter { axis.text($0.trial).map { $0 == text } ?? true }
      }
      guard values > 1 || axis.isNotable(held.trial) && axis != .forgetBias,
        let label = Self.caption(axis, held.trial) ?? (values > 1 ? axis.heading(held.trial) : nil)
      else { continue }
      labels.append(Markup.plain(label) + (values > 1 ? " (\(Self.choice(axis)) of \(values))" : ""))
    }
    let places = HeldPlaces(left, drawn: drawn)
    let ownTime = places.layers.contains { $0.place.direction == .reverse } ? [Self.ownTime] : []
    self.init(layers: places.layers, heldLabels: labels + places.words + ownTime)
  }

  private static let ownTime = "reverse layers have their own time: lag 0 is the first element"

  private static func caption(_ axis: Axis, _ held: TrialParameters) -> String? {
    axis == .sequenceLength ? "sequence length T = \(Brief.grouped(held.sequenceLength))" : axis.caption(held)
  }

  /// The sequence lengths, ascending.
  var sequenceLengths: [Int] { layers.lazy.map(\.sequenceLength).distinct.sorted() }

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
  /// the most layers, the first else.
  static func held(_ axis: Axis, _ layers: [TrialLayer]) -> TrialLayer? {
    switch axis {
    case .sequenceLength: return layers.max { $0.sequenceLength < $1.sequenceLength }
    case .inputScale: return layers.min { log($0.inputScale).magnitude < log($1.inputScale).magnitude }
    case .spectralRadius:
      return layers.min { ($0.spectralRadius - 1).magnitude < ($1.spectralRadius - 1).magnitude }
    case .clip: return layers.first { $0.rule == GradientRule(clip: .none) } ?? layers.first
    case .layers: return layers.max { $0.layers < $1.layers }
    default: return layers.first
    }
  }

  /// Which of several values is held.
  private static func choice(_ axis: Axis) -> String {
    switch axis {
    case .sequenceLength: return "longest"
    case .inputScale, .spectralRadius: return "nearest 1"
    case .layers: return "most"
    default: return "first"
    }
  }
}
