import Experiments
import Foundation
import GradientFlow

/// The profiles of a training run: ‖∂L/∂h_t‖ by update and step.
struct TrainingProfiles: Sendable {
  /// The updates looked at, ascending.
  let updates: [Int]
  /// By update, then t = 0…T; −∞ where a window does not reach back so far, as the first ones of truncated sequences: nothing
  /// is passed back there. Of sequences of different lengths the root mean square over those that have the lag, times
  /// √B, and NaN where the longest of an update's batch has no such step.
  let norms: [[Double]]
  /// By update, log10 of ‖∂L/∂h‖ at the first step over that at the end, of the sequences that have all steps of the
  /// batch; NaN where the latter is zero.
  let changes: [Double]
  /// Whether there are such windows.
  let hasShortWindows: Bool
  /// Whether sequences have different lengths.
  let hasLengths: Bool
  /// Updates between two of them, but for the first.
  let interval: Int
  /// The lag of an encoder's last step; nil where there is no seam on the way.
  let seam: Int?

  /// T.
  var steps: Int { (norms.first?.count ?? 1) - 1 }

  /// At most so many, evenly spaced.
  func thinned(_ limit: Int) -> TrainingProfiles {
    guard updates.count > limit else { return self }
    let kept = updates.spread(limit)
    return TrainingProfiles(
      updates: kept, norms: norms.spread(limit), changes: changes.spread(limit),
      hasShortWindows: hasShortWindows, hasLengths: hasLengths, interval: max(1, kept[2] - kept[1]),
      seam: seam)
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
  /// - Parameter place: of an encoder and a decoder without a part: the whole way.
  /// - Returns: nil where there is none.
  init?(_ training: SeedTraining, at place: LayerPlace) {
    guard let course = training.record.training, let hidden = course.profiles.columns[.hidden] else {
      return nil
    }
    let layer = TrialLayer(training.trial, at: place)
    let counts = course.profiles.columns[.sequences]
    var profiles: [(iteration: Int, norms: [Double], change: Double)] = []
    var seam: Int?
    for profile in course.profileRows where layer.places.contains(profile.place) {
      let norms = profile.rows.map { row in
        counts.map { hidden[row] + log10(Double(training.trial.batchSize) / $0[row]) / 2 } ?? hidden[row]
      }
      guard let end = norms.last else { continue }
      if let last = profiles.last, last.iteration == profile.iteration {
        // The decoder begins in the state that the encoder ends in.
        profiles[profiles.count - 1].change += (last.norms.last ?? .nan) - end
        profiles[profiles.count - 1].norms += norms.dropFirst()
        seam = profile.steps
      } else {
        profiles.append((profile.iteration, norms, course.log10Ratio(profile, at: 1) ?? .nan))
      }
    }
    guard let steps = profiles.map(\.norms.count).max(), steps > 1 else { return nil }
    let hasLengths = counts != nil
    let aligned = profiles.map(\.norms).map { norms in
      // Lags that no sequence has are no zeros, and the state before its first step is at none of them.
      hasLengths && norms.count < steps
        ? [Double](repeating: .nan, count: steps - norms.count + 1) + norms.dropFirst()
        : [Double](repeating: -.infinity, count: steps - norms.count) + norms
    }
    self.init(
      updates: profiles.map(\.iteration), norms: aligned,
      changes: hasLengths ? profiles.map(\.change) : aligned.map { $0[1] - $0[steps - 1] },
      hasShortWindows: !hasLengths && profiles.contains { $0.norms.count < steps }, hasLengths: hasLengths,
      interval: max(1, training.trial.training?.diagnoseEvery ?? 1), seam: seam)
  }
}
