import Experiments
import GradientFlow
import TextFiles

/// Loss and share of wrong outputs of trained networks by step of the sequence: a curve a cell, a row of panels a length.
struct StepsFigure: RunFigure {
  let name: FigureName = "steps"
  let question = "Where in the sequence is the trained network wrong?"
  let subject = FigureSubject.training
  let fixedX: String? = "the step"
  let isOfNetworks = true

  func isUsual(for specification: SweepSpecification) -> Bool { specification.hasStepTests }

  func objection(to specification: SweepSpecification) -> String? {
    specification.hasStepTests
      ? nil : "\(specification.task.identity.label) has a loss at one step alone: see loss"
  }

  /// A column of panels: what is said with the right outputs before, and alone.
  private struct Measure {
    let forced, own: StepCurves.Quantity
    let isLoss: Bool

    static let wrong = Measure(forced: .wrong, own: .ownWrong, isLoss: false)
    static let loss = Measure(forced: .loss, own: .ownLoss, isLoss: true)

    var quantities: [StepCurves.Quantity] { [forced, own] + (isLoss ? [.chance] : []) }
  }

  func plot(of records: RunRecords) throws -> Plot {
    let facets = Facets(trainings: records, .early, limits: (4, 7))
    let groups = try TrainingSeeds.all(facets, records, namesLengths: false)
    let curves = groups.compactMap(StepCurves.init)
    guard let steps = curves.map(\.steps.upperBound).max() else {
      throw FigureOmission(reason: "no training run has been tested by step")
    }
    let measures = [Measure.wrong, .loss].filter { measure in
      curves.contains { !$0.points(measure.forced).isEmpty }
    }
    let saysAlone = curves.contains { !$0.points(.ownLoss).isEmpty }
    let panels = facets.panels.indices.map { k in curves.filter { $0.seeds.panel == k } }
    let losses = Self.lossAxes(panels, facets.slice.trials.first?.task)
    let hasChance = curves.contains { !$0.points(.chance).isEmpty }
    var plot = Plot(
      self,
      columns: TrainingSeeds.columns(facets) + ["quantity", "t", "median", "q25", "q75", "seeds"],
      title: "What was learned of \(facets.task), step by step",
      statement: StepWords(curves).statement,
      caption: FigureCaption(
        records, facets.slice, statistic: "median and quartiles",
        notes: ["of the whole test set at the end"] + notes(curves)
          + (losses.areAlike ? [] : ["each loss has a y axis of its own"]) + facets.omissions,
        showsTotals: false),
      legend: Legend.each(facets.hues.map(\.label), facets.styles)
        + Legend.entry("lines: teacher forcing", .line, CurveStyle(.darkGrey, [], 0), if: saysAlone)
        + Legend.entry(
          "dotted, outlined: own predictions", .linePoints,
          CurveStyle(.darkGrey, [], 7).hollow.dotted().point(6),
          size: Self.ownSize, if: saysAlone)
        + Legend.entry("chance: remembers nothing", .reference, if: hasChance),
      grid: measures.count > 1 ? PanelGrid(columns: measures.count) : nil)
    for (k, own) in panels.enumerated() where !own.isEmpty {
      for measure in measures {
        var panel = Panel(
          facets.panels.count > 1 ? facets.panels[k].label : "",
          x: .counts("step t of the sequence", from: 1, to: max(2, steps)),
          y: measure.isLoss ? losses.panels[k] : Self.shares)
        if measure.isLoss {
          // Over decades of loss most of it is near 1.
          panel.right = losses.perplexity.flatMap { $0.scale == .linear ? $0 : nil }
          if let chance = own.map({ $0.points(.chance) }).first(where: { !$0.isEmpty }) {
            // Nothing is lost where nothing has to be remembered: a logarithmic axis has no place for that.
            let drawn = chance.filter { panel.y.scale == .linear || $0.summary.median > 0 }
            panel.guide(drawn.map { ($0.step, $0.summary.median) }, .reference)
          }
        }
        for curve in own { draw(curve, measure, facets.styles[curve.seeds.hue], &panel, &plot) }
        plot.panels.append(panel)
      }
    }
    return plot
  }

  // MARK: - Drawing

  private static let ownSize = 0.9
  /// How many points of own predictions are marked.
  private static let marked = 12

  private func draw(
    _ curves: StepCurves, _ measure: Measure, _ style: CurveStyle, _ panel: inout Panel, _ plot: inout Plot
  ) {
    func block(_ quantity: StepCurves.Quantity) -> DataBlock? {
      plot.append(curves.rows(quantity, curves.points(quantity)))
    }
    panel.line(block(measure.forced), x: "t", y: "median", band: ("q25", "q75"), style)
    guard let own = block(measure.own) else { return }
    panel.line(own, x: "t", y: "median", style.dotted())
    panel.points(
      own, x: "t", y: "median", style.hollow, size: Self.ownSize,
      every: max(1, (own.rows + Self.marked - 1) / Self.marked))
  }

  private static var shares: PanelAxis {
    var axis = PanelAxis.share("share of wrong outputs")
    axis.low = -0.04
    return axis
  }

  private static func lossAxes(_ panels: [[StepCurves]], _ task: TaskIdentity?) -> LossAxes {
    LossAxes(
      values: panels.map { curves in
        curves.flatMap { curve in
          Measure.loss.quantities.flatMap { quantity in
            curve.points(quantity).flatMap { [$0.summary.median, $0.summary.lower, $0.summary.upper] }
          }
        }
      }, task, hasPerplexity: task?.objective != .regression)
  }

  private func notes(_ curves: [StepCurves]) -> [String] {
    let most = curves.map(\.binned).max() ?? 1
    let isMissing = curves.contains { $0.seeds.trainings.contains { $0.divergedAt != nil } }
    return (most > 1 ? ["a point is the mean over \(most) steps"] : [])
      + (isMissing ? ["runs that diverged are left out"] : [])
  }
}
