import GradientFlow
import Specification
import Trials

extension TrialRunner {
  /// How fast this machine runs trials, beside what ``TrialCost`` estimates: measured over estimated time.
  ///
  /// Runs a few trials of the grid, small to large, shortened where they would take more than a third of a second.
  func slowness(of trials: [TrialParameters]) -> Double {
    BLASEnvironment.useOneThread()
    let byCost = trials.sorted { TrialCost($0).nanoseconds < TrialCost($1).nanoseconds }
    var (measured, estimated) = (0.0, 0.0)
    for quantile in [0.25, 0.5, 0.75, 1] where !byCost.isEmpty {
      var trial = byCost[min(byCost.count - 1, Int(quantile * Double(byCost.count)))]
      while TrialCost(trial).nanoseconds > 300_000_000, trial.sequenceLength > 1 {
        trial.sequenceLength /= 2
        trial.shortestLength = trial.shortestLength.map { max(1, $0 / 2) }
      }
      // A network so large that one step takes long is left to the estimate.
      guard TrialCost(trial).nanoseconds <= 1_000_000_000 else { continue }
      // The first run draws what later ones share.
      _ = run(trial)
      let start = ContinuousClock.now
      _ = run(trial)
      measured += (ContinuousClock.now - start) / .nanoseconds(1)
      estimated += Double(TrialCost(trial).nanoseconds)
    }
    return estimated > 0 ? measured / estimated : 1
  }
}
