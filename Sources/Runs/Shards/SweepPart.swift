import Specification
import TextFiles

/// The trials of a specification that one process has to run: all, or those of a shard.
struct SweepPart: Sendable {
  /// In the order of the grid.
  package let trials: [TrialParameters]

  package init(_ specification: SweepSpecification, shard: Shard?) {
    let all = specification.trials
    trials = shard.map { ShardPlan(all, count: $0.count).trials(of: $0, among: all) } ?? all
  }
}
