import Experiments
import Foundation
import GradientFlow

/// log10 ‖∂L/∂h_t‖ as a map of lag by update: how far back gradients reach while a network learns. A panel a rule, a row
/// a cell variant, of one seed.
struct EvolutionFigure: Figure {
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
    let panels = shown.compactMap { panel($0, seed: seed, limit: shown.count <= 2 ? 160 : 100) }
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
    let missing = shown.filter { group in
      !panels.contains { $0.seeds.rule == group.rule && $0.seeds.variant == group.variant }
    }
    if !missing.isEmpty {
      let names = missing.map { (variants.count > 1 ? "\($0.variant.label) " : "") + $0.rule.name }
      notes.append("diverged before the first profile: \(names.joined(separator: ", "))")
    }
    let caption = FigureCaption(records, slice, statistic: nil, notes: notes)
    let across = variants.count > 1 ? shownRules.count : GridLayout.columns(of: panels.count)
    var page = FigurePage(
      name.rawValue, question: question, columns: Self.columns,
      heading: .init(
        title: "‖∂L/∂h_t‖ during training: how far back gradients reach", subtitle: statement(panels),
        warning: caption.warning, caption: caption.parts),
      styles: [], legend: [], slots: slots(panels, shownVariants, shownRules, across: across), across: across,
      right: 150, panelHeight: panels.count == 1 ? 520 : nil, rowGap: 72)
    page.add(scale.commands(label: "10^{%g}"))
    page.add("unset colorbox", "set style fill solid 1 noborder", "unset grid")
    let updates = UpdateAxis(end: panels.map { $0.training.end }.max() ?? 1)
    var table = FigureTable(columns: Self.columns)
    for (k, panel) in panels.enumerated() {
      draw(
        panel, updates, named: variants.count > 1, isLast: k == panels.count - 1, &page, &table)
    }
    return FigureDrawing(name: name.rawValue, table: table, script: page.finished())
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
    guard let training = group.trainings.first(where: { $0.trial.seed == seed }) ?? group.trainings.first,
      let profiles = TrainingProfiles(training)
    else { return nil }
    let shown = profiles.thinned(200)
    let lags = Array(0..<shown.steps).spread(limit)
    return Panel(
      training: training, seeds: group, profiles: shown,
      map: HeatMap(
        xs: Array(shown.updates.indices), ys: lags,
        values: lags.map { lag in shown.norms.map { $0[shown.steps - lag] } }))
  }

  private func draw(
    _ panel: Panel, _ updates: UpdateAxis, named: Bool, isLast: Bool, _ page: inout FigurePage,
    _ table: inout FigureTable
  ) {
    page.beginPanel(title(panel, named: named))
    page.labelAxes(x: updates.title, y: "lag T − t (steps)")
    page.add(panel.map.axisCommands)
    page.add("set format x '%g'", page.isAtLeft ? "set format y '%g'" : "set format y (paged ? '%g' : '')")
    page.add(axis(panel, updates))
    page.add(
      "if (!paged) { set object rectangle from graph 0, graph 0 to first "
        + "\(fixed(Double(panel.profiles.updates.count) - 0.5)), graph 1 behind fillcolor rgb '#dddddd' "
        + "fillstyle solid 1 noborder }")
    page.add(ends(panel))
    if isLast {
      let top = page.layout.edges(0).top
      let width = GridLayout.width
      let last = page.layout.edges(page.layout.count - 1)
      page.add(HeatScale.bar((top, last.bottom)))
      page.add(
        "if (!paged) { set label '‖∂L/∂h_t‖' at screen \(fixed((width - 124) / width)), screen "
          + "\(fixed(top + 16 / page.layout.height)) left }")
    } else {
      page.add("unset colorbox")
    }
    let fields = panel.seeds.fields + ["\(panel.training.trial.seed)"]
    let rows = zip(panel.map.ys, panel.map.values).flatMap { lag, row in
      zip(panel.profiles.updates, row).enumerated().map { (k, cell) -> [String] in
        let (update, value) = cell
        return fields + ["\(lag)", "\(k)", "\(update)", CSVField.number(value)]
      }
    }
    page.plot(panel.map.elements(block: table.append(rows), x: "column", y: "lag", value: "log10_grad_h"))
  }

  /// Columns are at 0, 1, 2…; tics name the updates they are of.
  private func axis(_ panel: Panel, _ updates: UpdateAxis) -> [String] {
    let profiles = panel.profiles
    let end = max(Double(profiles.updates.count) - 0.5, profiles.place(panel.training.end))
    let last = Double(profiles.updates.last ?? 1)
    let step = max(Double(profiles.interval), DecadeAxis.niceStep(last / 4.5))
    var tics = ["'1' 0"]
    if updates.label(1) != "1" { tics = ["'0' 0"] }
    for value in stride(from: step, through: last, by: step) {
      tics.append("'\(updates.label(value))' \(fixed(profiles.place(Int(value))))")
    }
    return ["set xrange [-0.5:\(fixed(end))]", "set xtics (\(tics.joined(separator: ", ")))"]
  }

  /// A line where training succeeded or diverged.
  private func ends(_ panel: Panel) -> [String] {
    var lines: [String] = []
    for (update, word, color) in [
      (panel.training.solvedAt, "solved", "#D6006C"), (panel.training.divergedAt, "diverged", "#D6006C"),
    ] {
      guard let update else { continue }
      let x = fixed(panel.profiles.place(update))
      lines += [
        "if (!paged) { set arrow from first \(x), graph 0 to first \(x), graph 1 nohead front linecolor rgb "
          + "'\(color)' linewidth 2.2 dashtype (6,4) }",
        "if (!paged) { set label ' \(word) ' at first \(x), graph 0.96 right front boxed font sized(0.85) "
          + "textcolor rgb '\(color)' }",
      ]
    }
    return lines.isEmpty
      ? []
      : ["if (!paged) { set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder }"] + lines
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
