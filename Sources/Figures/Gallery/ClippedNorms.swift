import Experiments
import Foundation
import GradientFlow

/// The norms of one clipping rule in one setting, before and after it cuts.
struct ClippedNorms {
  let trial: TrialParameters
  let before, after: SeedCurve
  /// log10; of a step rule.
  let threshold: Double?
  let notes: [String]

  /// - Parameter trials: those of the rule, with all seeds.
  /// - Returns: nil where none has gradients.
  init?(
    _ rule: TrialParameters, _ trials: [TrialParameters], _ records: RunRecords
  ) throws {
    let found = try trials.compactMap(records.recordWithSteps)
    let tables = found.compactMap(\.steps)
    let lags = Lags.even(rule.sequenceLength)
    let before = SeedCurve(seeds: tables.map { $0.byLag(.hiddenUnclipped) }, lags: lags)
    let after = SeedCurve(seeds: tables.map { $0.byLag(.hiddenAfterClip) }, lags: lags)
    guard !before.isEmpty else { return nil }
    var threshold: Double?
    if case .stepNorm(let limit) = rule.clip { threshold = log10(limit) }
    if case .stepNormExample(let limit) = rule.clip {
      threshold = log10(limit) + 0.5 * log10(Double(rule.batchSize))
    }
    trial = rule
    (self.before, self.after) = (before, after)
    self.threshold = threshold.flatMap { $0.isFinite ? $0 : nil }
    notes = rule.clip.notes(found)
  }
}
