import Specification
import TextFiles
import Trials

/// Which shard runs which trial: every trial in one, the estimated time spread evenly.
///
/// The longest trial first, each to the shard with the least to do so far (Graham, Bounds on Multiprocessing Timing
/// Anomalies, 1969, §3: at most 4/3 of the best possible). Trials of the same cost follow each other by id, a
/// hash, so that every shard gets a random sample of the grid. Depends on the specification and the number of
/// shards alone.
///
/// O(N log N) for N trials.
struct ShardPlan: Sendable {
  /// The shard of each trial, from 0.
  private let shards: [Int]
  /// Estimated nanoseconds of each shard.
  let loads: [UInt64]

  package init(_ trials: [TrialParameters], count: Int) {
    let costs = trials.map { TrialCost($0).nanoseconds }
    guard count > 1 else {
      shards = Array(repeating: 0, count: trials.count)
      loads = [costs.reduce(0, &+)]
      return
    }
    let ids = trials.map(\.id)
    let order = trials.indices.sorted { (costs[$1], ids[$0]) < (costs[$0], ids[$1]) }
    var heap = LeastLoaded(count: count)
    var shards = [Int](repeating: 0, count: trials.count)
    for k in order { shards[k] = heap.add(costs[k]) }
    self.shards = shards
    loads = heap.loads
  }

  /// The trials of a shard, in the order of the grid.
  package func trials(of shard: Shard, among trials: [TrialParameters]) -> [TrialParameters] {
    let places = trials.indices.filter { shards[$0] == shard.index - 1 }
    return places.count == trials.count ? trials : places.map { trials[$0] }
  }

  /// The shard of a trial by its place in the grid, from 1.
  package func index(at place: Int) -> Int { shards[place] + 1 }
}

/// Shards by what they have to do, the least on top of a binary heap.
private struct LeastLoaded {
  private(set) var loads: [UInt64]
  private var heap: [Int]

  init(count: Int) {
    loads = Array(repeating: 0, count: count)
    heap = Array(0..<count)
  }

  /// Gives work to the shard with the least, the first of several.
  mutating func add(_ cost: UInt64) -> Int {
    let shard = heap[0]
    loads[shard] &+= cost
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
        if (loads[heap[child]], heap[child]) < (loads[heap[least]], heap[least]) { least = child }
      }
      if least == place { return shard }
      heap.swapAt(place, least)
      place = least
    }
  }
}
