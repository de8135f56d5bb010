import Experiments
import Foundation
import GradientFlow

/// The norm of the whole gradient before and after clipping against update, below it the share of updates that were
/// clipped; one panel per rule, of one seed.
struct NormsFigure: RunFigure {
  let name: FigureName = "norms"
  let question = "How does clipping change gradients during training, and why does a run fail?"
  let subject = FigureSubject.training
  // Those a verdict is made of.
  let profileColumns: Set<ProfileColumn> = [.t, .hidden]

  private static let panelLimit = 6
  private static let columns =
    TrainingSeeds.columns + [
      "seed", "update", "log10_grad_before", "log10_grad_before_max", "log10_grad_after", "engaged",
    ]

  private struct Panel {
    let seeds: TrainingSeeds
    /// The one that is drawn.
    let training: SeedTraining
    let updates: [Int]
    let before, largest, after, engaged: [Double]

    var clips: Bool { seeds.rule.clip != .none }
    var log10Threshold: Double? {
      guard case .globalNorm(let limit) = seeds.rule.clip, limit > 0 else { return nil }
      return log10(limit)
    }
    var values: [Double] { before + largest + (clips ? after : []) + (log10Threshold.map { [$0] } ?? []) }
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let all = SweepSlice(records.run.trials, drawn: [.clip])
    guard let first = all.variants.first else { throw FigureOmission(reason: "the sweep is empty") }
    let slice = all.only { CellVariant($0) == first }
    let groups = try TrainingSeeds.groups(slice, records)
    let seed = groups.tellingSeed
    let panels = groups.spread(Self.panelLimit).compactMap { panel($0, seed: seed) }
    guard panels.contains(where: { !$0.updates.isEmpty }) else {
      throw FigureOmission(reason: "no training run on the longest sequences has made an update")
    }
    let size = bins(panels[0].training, end: groups.map(\.end).max() ?? 1).size
    var notes = [
      size == 1 ? "one point per update" : "each point: mean of log10 over \(size) updates",
      "seed \(panels[0].training.trial.seed) of \(groups.map(\.wanted).max() ?? 1) is drawn; text counts all seeds",
    ]
    if all.variants.count > 1 { notes.insert("\(first.label) (first of \(all.variants.count))", at: 0) }
    if groups.count > panels.count { notes.append("\(panels.count) of \(groups.count) rules, evenly spaced") }
    let trainings = panels.map(\.training)
    var page = FigurePage(
      self, columns: Self.columns, title: title(first, slice), subtitle: statement(panels.map(\.seeds)),
      caption: FigureCaption(records, slice, statistic: nil, notes: notes, showsTotals: false),
      styles: [CurveStyle(.black, [], 7), CurveStyle(.vermillion, [12, 5], 11), CurveStyle(.blue, [], 5)],
      legend: Legend.entry("before clipping: mean, shaded up to the largest", "lines linetype 1")
        + Legend.entry(
          "after clipping; below: share of updates clipped", "lines linetype 2",
          if: panels.contains(where: \.clips))
        + Legend.entry(
          "threshold", "lines \(Pen.threshold)", if: panels.contains { $0.log10Threshold != nil })
        + EndMark.legend(
          solved: trainings.contains { $0.solvedAt != nil },
          diverged: trainings.contains { $0.divergedAt != nil }),
      grid: GridLayout(
        slots: panels.indices, panelHeight: panels.count > 3 ? 400 : 520, rowGap: 70))
    let characters = Int(page.layout.panelWidth / 6.9)
    let height = 0.77 * page.layout.panelHeight
    let texts = panels.map { self.notes($0, characters: characters) }
    let axis = Self.axis(
      panels.flatMap(\.values),
      headroom: FigurePage.shareOfNotes(texts.map(\.count).max() ?? 0, height: height))
    let updates = UpdateAxis(end: panels.compactMap(\.updates.last).max() ?? 1)
    page.add(axis.functions)
    for (panel, text) in zip(panels, texts) {
      page.beginPanel(panel.seeds.rule.name, .upper)
      page.noteAtTop(text, height: height)
      draw(panel, axis, updates, &page)
    }
    return page.finished()
  }

  // MARK: - Data

  private func bins(_ training: SeedTraining, end: Int) -> UpdateBins {
    UpdateBins(end: end, rows: training.trial.training?.recordEvery ?? 0, limit: 160)
  }

  private func panel(_ group: TrainingSeeds, seed: UInt64?) -> Panel? {
    guard let training = group.training(seed: seed) else { return nil }
    let (rows, end) = (training.rows, training.end)
    let bins = bins(training, end: end)
    let before = bins.means(.gradBefore, rows, end: end)
    let kept = before.indices.filter { !before[$0].isNaN }
    func of(_ values: [Double]) -> [Double] { kept.map { values[$0] } }
    return Panel(
      seeds: group, training: training, updates: kept.map { bins.position($0, end: end) },
      before: of(before), largest: of(bins.maxima(.gradBeforeMax, rows, end: end)),
      after: of(bins.means(.gradAfter, rows, end: end)), engaged: of(bins.means(.engaged, rows, end: end)))
  }

  // MARK: - Drawing

  private static func axis(_ values: [Double], headroom: Double) -> DecadeAxis {
    let finite = values.filter(\.isFinite)
    let decades = (finite.max() ?? 0) - (finite.min() ?? 0)
    return DecadeAxis(values, tics: decades < 2 ? 5 : min(6, decades.rounded(.up)), headroom: headroom)
  }

  private func draw(
    _ panel: Panel, _ axis: DecadeAxis, _ updates: UpdateAxis, _ page: inout FigurePage
  ) {
    let end = panel.training.end
    // A rule that diverges at its first update has a panel that says so.
    let block = page.append(rows(panel))
    page.labelAxes(x: "", y: "norm of the whole gradient")
    page.add("set format x (paged ? '%g' : '')")
    page.add(updates.commands(end: end, labelled: false))
    page.add(axis.fineCommands(labelled: page.isAtLeft))
    if let threshold = panel.log10Threshold { page.draw("\(fixed(threshold)) with lines \(Pen.threshold)") }
    let (before, after) = ("shown(log10_grad_before)", "shown(log10_grad_after)")
    page.draw(
      block, x: "update", y: "(\(before))", band: ("(\(before))", "(shown(log10_grad_before_max))"),
      linetype: 1, " linewidth 1.4")
    if panel.clips { page.draw(block, x: "update", y: "(\(after))", linetype: 2, " linewidth 1.6") }
    if panel.training.solvedAt == end || panel.training.divergedAt != nil, let block,
      let last = panel.updates.last
    {
      let mark = panel.training.divergedAt == nil ? EndMark.solved : EndMark.diverged
      let place = "update:(column(update) == \(last) ? \(panel.clips ? after : before) : NaN)"
      let color = panel.clips ? OkabeIto.vermillion : .black
      page.draw("\(block.using(place)) with \(mark) linecolor rgb '\(color.rawValue)'")
    }
    page.plot(orElse: "-1e6")

    page.beginLowerPart("\(panel.seeds.rule.name): share of updates that are clipped")
    page.labelAxes(x: updates.title, y: "clipped")
    page.add("set format x '%g'")
    page.add(updates.commands(end: end, labelled: true))
    page.add(
      "set yrange [0:1.05]",
      page.isAtLeft
        ? "set ytics ('0' 0, '100 %%' 1); set format y '%g'"
        : "set ytics ((paged ? '0' : '') 0, (paged ? '100 %%' : '') 1)")
    if panel.clips, let block {
      page.draw("for [i=1:bands] \(block.using("update:(0):engaged")) with filledcurves linetype 2")
      page.draw(block, x: "update", y: "engaged", linetype: 2, " dashtype solid linewidth 1.4")
    } else {
      page.addGraphic(
        "set label '\(panel.clips ? "no update" : "no clip")' at graph 0.5, graph 0.5 center front font sized(0.85) "
          + "textcolor rgb '#777777'")
    }
    page.plot(orElse: "-1")
  }

  private func rows(_ panel: Panel) -> [[String]] {
    panel.updates.indices.map { k in
      panel.seeds.fields + ["\(panel.training.trial.seed)", "\(panel.updates[k])"]
        + [panel.before[k], panel.largest[k], panel.after[k], panel.engaged[k]].map { CSVField.number($0) }
    }
  }

  // MARK: - Words

  private func title(_ variant: CellVariant, _ slice: SweepSlice) -> String {
    guard let p = slice.trials.first else { return "" }
    return "Gradients while \(variant.label) learns \(p.task.label), T = \(p.sequenceLength)"
  }

  /// What the clip did, how the seeds ended, and why the one that is drawn failed; in gnuplot's markup.
  private func notes(_ panel: Panel, characters: Int) -> [String] {
    let reason = reason(panel.training)
    var lines = [Self.words(panel.seeds)].compactMap { $0 }
    if panel.seeds.trainings.count == 1 {
      lines.append(reason ?? panel.seeds.outcomeWords)
    } else {
      lines.append(panel.seeds.outcomeWords)
      if let reason { lines.append("seed \(panel.training.trial.seed) \(reason)") }
    }
    return lines.flatMap { WrappedText.lines($0, width: max(24, characters)) }
  }

  /// How one training run ended, with the decisive number.
  private func reason(_ training: SeedTraining) -> String? {
    let verdict = training.verdict
    func tenPower(_ log10: Double?) -> String { Brief.tenPower(log10 ?? 0) }
    switch verdict.outcome {
    case .solved: return "solved after \(training.solvedAt ?? training.end) updates"
    case .diverged:
      let kind = training.record.divergedKind.map { "the \($0.rawValue)" } ?? "numbers"
      return "diverged: \(kind) left the range at update \(training.end)"
    case .vanished: return "vanished: ‖∂L/∂h‖ at T/5 is \(tenPower(verdict.log10Reach)) of T's"
    case .exploded where verdict.clip != nil:
      return
        "exploded: the clip leaves \(tenPower(verdict.log10Shrink)) of a gradient with a chaotic direction"
    case .exploded:
      if let spike = verdict.log10Spike, spike > TrainingVerdict.explosion {
        return "exploded: a gradient \(tenPower(spike)) times the usual size"
      }
      return "exploded: the loss jumped to \(Brief.number(training.record.testLoss ?? .nan)), "
        + "chance is \(Brief.number(training.record.chanceLoss ?? .nan))"
    case .cutTooHard:
      return "cut too hard: \(tenPower(verdict.log10Shrink)) of the usual gradient is left"
    case .overfitted: return "overfitted: better than chance in training, not in tests"
    case .learning: return "better than chance at the last update"
    case .stalled:
      // Under a loss at every step the gradient at T/5 need not have come from the end.
      let reaches = verdict.log10Reach.map { $0 > -1 } ?? false
      return "stalled at chance"
        + (reaches && !training.trial.hasLossAtEveryStep ? ", though gradients reach back" : "")
    case .ended: return "ended after \(training.end) updates"
    case .tooFewUpdates: return "above chance and still falling: \(training.end) updates are too few"
    case .aboveChance:
      return "no longer falling at a loss of \(Brief.number(training.record.testLoss ?? .nan)), "
        + "chance is \(Brief.number(training.record.chanceLoss ?? .nan))"
    }
  }

  /// `safety net: clips 3 % of updates`.
  private static func words(_ seeds: TrainingSeeds) -> String? {
    guard seeds.rule.clip != .none,
      let share = quantile(seeds.trainings.compactMap { $0.verdict.engaged }, 0.5)
    else { return nil }
    if share == 0 { return "clip idle: changes no update" }
    if share < 0.01 { return "clip idle: changes \(Brief.percent(share)) of updates" }
    let percent = "\(Int((100 * share).rounded())) %"
    return share <= 0.5
      ? "safety net: clips \(percent) of updates" : "sets the step size: clips \(percent) of updates"
  }

  private func statement(_ groups: [TrainingSeeds]) -> String {
    groups.map { group in
      let clip = Self.words(group).map { " (\($0))" } ?? ""
      return "\(group.rule.name)\(clip): \(group.outcomeWords)"
    }.joined(separator: "; ")
  }
}
