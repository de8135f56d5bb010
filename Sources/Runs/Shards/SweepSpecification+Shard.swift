import Specification
import TextFiles

extension SweepSpecification {
  /// The trials that one process has to run, in the order of the grid: all, or those of a shard.
  func trials(of shard: Shard?) -> [TrialParameters] {
    let all = trials
    return shard.map { ShardPlan(all, count: $0.count).trials(of: $0, among: all) } ?? all
  }
}
