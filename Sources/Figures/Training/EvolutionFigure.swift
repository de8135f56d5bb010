import Experiments
import GradientFlow
import TextFiles

/// log10 ‖∂L/∂h_t‖ as a map of lag by update: how far back gradients reach while a network learns. A panel a rule and
/// cell, of one seed; of networks with several layers or directions a row of panels for each.
struct EvolutionFigure: RunFigure {
  let name: FigureName = "evolution"
  let question = "How far back do gradients reach while a network learns?"
  let subject = FigureSubject.training
  let profileColumns = SeedTraining.verdictColumns
  let profilesLayers = true
  let fixedX: String? = "the update"

  /// Cells of all maps together, and decades that the colours tell apart.
  private static let cells = 5000, depth = 15.0

  func objection(to specification: SweepSpecification) -> String? {
    specification.diagnoseEvery == .every(0) ? "diagnose_every: 0 records no profiles" : nil
  }

  func plot(of records: RunRecords) throws -> Plot {
    let facets = Facets(trainings: records, .last, limits: (3, 3), places: .drawn)
    let groups = try TrainingSeeds.all(facets, records)
    let seed = groups.tellingSeed
    let maps = groups.compactMap { EvolutionMap($0, seed: seed, cells: Self.cells / groups.count) }
    guard let first = maps.first else {
      throw FigureOmission(reason: "no finished training run on the longest sequences has profiles")
    }
    let scale = ColorScale.sequential(maps.flatMap(\.values), depth: Self.depth, label: "‖∂L/∂h_t‖")
    var plot = Plot(
      self,
      columns: TrainingSeeds.columnsBesideSeed(facets) + ["seed", "lag", "column", "update", "log10_grad_h"],
      title: "‖∂L/∂h_t‖ during training: how far back gradients reach", statement: statement(groups, maps),
      caption: FigureCaption(
        records, facets.slice, statistic: nil,
        notes: notes(first.profiles, groups, maps, seed: seed) + Seam.note(maps.map(\.profiles.seam))
          + facets.omissions),
      grid: facets.grid(maps.map(\.seeds)))
    let longest = maps.map(\.training.end).max() ?? 1
    for map in maps {
      var panel = Panel(
        "\(facets.title(map.seeds)): \(map.training.outcomeWords)", x: map.updates(of: longest),
        y: map.steps)
      panel.ground = .lightGrey
      (panel.colors, panel.hasGrid) = (scale, false)
      panel.map(plot.append(map.rows), x: "column", y: "lag", value: "log10_grad_h")
      for (update, word) in [(map.training.solvedAt, "solved"), (map.training.divergedAt, "diverged")] {
        if let update { panel.moment(map.profiles.place(update), .marker, label: word) }
      }
      if let seam = map.profiles.seam {
        panel.level(Double(seam), .marker, label: "encoder above, decoder below")
      }
      plot.panels.append(panel)
    }
    return plot
  }

  // MARK: - Words

  private func notes(
    _ profiles: TrainingProfiles, _ groups: [TrainingSeeds], _ maps: [EvolutionMap], seed: UInt64?
  ) -> [String] {
    let missing = groups.filter { group in
      !maps.contains { ($0.seeds.panel, $0.seeds.hue) == (group.panel, group.hue) }
    }
    let isShort = maps.contains { $0.profiles.hasShortWindows }
    let hasLengths = maps.contains(where: \.profiles.hasLengths)
    let values = maps.lazy.flatMap(\.values)
    let (hasZeros, hasGaps) = (values.contains(-.infinity), hasLengths && values.contains(where: \.isNaN))
    let isThinned = maps.contains { $0.lags.count < $0.profiles.steps }
    return [
      hasLengths
        ? "root mean square over the sequences that have a lag from their own end, times √B"
        : "norm over the batch",
      "columns: update 1, then every \(Brief.grouped(profiles.interval))",
    ]
      + (isThinned ? ["lags evenly spaced"] : [])
      + (hasZeros
        ? [
          "grey: exactly 0, or past the end" + (isShort ? ", or before the first step of a short window" : "")
            + (hasGaps ? ", or no sequence of the batch is so long" : "")
        ] : hasGaps ? ["grey: no sequence of the batch is so long"] : [])
      + groups.note(seed: seed)
      + (missing.isEmpty
        ? [] : ["ended before the first profile: \(missing.map(\.label).joined(separator: ", "))"])
  }

  /// How all seeds ended, and from end to beginning of the sequence, the seed drawn at its first and last profile.
  private func statement(_ groups: [TrainingSeeds], _ maps: [EvolutionMap]) -> String {
    "Outcome, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ "
      + (maps.contains(where: \.profiles.hasLengths) ? "of each batch's longest sequences " : "")
      + "at the first → last profile drawn: "
      + groups.bestFirst.sentence { group in
        let map = maps.first { ($0.seeds.panel, $0.seeds.hue) == (group.panel, group.hue) }
        return group.outcomeWords + (map.flatMap { change($0.profiles) }.map { " (\($0))" } ?? "")
      }
  }

  private func change(_ profiles: TrainingProfiles) -> String? {
    // The first whose window is whole.
    let first = profiles.norms.firstIndex { $0[0] != -.infinity } ?? 0
    let changes = [first, profiles.changes.count - 1].compactMap { k -> String? in
      guard profiles.changes.indices.contains(k) else { return nil }
      let change = profiles.changes[k]
      return change.isNaN ? "0/0" : change.magnitude < 1 ? Brief.factor(change) : Brief.power(change)
    }
    return changes.count == 2 ? "\(changes[0]) → \(changes[1])" : nil
  }
}
