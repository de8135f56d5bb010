import Experiments
import Foundation
import GradientFlow

/// The share of seeds that solve the task, and after how many updates, against sequence length by rule; a row of two
/// panels a cell variant.
struct SuccessFigure: RunFigure {
  let name: FigureName = "success"
  let question = "Up to which sequence length is the task solved, and how fast?"
  let subject = FigureSubject.training

  private static let variantLimit = 3
  private static let columns =
    TrainingSeeds.columns + [
      "quantity", "solved", "seeds", "rate", "ci95_low", "ci95_high", "updates_median", "updates_q25",
      "updates_q75",
    ]

  private static let unsolvedMark = "pointtype 10 pointsize 1.5 linewidth 2"

  private struct Point {
    let seeds: TrainingSeeds
    let rate: SuccessRate
    /// Over the solved ones.
    let updates: SeedSummary?

    init(_ seeds: TrainingSeeds) {
      self.seeds = seeds
      rate = SuccessRate(successes: seeds.solved, count: seeds.trainings.count)
      updates = SeedSummary(seeds.trainings.compactMap(\.solvedAt).map(Double.init))
    }
  }

  func objection(to specification: SweepSpecification) -> String? {
    specification.task.identity.hasSuccessRule
      ? nil : "the task \(specification.task.kind.name) has no success criterion"
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let slice = SweepSlice(records.run.trials, drawn: [.sequenceLength, .clip])
    let rules = slice.trials.lazy.map(\.rule).distinct
    let points = try TrainingSeeds.groups(slice, records).map(Point.init)
    guard !points.isEmpty else { throw FigureOmission(reason: "no training run has finished") }
    let variants = points.map(\.seeds.variant).distinct
    let shown = Array(variants.prefix(Self.variantLimit))
    let limit = slice.trials.first?.training?.iterations ?? 1
    let hasLimits = points.contains { $0.updates == nil }
    var notes = [
      "left: error bars, 95 % interval by Wilson", "right: median and quartiles of the solved seeds",
    ]
    if shown.count < variants.count {
      notes.append("\(variants.count - shown.count) of \(variants.count) cells omitted")
    }
    if rules.count > 1 { notes.append("points offset for clarity") }
    var page = FigurePage(
      self, columns: Self.columns,
      title: "How often and how fast \(slice.trials.first?.task.label ?? "the task") is solved",
      subtitle: statement(points, shown),
      caption: FigureCaption(records, slice, statistic: "share", notes: notes, showsTotals: false),
      styles: CurveStyle.styles(rules),
      legend: Legend.each(rules.map(\.name), "linespoints")
        + Legend.entry(
          "no seed solved after \(limit) updates", "points \(Self.unsolvedMark) \(Pen.grey)", if: hasLimits),
      grid: GridLayout(slots: 0..<2 * shown.count, columns: 2, rowGap: 66, columnGap: 100))
    let lengths = LengthAxis(slice.sequenceLengths, curves: rules.count)
    let updates = PositiveAxis(
      points.flatMap { [$0.updates?.median, $0.updates?.lower, $0.updates?.upper].compactMap { $0 } }
        + (hasLimits ? [Double(limit)] : []), logarithmicFrom: 20)
    page.add(updates.function)
    page.add(lengths.commands)
    page.add("limit_level = \(fixed(updates.place(Double(limit))))")
    let pointSize = " pointsize 1.2"
    for variant in shown {
      let own = rules.map { rule in points.filter { $0.seeds.variant == variant && $0.seeds.rule == rule } }
      page.beginPanel(
        "\(variant.label): share of seeds that solve the task", x: "sequence length T (steps)",
        y: "success rate")
      page.add("set yrange [-0.04:1.04]; set ytics 0, 0.2, 1; set format y '%g'")
      for (k, points) in own.enumerated() {
        guard let block = page.append(rows(points, "rate")) else { continue }
        page.draw(
          block, x: lengths.x(k), y: "rate", interval: ("ci95_low", "ci95_high"), linetype: k + 1, pointSize)
      }
      page.plot()
      page.beginPanel(
        "\(variant.label): updates until the task is solved", x: "sequence length T (steps)", y: "")
      page.add("set ylabel 'updates'")
      page.add(updates.commands(labelled: true))
      for (k, points) in own.enumerated() {
        if let block = page.append(rows(points.filter { $0.updates != nil }, "updates")) {
          page.draw(
            block, x: lengths.x(k), y: "(level(updates_median))",
            interval: ("(level(updates_q25))", "(level(updates_q75))"), linetype: k + 1, pointSize)
        }
        guard let block = page.append(rows(points.filter { $0.updates == nil }, "unsolved")) else { continue }
        page.draw(
          "\(block.using("\(lengths.x(k)):(limit_level)")) with points linetype \(k + 1) \(Self.unsolvedMark)"
        )
      }
      page.plot()
    }
    return page.finished()
  }

  // MARK: - Drawing

  private func rows(_ points: [Point], _ quantity: String) -> [[String]] {
    points.map { point in
      let (rate, updates) = (point.rate, point.updates)
      let numbers: [Double?] =
        quantity == "rate"
        ? [rate.rate, rate.low, rate.high, nil, nil, nil]
        : [nil, nil, nil, updates?.median, updates?.lower, updates?.upper]
      return point.seeds.fields + [quantity, "\(rate.successes)", "\(rate.count)"]
        + numbers.map { CSVField.number($0) }
    }
  }

  // MARK: - Words

  /// The longest sequence that half of the seeds solve, by rule.
  private func statement(_ points: [Point], _ variants: [CellVariant]) -> String {
    let lengths = points.map(\.seeds.sequenceLength).distinct.sorted()
    let parts = variants.flatMap { variant in
      points.filter { $0.seeds.variant == variant }.map(\.seeds.rule).distinct.map { rule in
        let own = points.filter { $0.seeds.variant == variant && $0.seeds.rule == rule }
        if lengths.count == 1, let point = own.first {
          let when = point.updates.map { " after \(CSVField.number($0.median.rounded())) updates" } ?? ""
          return (
            variant: variant, text: "\(rule.name) – \(point.rate.successes) of \(point.rate.count)\(when)"
          )
        }
        let reached = own.filter { $0.rate.rate >= 0.5 }.map(\.seeds.sequenceLength).max()
        return (variant: variant, text: "\(rule.name) – \(reached.map { "T = \($0)" } ?? "none")")
      }
    }
    let head =
      lengths.count == 1
      ? "Seeds that solve the task at T = \(lengths[0]): "
      : "Longest sequences that at least half of the seeds solve: "
    return head + parts.sentence
  }
}

/// The axis of sequence lengths, logarithmic where they span more than a decade, with the curves set apart sideways.
private struct LengthAxis {
  let commands: [String]
  private let isLogarithmic: Bool
  private let curves: Int
  private let offset: Double

  init(_ lengths: [Int], curves: Int) {
    let (first, last) = (Double(lengths.first ?? 1), Double(lengths.last ?? 1))
    isLogarithmic = last > 10 * first
    self.curves = curves
    let tics = PlotAxis.x.tics(lengths.spread(9).map { ("\($0)", Double($0)) })
    if isLogarithmic {
      let side = pow(last / first, 0.08)
      commands = ["set logscale x", PlotAxis.x.range(first / side, last * side), tics]
      offset = log(last / first) * 0.016
    } else {
      let side = last > first ? 0.1 * (last - first) : 0.5
      commands = [PlotAxis.x.range(first - side, last + side), tics]
      offset = (last > first ? last - first : 1) * 0.016
    }
  }

  /// The place of a point of curve k.
  func x(_ k: Int) -> String {
    let shift = offset * (Double(k) - Double(curves - 1) / 2)
    return isLogarithmic
      ? "(column(sequence_length) * \(fixed(exp(shift))))" : "(column(sequence_length) + \(fixed(shift)))"
  }
}
