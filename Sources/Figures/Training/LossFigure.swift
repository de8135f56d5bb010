import Experiments
import GradientFlow

/// Training and test loss against update, one panel per cell variant and sequence length, one curve per rule.
struct LossFigure: RunFigure {
  let name: FigureName = "loss"
  let question = "Which rule lets the network learn, and when?"
  let subject = FigureSubject.training

  private static let panelLimit = 6
  private static let testPoints = 12
  private static let columns = TrainingSeeds.columns + ["quantity", "update", "loss", "low", "high", "seeds"]

  private struct Curve {
    /// Place of the rule.
    let rule: Int
    let seeds: TrainingSeeds
    let training, test: SeedCurve
    let solved, diverged: SeedCurve

    var drawn: SeedCurve { training + test + solved + diverged }
  }

  private struct Panel {
    let variant: CellVariant
    let length: Int
    let bins: UpdateBins
    let curves: [Curve]
    let chance: Double?

    var end: Int { curves.map { $0.seeds.end }.max() ?? 1 }
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let slice = SweepSlice(records.run.trials, drawn: [.sequenceLength, .clip])
    let rules = slice.trials.lazy.map(\.rule).distinct
    let groups = try TrainingSeeds.groups(slice, records)
    guard !groups.isEmpty else { throw FigureOmission(reason: "no training run has finished") }
    let rowUpdates = slice.trials.first?.training?.recordEvery ?? 0
    let variants = Array(groups.map(\.variant).distinct.prefix(Self.panelLimit))
    let allLengths = groups.map(\.sequenceLength).distinct.sorted()
    let lengths = allLengths.spread(max(1, Self.panelLimit / variants.count))
    let panels = variants.flatMap { variant in
      lengths.map { length in
        panel(
          variant, length, groups.filter { $0.variant == variant && $0.sequenceLength == length }, rules,
          rowUpdates)
      }
    }
    let curves = panels.flatMap(\.curves)
    let sizes = panels.map(\.bins.size).distinct.sorted()
    var notes = [
      sizes.last == 1
        ? "lines: loss of each update's batch"
        : "lines: training loss, mean of \(sizes.map { "\($0)" }.joined(separator: " or ")) updates",
      "points: test loss",
    ]
    if curves.contains(where: { !$0.solved.isEmpty }) {
      notes.append("solved runs keep their last loss")
    }
    if curves.contains(where: { !$0.diverged.isEmpty }) { notes.append("diverged runs count as infinite") }
    if lengths.count < allLengths.count {
      notes.append("T = \(lengths.map { "\($0)" }.joined(separator: ", ")) of \(allLengths.count) lengths")
    }
    let seeds = slice.trials.lazy.map(\.seed).distinct.count
    let styles = CurveStyle.styles(rules)
    var page = FigurePage(
      self, columns: Self.columns,
      title: "Loss while learning \(slice.trials.first?.task.label ?? "the task")",
      subtitle: statement(panels),
      caption: FigureCaption(
        records, slice,
        statistic: seeds < 4 ? "median, band from minimum to maximum," : "median, band of quartiles,",
        notes: notes, showsTotals: false),
      styles: styles,
      legend: Legend.each(rules.map(\.name), "linespoints")
        + Legend.entry(
          "chance: knows the task but remembers nothing", "lines \(Pen.reference)",
          if: panels.contains { $0.chance != nil })
        + EndMark.legend(
          solved: curves.contains { !$0.solved.isEmpty }, diverged: curves.contains { !$0.diverged.isEmpty }),
      grid: GridLayout(
        slots: panels.indices, columns: variants.count > 1 ? lengths.count : nil, rowGap: 66))
    let axis = PositiveAxis(
      curves.flatMap(\.drawn.values) + panels.compactMap(\.chance))
    let updates = UpdateAxis(end: panels.map(\.end).max() ?? 1)
    page.add(axis.function)
    for panel in panels {
      page.beginPanel("\(panel.variant.label), T = \(panel.length)", x: updates.title, y: unit(slice))
      page.add("set format x '%g'")
      page.add(updates.commands(end: panel.end))
      page.add(axis.commands(labelled: page.isAtLeft))
      if let chance = panel.chance { page.draw("\(fixed(axis.place(chance))) with lines \(Pen.reference)") }
      for curve in panel.curves { draw(curve, styles[curve.rule], &page) }
      page.plot()
    }
    return page.finished()
  }

  // MARK: - Data

  private func panel(
    _ variant: CellVariant, _ length: Int, _ groups: [TrainingSeeds], _ rules: [GradientRule],
    _ rowUpdates: Int
  ) -> Panel {
    let bins = UpdateBins(end: groups.map(\.end).max() ?? 1, rows: rowUpdates)
    return Panel(
      variant: variant, length: length, bins: bins,
      curves: groups.map { group in
        Curve(
          rule: rules.firstIndex(of: group.rule) ?? 0, seeds: group, training: Self.training(group, bins),
          test: Self.test(group), solved: Self.ends(group, isSolved: true),
          diverged: Self.ends(group, isSolved: false))
      }, chance: groups.lazy.flatMap(\.trainings).compactMap(\.record.chanceLoss).first)
  }

  private static func point(_ update: Int, _ losses: [Double]) -> SeedPoint? {
    SeedPoint(update, SeedSummary(losses, quartilesFrom: 4))
  }

  private static func training(_ group: TrainingSeeds, _ bins: UpdateBins) -> SeedCurve {
    let losses = group.trainings.map { bins.losses($0, end: group.end) }
    return (0..<bins.count(end: group.end)).compactMap { k in
      point(bins.position(k, end: group.end), losses.map { $0[k] })
    }
  }

  /// The test loss at some of the tests; after the end of training, the last one.
  private static func test(_ group: TrainingSeeds) -> SeedCurve {
    let courses = group.trainings.map { training in
      let rows = training.rows
      let tests = (0..<rows.rows).compactMap { row -> (Int, Double)? in
        guard let update = rows[.iteration, row], let loss = rows[.testLoss, row] else { return nil }
        return (Int(update), loss)
      }
      return (tests: tests, training: training)
    }
    let all = courses.flatMap { $0.tests.map(\.0) }.distinct.sorted()
    return all.spread(testPoints).compactMap { update in
      point(
        update,
        courses.map { tests, training in
          if let end = training.divergedAt, update >= end { return .infinity }
          return tests.last { $0.0 <= update }?.1 ?? .nan
        })
    }
  }

  /// Where each seed was solved, or diverged.
  private static func ends(_ group: TrainingSeeds, isSolved: Bool) -> SeedCurve {
    group.trainings.compactMap { training in
      guard let update = isSolved ? training.solvedAt : training.divergedAt else { return nil }
      let rows = training.rows
      let before = (0..<rows.rows).filter { rows[.iteration, $0].map { $0 <= Double(update) } ?? false }
      let column = isSolved ? TrainingColumn.testLoss : .loss
      let loss = before.compactMap { rows[column, $0] }.last ?? before.compactMap { rows[.testLoss, $0] }.last
      return SeedPoint(update, loss.map { SeedSummary($0) })
    }
  }

  // MARK: - Drawing

  private func draw(_ curve: Curve, _ style: CurveStyle, _ page: inout FigurePage) {
    func block(_ quantity: String, _ points: SeedCurve) -> DataBlock? {
      page.append(points.rows(curve.seeds.fields + [quantity]))
    }
    func mark(_ quantity: String, _ points: SeedCurve, _ mark: String) {
      guard let block = block(quantity, points) else { return }
      page.draw("\(block.using("update:(level(loss))")) with \(mark)", .marks)
    }
    // A line ends where the median is infinite.
    page.draw(
      block("training", curve.training.filter(\.summary.median.isFinite)), x: "update", y: "(level(loss))",
      band: curve.seeds.trainings.count > 1 ? ("(level(low))", "(level(high))") : nil,
      linetype: curve.rule + 1)
    mark("test", curve.test.filter(\.summary.median.isFinite), "points linetype \(curve.rule + 1)")
    mark("solved", curve.solved, "\(EndMark.solved) \(Pen.color(style))")
    mark("diverged", curve.diverged, "\(EndMark.diverged) \(Pen.color(style))")
  }

  // MARK: - Words

  private func unit(_ slice: SweepSlice) -> String {
    switch slice.trials.first?.task.objective {
    case .regression: return "loss (mean squared error)"
    case .classification, nil: return "loss (cross entropy, nats)"
    }
  }

  /// How the training runs on the longest sequences ended.
  private func statement(_ panels: [Panel]) -> String {
    guard let length = panels.map(\.length).max() else { return "" }
    let longest = panels.filter { $0.length == length }
    let isOfSuccess = panels.contains { $0.curves.contains { !$0.solved.isEmpty } }
    let parts = longest.flatMap { panel in
      panel.curves.map { curve -> (variant: CellVariant, text: String) in
        let loss = quantile(
          curve.seeds.trainings.map { $0.divergedAt == nil ? $0.record.testLoss ?? .nan : .infinity }, 0.5)
        let last = loss.map { $0.isFinite ? "test loss \(Brief.number($0))" : "diverged" } ?? "no test"
        guard isOfSuccess else { return (panel.variant, "\(curve.seeds.rule.name) – \(last)") }
        let updates = quantile(curve.seeds.trainings.compactMap(\.solvedAt).map(Double.init), 0.5)
        let share =
          "\(curve.seeds.rule.name) – \(curve.seeds.solved) of \(curve.seeds.trainings.count) solved"
        return (
          panel.variant, share + (updates.map { " after \(CSVField.number($0.rounded())) updates" } ?? "")
        )
      }
    }
    let chance = longest.compactMap(\.chance).first.map { " (chance \(Brief.number($0)))" } ?? ""
    let place = panels.contains { $0.chance != nil } ? "At T = \(length)\(chance), median over seeds: " : ""
    return place + parts.sentence
  }
}
