import Experiments
import Foundation
import GradientFlow

/// The norms of one seed's gradients before and after clipping, by runs of updates.
struct NormsCourse {
  let seeds: TrainingSeeds
  /// The one that is drawn.
  let training: SeedTraining
  let updates: [Int]
  let before, largest, after, engaged: [Double]
  let binSize: Int

  init(_ seeds: TrainingSeeds, seed: UInt64?) {
    self.seeds = seeds
    training = seeds.training(seed: seed)
    let (rows, end) = (training.rows, training.end)
    let bins = UpdateBins(end: end, rows: training.recordEvery, limit: 160)
    let means = bins.means(.gradBefore, rows, end: end)
    let kept = means.indices.filter { !means[$0].isNaN }
    func of(_ values: [Double]) -> [Double] { kept.map { values[$0] } }
    binSize = bins.size
    updates = kept.map { bins.position($0, end: end) }
    before = of(means)
    largest = of(bins.maxima(.gradBeforeMax, rows, end: end))
    after = of(bins.means(.gradAfter, rows, end: end))
    engaged = of(bins.means(.engaged, rows, end: end))
  }

  var clips: Bool { seeds.rule.clip != .none }
  var log10Threshold: Double? {
    guard case .globalNorm(let limit) = seeds.rule.clip, limit > 0 else { return nil }
    return log10(limit)
  }
  var values: [Double] { before + largest + (clips ? after : []) + (log10Threshold.map { [$0] } ?? []) }
  var rows: [[Field]] {
    updates.indices.map { k in
      seeds.fieldsBesideSeed + [Field(seed: training.trial.seed), Field(updates[k])]
        + [before[k], largest[k], after[k], engaged[k], 0].map { Field.drawn($0) }
    }
  }
}
