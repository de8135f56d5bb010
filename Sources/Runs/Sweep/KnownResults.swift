import Foundation
import Specification
import TextFiles
import Trials

/// Which trials have a result somewhere in a run: in the store that is to be written, and where that is a shard's, in
/// the whole run's and in those of other shards, as far as they are there and closed. So a trial that a shard of
/// another division has run is not run again.
struct KnownResults {
  private let own: [String: RunStore.Summary]
  private var others: [String: TrialStatus] = [:]

  /// - Parameter store: of the directory; nil where there is none yet.
  /// - Throws: ``RunError``; ``RunError/notMerged(path:trials:)`` for a whole run whose shards know more than it does.
  package init(store: RunStore?, of directory: RunDirectory) throws {
    own = try store?.summaries() ?? [:]
    let whole = directory.whole
    for shard in try whole.shardsPresent() where shard != directory.shard {
      add(whole.directory(of: shard))
    }
    if directory.shard != nil {
      add(whole)
    } else {
      let missing = others.keys.count { own[$0] == nil }
      if missing > 0 { throw RunError.notMerged(path: directory.path, trials: missing) }
    }
  }

  /// Results of a neighbour; one that is being written or cannot be read is passed over: what it knows is run again
  /// at worst, and found to be there twice when shards are merged.
  private mutating func add(_ directory: RunDirectory) {
    guard FileManager.default.fileExists(atPath: directory.store),
      let isOpen = try? StoreSnapshot.isNeeded(directory.store), !isOpen,
      let store = try? RunStore(path: directory.store, access: .read(immutable: true)),
      let summaries = try? store.summaries()
    else { return }
    for (id, summary) in summaries where summary.status != .failed { others[id] = summary.status }
  }

  /// The trials still to run, and how many have each result.
  package func pending(
    among trials: [TrialParameters], retryingFailed: Bool
  ) -> (trials: [TrialParameters], counts: RunProgress) {
    var counts = RunProgress(total: trials.count)
    // Of a run that begins they are all of them, and no second list.
    if own.isEmpty, others.isEmpty { return (trials, counts) }
    var pending: [Int] = []
    pending.reserveCapacity(trials.count)
    for (place, trial) in trials.enumerated() {
      let status = status(of: trial.id)
      if status == nil || (status == .failed && retryingFailed) {
        pending.append(place)
      } else {
        counts.count(status)
      }
    }
    return (pending.count == trials.count ? trials : pending.map { trials[$0] }, counts)
  }

  /// nil for a trial without result.
  private func status(of id: String) -> TrialStatus? {
    guard let own = own[id]?.status, own != .failed else { return others[id] ?? own[id]?.status }
    return own
  }
}
