import Experiments
import GradientFlow

/// The profiles of a training run: ‖∂L/∂h_t‖ by update and step.
struct TrainingProfiles: Sendable {
  /// The updates looked at, ascending.
  let updates: [Int]
  /// By update, then t = 0…T; −∞ where a window does not reach back so far, as the first ones of truncated sequences: nothing
  /// is passed back there.
  let norms: [[Double]]
  /// Whether there are such windows.
  let hasShortWindows: Bool
  /// Updates between two of them, but for the first.
  let interval: Int

  /// T.
  var steps: Int { (norms.first?.count ?? 1) - 1 }

  /// At most so many, evenly spaced.
  func thinned(_ limit: Int) -> TrainingProfiles {
    guard updates.count > limit else { return self }
    let kept = updates.spread(limit)
    return TrainingProfiles(
      updates: kept, norms: norms.spread(limit), hasShortWindows: hasShortWindows,
      interval: max(1, kept[2] - kept[1]))
  }

  /// Where an update is on an axis whose columns are at 0, 1, 2…: between its neighbours, beyond the last at the
  /// same pace.
  func place(_ update: Int) -> Double {
    guard let next = updates.firstIndex(where: { $0 >= update }) else {
      return Double(updates.count - 1) + Double(update - (updates.last ?? 0)) / Double(interval)
    }
    guard next > 0, updates[next] > updates[next - 1] else { return Double(next) }
    return Double(next) - Double(updates[next] - update) / Double(updates[next] - updates[next - 1])
  }
}

extension TrainingProfiles {
  /// - Returns: nil where there is none.
  init?(_ training: SeedTraining) {
    guard let course = training.record.training, let hidden = course.profiles.columns[.hidden] else {
      return nil
    }
    let profiles = course.profilesByUpdate
    let norms = profiles.map { Array(hidden[$0.rows]) }
    guard let steps = norms.map(\.count).max(), steps > 1 else { return nil }
    let aligned = norms.map { [Double](repeating: -.infinity, count: steps - $0.count) + $0 }
    self.init(
      updates: profiles.map(\.iteration), norms: aligned,
      hasShortWindows: norms.contains { $0.count < steps },
      interval: max(1, training.trial.training?.diagnoseEvery ?? 1))
  }
}
