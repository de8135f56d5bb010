import Experiments
import GradientFlow
import TextFiles

/// log10 ‖∂L/∂h_t‖ as a map of lag by update: how far back gradients reach while a network learns. A panel a rule and
/// cell, of one seed.
struct EvolutionFigure: RunFigure {
  let name: FigureName = "evolution"
  let question = "How far back do gradients reach while a network learns?"
  let subject = FigureSubject.training
  let profileColumns = SeedTraining.verdictColumns
  let fixedX: String? = "the update"

  /// Cells of all maps together, and decades that the colours tell apart.
  private static let cells = 8000, depth = 15.0

  private struct Map {
    let seeds: TrainingSeeds
    /// The one that is drawn.
    let training: SeedTraining
    let profiles: TrainingProfiles
    let lags: [Int]

    var values: [Double] { lags.flatMap { lag in profiles.norms.map { $0[profiles.steps - lag] } } }
    var rows: [[Field]] {
      lags.flatMap { lag in
        profiles.updates.indices.map { k in
          seeds.fields + [Field(Int(training.trial.seed)), Field(lag), Field(k), Field(profiles.updates[k])]
            + [.drawn(profiles.norms[k][profiles.steps - lag])]
        }
      }
    }
  }

  func objection(to specification: SweepSpecification) -> String? {
    specification.diagnoseEvery == .every(0) ? "diagnose_every: 0 records no profiles" : nil
  }

  func plot(of records: RunRecords) throws -> Plot {
    let facets = Facets(trainings: records, .last, limits: (3, 3))
    let groups = try TrainingSeeds.all(facets, records)
    let seed = groups.tellingSeed
    let maps = groups.compactMap { map($0, seed: seed, cells: Self.cells / groups.count) }
    guard let first = maps.first else {
      throw FigureOmission(reason: "no finished training run on the longest sequences has profiles")
    }
    let scale = ColorScale.sequential(maps.flatMap(\.values), depth: Self.depth, label: "‖∂L/∂h_t‖")
    var plot = Plot(
      self, columns: TrainingSeeds.columns(facets) + ["seed", "lag", "column", "update", "log10_grad_h"],
      title: "‖∂L/∂h_t‖ during training: how far back gradients reach", statement: statement(groups, maps),
      caption: FigureCaption(
        records, facets.slice, statistic: nil,
        notes: notes(first.profiles, groups, maps, seed: seed) + facets.omissions),
      grid: facets.grid(maps.map(\.seeds)))
    let longest = maps.map(\.training.end).max() ?? 1
    for map in maps {
      var panel = Panel(
        "\(facets.title(map.seeds)): \(map.training.outcomeWords)", x: axis(map, of: longest),
        y: .steps("lag T − t (steps)", map.lags))
      panel.ground = .lightGrey
      (panel.colors, panel.hasGrid) = (scale, false)
      panel.map(plot.append(map.rows), x: "column", y: "lag", value: "log10_grad_h")
      for (update, word) in [(map.training.solvedAt, "solved"), (map.training.divergedAt, "diverged")] {
        if let update { panel.moment(map.profiles.place(update), .marker, label: word) }
      }
      plot.panels.append(panel)
    }
    return plot
  }

  private func map(_ seeds: TrainingSeeds, seed: UInt64?, cells: Int) -> Map? {
    let training = seeds.training(seed: seed)
    guard let profiles = TrainingProfiles(training) else { return nil }
    // Twice as many columns as rows, where there are as many.
    let columns = min(profiles.updates.count, max(40, Int((2 * Double(cells)).squareRoot())))
    let shown = profiles.thinned(columns)
    return Map(
      seeds: seeds, training: training, profiles: shown,
      lags: Array(0..<shown.steps).spread(max(20, cells / columns)))
  }

  /// Columns are at 0, 1, 2…; tics name the updates they are of.
  private func axis(_ map: Map, of longest: Int) -> PanelAxis {
    let profiles = map.profiles
    let (unit, label) = PanelAxis.unit(longest)
    let (last, count) = (Double(profiles.updates.last ?? 1), Double(profiles.updates.count))
    let end = map.training.solvedAt ?? map.training.divergedAt
    let step = max(Double(profiles.interval), PanelAxis.niceStep(last / 4.5))
    let tics = [unit == 1 ? 1 : 0] + PanelAxis.round(from: step, to: last, step: step)
    return PanelAxis(
      label: label, low: -0.5, high: max(count - 0.5, end.map { profiles.place($0) + 0.015 * count } ?? 0),
      tics: tics.map {
        PanelAxis.Tic(place: profiles.place(Int($0)), name: Brief.tic($0 / unit, step: min(1, step / unit)))
      })
  }

  // MARK: - Words

  private func notes(
    _ profiles: TrainingProfiles, _ groups: [TrainingSeeds], _ maps: [Map], seed: UInt64?
  ) -> [String] {
    let missing = groups.filter { group in
      !maps.contains { ($0.seeds.panel, $0.seeds.hue) == (group.panel, group.hue) }
    }
    let isShort = maps.contains { $0.profiles.hasShortWindows }
    let hasZeros = maps.contains { $0.values.contains(-.infinity) }
    let isThinned = maps.contains { $0.lags.count < $0.profiles.steps }
    return ["norm over the batch", "columns: update 1, then every \(Brief.grouped(profiles.interval))"]
      + (isThinned ? ["lags evenly spaced"] : [])
      + (hasZeros
        ? [
          "grey: exactly 0, or past the end" + (isShort ? ", or before the first step of a short window" : "")
        ] : [])
      + groups.note(seed: seed)
      + (missing.isEmpty
        ? [] : ["ended before the first profile: \(missing.map(\.label).joined(separator: ", "))"])
  }

  /// How all seeds ended, and from end to beginning of the sequence, the seed drawn at its first and last profile.
  private func statement(_ groups: [TrainingSeeds], _ maps: [Map]) -> String {
    "Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile drawn: "
      + groups.bestFirst.sentence { group in
        let map = maps.first { ($0.seeds.panel, $0.seeds.hue) == (group.panel, group.hue) }
        return group.outcomeWords + (map.flatMap { change($0.profiles) }.map { " (\($0))" } ?? "")
      }
  }

  private func change(_ profiles: TrainingProfiles) -> String? {
    // The first whose window is whole.
    let first = profiles.norms.first { $0[0] > -.infinity } ?? profiles.norms.first
    let changes = [first, profiles.norms.last].compactMap { norms -> String? in
      guard let norms, norms.count > 1 else { return nil }
      let change = norms[1] - norms[norms.count - 1]
      return change.isNaN ? "0/0" : change.magnitude < 1 ? Brief.factor(change) : Brief.power(change)
    }
    return changes.count == 2 ? "\(changes[0]) → \(changes[1])" : nil
  }
}

extension PanelAxis {
  /// Of steps that are the rows of a map, each of which is whole.
  fileprivate static func steps(_ label: String, _ steps: [Int]) -> PanelAxis {
    let (first, last) = (steps.first ?? 0, steps.last ?? 0)
    var axis = counts(label, from: first, to: last)
    guard steps.count > 1 else { return axis }
    let half = Double(last - first) / Double(steps.count - 1) / 2
    (axis.low, axis.high) = (Double(first) - half, Double(last) + half)
    return axis
  }
}
