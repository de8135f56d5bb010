import Experiments
import GradientFlow

/// How often and how fast a task is solved by sequence length, of one curve in one panel.
struct SuccessCurve {
  /// At one length, over the seeds.
  struct Point {
    let seeds: TrainingSeeds
    let rate: SuccessRate
    /// Over the solved ones.
    let updates: SeedSummary?
    var length: Int { seeds.length }

    init(_ seeds: TrainingSeeds) {
      self.seeds = seeds
      rate = SuccessRate(successes: seeds.solved, count: seeds.trainings.count)
      updates = SeedSummary(seeds.trainings.compactMap(\.solvedAt).map(Double.init))
    }

    /// The fields from `quantity` on.
    func fields(_ quantity: String, limit: Double) -> [Field] {
      let isRate = quantity == "rate"
      return seeds.fields + [Field(quantity), Field(rate.successes), Field(rate.count)]
        + (isRate ? [rate.rate, rate.low, rate.high] : [.nan, .nan, .nan]).map { Field($0) }
        + [updates?.median, updates?.lower, updates?.upper].map { isRate ? .none : Field($0) }
        + [quantity == "unsolved" ? Field(limit) : .none]
    }
  }

  let panel, hue: Int
  let label: String
  let points: [Point]

  /// The longest sequence that half of the seeds solve; 0 for none.
  var reach: Int { points.filter { $0.rate.rate >= 0.5 }.map(\.length).max() ?? 0 }

  /// Of every panel and hue, the lengths ascending.
  static func all(_ facets: Facets, _ records: RunRecords) throws -> [SuccessCurve] {
    try TrainingSeeds.all(facets, records).map { seeds in
      let byLength = Dictionary(grouping: seeds.trainings, by: \.trial.sequenceLength)
      return SuccessCurve(
        panel: seeds.panel, hue: seeds.hue, label: seeds.label,
        points: byLength.keys.sorted().map { Point(seeds.only(byLength[$0] ?? [])) })
    }
  }
}
