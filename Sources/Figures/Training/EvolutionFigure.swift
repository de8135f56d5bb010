import Experiments
import GradientFlow

/// log10 ‖∂L/∂h_t‖ as a map of lag by update: how far back gradients reach while a network learns. A panel a rule, a row
/// a cell variant, of one seed.
struct EvolutionFigure: RunFigure {
  let name: FigureName = "evolution"
  let question = "How far back do gradients reach while a network learns?"
  let subject = FigureSubject.training
  let profileColumns: Set<ProfileColumn> = [.iteration, .t, .hidden]

  private static let panelLimit = 6
  private static let columns = TrainingSeeds.columns + ["seed", "lag", "column", "update", "log10_grad_h"]

  private struct Panel {
    let training: SeedTraining
    let seeds: TrainingSeeds
    let profiles: TrainingProfiles
    let map: HeatMap
  }

  func objection(to specification: SweepSpecification) -> String? {
    specification.diagnoseEvery == .every(0) ? "diagnose_every: 0 records no profiles" : nil
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let slice = SweepSlice(records.run.trials, drawn: [.clip])
    let groups = try TrainingSeeds.groups(slice, records)
    let seed = groups.tellingSeed
    let variants = groups.map(\.variant).distinct
    let rules = groups.map(\.rule).distinct
    let perRow = variants.count > 1 ? max(1, min(3, rules.count)) : Self.panelLimit
    let shownRules = rules.spread(perRow)
    let shownVariants = variants.spread(max(1, Self.panelLimit / max(1, shownRules.count)))
    let shown = groups.filter { shownRules.contains($0.rule) && shownVariants.contains($0.variant) }
    let found = shown.map { ($0, panel($0, seed: seed, limit: shown.count <= 2 ? 160 : 100)) }
    let panels = found.compactMap(\.1)
    guard let first = panels.first else {
      throw FigureOmission(reason: "no finished training run on the longest sequences has profiles")
    }
    let scale = HeatScale.sequential(panels.flatMap { $0.map.values.joined() })
    var notes = [
      "norm over the batch",
      panels.contains { $0.profiles.hasShortWindows }
        ? "grey: exactly 0, or before the first step of a short window" : "grey: exactly 0",
      "columns: update 1, then every \(first.profiles.interval) updates",
      "seed \(first.training.trial.seed) of \(groups.map(\.wanted).max() ?? 1)",
    ]
    if shown.count < groups.count { notes.append("\(shown.count) of \(groups.count) maps") }
    let missing = found.filter { $0.1 == nil }.map(\.0)
    if !missing.isEmpty {
      let names = missing.map { (variants.count > 1 ? "\($0.variant.label) " : "") + $0.rule.name }
      notes.append("diverged before the first profile: \(names.joined(separator: ", "))")
    }
    let across = variants.count > 1 ? shownRules.count : GridLayout.columns(of: panels.count)
    var page = FigurePage(
      self, columns: Self.columns, title: "‖∂L/∂h_t‖ during training: how far back gradients reach",
      subtitle: statement(panels),
      caption: FigureCaption(records, slice, statistic: nil, notes: notes),
      grid: GridLayout(
        slots: slots(panels, shownVariants, shownRules, across: across), columns: across, right: 150,
        panelHeight: panels.count == 1 ? 520 : nil, rowGap: 72))
    page.addScale(scale)
    let updates = UpdateAxis(end: panels.map { $0.training.end }.max() ?? 1)
    for panel in panels { draw(panel, updates, named: variants.count > 1, &page) }
    return page.finished()
  }

  /// The places of panels where each row is a variant, or simply one after the other.
  private func slots(
    _ panels: [Panel], _ variants: [CellVariant], _ rules: [GradientRule], across: Int
  ) -> [Int] {
    guard variants.count > 1 else { return Array(panels.indices) }
    return panels.map { panel in
      (variants.firstIndex(of: panel.seeds.variant) ?? 0) * across
        + (rules.firstIndex(of: panel.seeds.rule) ?? 0)
    }
  }

  private func panel(_ group: TrainingSeeds, seed: UInt64?, limit: Int) -> Panel? {
    guard let training = group.training(seed: seed), let profiles = TrainingProfiles(training) else {
      return nil
    }
    let shown = profiles.thinned(200)
    let lags = Array(0..<shown.steps).spread(limit)
    return Panel(
      training: training, seeds: group, profiles: shown,
      map: HeatMap(
        xs: Array(shown.updates.indices), ys: lags,
        values: lags.map { lag in shown.norms.map { $0[shown.steps - lag] } }))
  }

  private func draw(_ panel: Panel, _ updates: UpdateAxis, named: Bool, _ page: inout FigurePage) {
    page.beginPanel(title(panel, named: named), x: updates.title, y: "lag T − t (steps)")
    page.add(panel.map.axisCommands)
    page.add("set format x '%g'")
    page.numberYTics()
    page.add(axis(panel, updates))
    page.addBackground(upTo: "first \(fixed(Double(panel.profiles.updates.count) - 0.5))")
    page.add(ends(panel))
    let (top, bottom) = (page.layout.edges(0).top, page.layout.edges(page.layout.count - 1).bottom)
    page.addColorBar(page.isLast ? (top, bottom) : nil, label: ("‖∂L/∂h_t‖", inset: 124))
    page.draw(
      panel.map, panel.seeds.fields + ["\(panel.training.trial.seed)"], x: "column", y: "lag",
      value: "log10_grad_h"
    ) { ["\($0)", "\(panel.profiles.updates[$0])"] }
    page.plot()
  }

  /// Columns are at 0, 1, 2…; tics name the updates they are of.
  private func axis(_ panel: Panel, _ updates: UpdateAxis) -> [String] {
    let profiles = panel.profiles
    let end = max(Double(profiles.updates.count) - 0.5, profiles.place(panel.training.end))
    let last = Double(profiles.updates.last ?? 1)
    let step = max(Double(profiles.interval), DecadeAxis.niceStep(last / 4.5))
    let tics = stride(from: step, through: last, by: step).map {
      (updates.label($0), profiles.place(Int($0)))
    }
    return [
      PlotAxis.x.range(-0.5, end), PlotAxis.x.tics([(updates.label(1) == "1" ? "1" : "0", 0)] + tics),
    ]
  }

  /// A line where training succeeded or diverged.
  private func ends(_ panel: Panel) -> [String] {
    var lines: [String] = []
    for (update, word) in [(panel.training.solvedAt, "solved"), (panel.training.divergedAt, "diverged")] {
      guard let update else { continue }
      let x = fixed(panel.profiles.place(update))
      lines += [
        "set arrow from first \(x), graph 0 to first \(x), graph 1 nohead front \(Pen.marker)",
        "set label ' \(word) ' at first \(x), graph 0.96 right front boxed font sized(0.85) "
          + "textcolor rgb '\(Pen.markerColor)'",
      ].map(GnuplotText.graphic)
    }
    return lines.isEmpty ? [] : [GnuplotText.boxes] + lines
  }

  // MARK: - Words

  private func title(_ panel: Panel, named: Bool) -> String {
    let end = panel.training.verdict.outcome
    let when = panel.training.solvedAt ?? panel.training.divergedAt
    return (named ? "\(panel.seeds.variant.label), " : "") + panel.seeds.rule.name + ": " + end.words
      + (when.map { " after \($0)" } ?? "")
  }

  /// From end to beginning of the sequence, at the first and at the last profile.
  private func statement(_ panels: [Panel]) -> String {
    let parts = panels.compactMap { panel -> (variant: CellVariant, text: String)? in
      // The first whose window is whole.
      let first = panel.profiles.norms.first { $0[0] > -.infinity } ?? panel.profiles.norms.first
      let changes = [first, panel.profiles.norms.last].compactMap { norms -> String? in
        guard let norms, norms.count > 1 else { return nil }
        let change = norms[1] - norms[norms.count - 1]
        return change.isNaN ? "0/0" : change.magnitude < 1 ? Brief.factor(change) : Brief.power(change)
      }
      guard changes.count == 2 else { return nil }
      return (panel.seeds.variant, "\(panel.seeds.rule.name) – \(changes[0]) → \(changes[1])")
    }
    return "‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last profile: " + parts.sentence
  }
}
