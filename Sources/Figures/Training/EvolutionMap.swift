import Experiments
import GradientFlow

/// The norms of one seed's gradients by lag and profile, thinned to be drawn as a map.
struct EvolutionMap {
  let seeds: TrainingSeeds
  /// The one that is drawn.
  let training: SeedTraining
  let profiles: TrainingProfiles
  let lags: [Int]

  /// - Parameter cells: about so many.
  /// - Returns: nil where the seed has no profiles.
  init?(_ seeds: TrainingSeeds, seed: UInt64?, cells: Int) {
    let training = seeds.training(seed: seed)
    guard let profiles = TrainingProfiles(training, at: seeds.place) else { return nil }
    // Twice as many columns as rows, where there are as many.
    let columns = min(profiles.updates.count, max(40, Int((2 * Double(cells)).squareRoot())))
    let shown = profiles.thinned(columns)
    (self.seeds, self.training, self.profiles) = (seeds, training, shown)
    lags = Array(0..<shown.steps).spread(max(20, cells / columns))
  }

  var values: [Double] { lags.flatMap { lag in profiles.norms.map { $0[profiles.steps - lag] } } }
  var rows: [[Field]] {
    lags.flatMap { lag in
      profiles.updates.indices.map { k in
        seeds.fieldsBesideSeed + [
          Field(seed: training.trial.seed), Field(lag), Field(k), Field(profiles.updates[k]),
        ]
          + [.drawn(profiles.norms[k][profiles.steps - lag])]
      }
    }
  }

  /// Columns are at 0, 1, 2…; tics name the updates they are of.
  ///
  /// - Parameter longest: the last update of all maps: they count alike.
  func updates(of longest: Int) -> PanelAxis {
    profiles.axis(of: longest, end: training.solvedAt ?? training.divergedAt)
  }

  /// The axis of lags, the rows, each of which is whole.
  var steps: PanelAxis { profiles.axis(lags: lags) }
}

extension TrainingProfiles {
  /// Columns are at 0, 1, 2…; tics name the updates they are of.
  ///
  /// - Parameters:
  ///   - longest: the last update of all maps: they count alike.
  ///   - end: an update that has to be on it.
  func axis(of longest: Int, end: Int? = nil) -> PanelAxis {
    let (unit, label) = PanelAxis.unit(longest)
    let (last, count) = (Double(updates.last ?? 1), Double(updates.count))
    let step = max(Double(interval), PanelAxis.niceStep(last / 4.5))
    let first = updates.first ?? 1
    let tics = [first == 0 || unit > 1 ? 0 : 1] + PanelAxis.round(from: step, to: last, step: step)
    return PanelAxis(
      label: label, low: -0.5, high: max(count - 0.5, end.map { place($0) + 0.015 * count } ?? 0),
      tics: tics.map {
        PanelAxis.Tic(place: place(Int($0)), name: Brief.tic($0 / unit, step: min(1, step / unit)))
      })
  }

  /// The axis of some lags, the rows, each of which is whole.
  func axis(lags: [Int]) -> PanelAxis {
    let (first, last) = (lags.first ?? 0, lags.last ?? 0)
    var axis = PanelAxis.counts("lag T − t (steps)", from: first, to: last)
    guard lags.count > 1 else { return axis }
    let half = Double(last - first) / Double(lags.count - 1) / 2
    (axis.low, axis.high) = (Double(first) - half, Double(last) + half)
    return axis
  }
}
