import Experiments
import Foundation
import GradientFlow

/// The norms of one clipping rule in one setting, before and after it cuts.
struct ClippedNorms {
  let layer: TrialLayer
  let before, after: SeedCurve
  /// The lags there are, and that of an encoder's last step.
  let steps: Int
  let seam: Int?
  /// Of how many sequences a norm is, where their lengths differ.
  let sequences: SequenceCounts?
  /// log10; of a step rule.
  let threshold: Double?
  let notes: [String]

  /// - Parameter layers: those of the rule, with all seeds.
  /// - Returns: nil where none has gradients.
  init?(
    _ rule: TrialLayer, _ layers: [TrialLayer], _ records: RunRecords
  ) throws {
    let found = try layers.compactMap { try records.recordWithSteps($0) }
    let all = found.compactMap(\.steps)
    (steps, seam) = (all.map(\.steps).max() ?? rule.sequenceLength, all.seam)
    sequences = SequenceCounts(all)
    let lags = Lags.recorded(all)
    let before = SeedCurve(seeds: all.map { $0.table.byLag(.hiddenUnclipped) }, lags: lags)
    let after = SeedCurve(seeds: all.map { $0.table.byLag(.hiddenAfterClip) }, lags: lags)
    guard !before.isEmpty else { return nil }
    var threshold: Double?
    if case .stepNorm(let limit) = rule.clip { threshold = log10(limit) }
    if case .stepNormExample(let limit) = rule.clip {
      threshold = log10(limit) + 0.5 * log10(Double(rule.batchSize))
    }
    layer = rule
    (self.before, self.after) = (before, after)
    self.threshold = threshold.flatMap { $0.isFinite ? $0 : nil }
    notes = rule.clip.notes(found.map(\.record))
  }
}
