import Experiments
import GradientFlow
import TextFiles

/// Training and test loss against update: a curve a rule or a cell, a line a seed where these are few.
///
/// A point of a line is the mean loss of the batches of some updates, at the mean number of updates made before them;
/// a test follows an update. So both are of the same network where they are at the same place.
struct LossFigure: RunFigure {
  let name: FigureName = "loss"
  let question = "What lets the network learn, and when?"
  let subject = FigureSubject.training
  let isOfNetworks = true
  let fixedX: String? = "the update"

  func plot(of records: RunRecords) throws -> Plot {
    let facets = Facets(trainings: records, .early)
    let groups = try TrainingSeeds.all(facets, records, namesLengths: false)
    guard let longest = groups.map(\.end).max() else {
      throw FigureOmission(reason: "no training run has finished")
    }
    let ends = groups.flatMap { $0.trainings.map(\.end) }.filter { $0 > 0 }
    let isLogarithmic = (ends.min() ?? 1) * 8 < longest
    let lines = groups.reduce(0) { $0 + min($1.trainings.count, LossCurves.manySeeds - 1) }
    let curves = groups.map {
      LossCurves(
        $0, points: max(30, min(120, 4000 / lines)), tests: lines > 12 ? 6 : 9, isLogarithmic: isLogarithmic)
    }
    let own = facets.panels.indices.map { k in curves.filter { $0.seeds.panel == k } }
    let baselines = try records.run.baselines()
    let axes = LossAxes(own, facets.slice.trials.first?.task, besides: baselines.map(\.validationLoss))
    let hasTests = groups.contains { $0.trainings.contains(where: \.hasTestSet) }
    // Of a task that reads what was said: by the network itself, or rightly.
    let saysAlone = curves.contains { $0.courses.contains { !$0.own.isEmpty } }
    let isOfSeeds = curves.contains { $0.courses.contains { $0.seed != nil } }
    var plot = Plot(
      self,
      columns: TrainingSeeds.columnsBesideSeed(facets) + [
        "seed", "quantity", "updates", "loss", "q25", "q75", "seeds",
      ],
      title: "Loss while learning \(facets.task)", statement: LossWords(groups, baselines).statement,
      caption: FigureCaption(
        records, facets.slice, statistic: isOfSeeds ? nil : "median and quartiles",
        notes: notes(curves, isOfSeeds: isOfSeeds, hasTests: hasTests, baselines)
          + (saysAlone ? ["in training each step reads the right class before it (teacher forcing)"] : [])
          + (axes.areAlike ? [] : ["each panel has a y axis of its own"]) + facets.omissions,
        showsTotals: false),
      legend: Legend.each(facets.hues.map(\.label), facets.styles)
        + Legend.entry(
          saysAlone
            ? "points: test loss, teacher forcing"
            : "points: \(baselines.isEmpty ? "test" : "validation") loss",
          .points, Self.test(.plain), size: Self.testSize, if: hasTests)
        + Legend.entry(
          "outlined: of own predictions", .points, Self.test(.plain).hollow, size: Self.ownSize,
          if: saysAlone)
        + Legend.entry("models without recurrence", .reference, if: !baselines.isEmpty)
        + Legend.entry(
          "chance: remembers nothing", .reference,
          if: baselines.isEmpty && groups.contains { $0.chance != nil })
        + EndMark.legend(
          solved: curves.contains { !$0.solved.isEmpty }, diverged: curves.contains { !$0.diverged.isEmpty }))
    for (k, curves) in own.enumerated() where !curves.isEmpty {
      let end = curves.map(\.seeds.end).max() ?? 1
      let first = curves.flatMap { $0.courses.compactMap { $0.training.first { $0.updates > 0 }?.updates } }
        .min()
      var panel = Panel(
        facets.panels[k].label,
        x: isLogarithmic
          ? .logarithmicUpdates(from: first ?? 1, to: longest) : .updates(to: end, of: longest),
        y: axes.panels[k])
      panel.right = axes.perplexity
      for model in baselines { panel.level(model.validationLoss, .reference, label: model.shortLabel) }
      if baselines.isEmpty, let chance = curves.compactMap(\.seeds.chance).first {
        panel.level(chance, .reference)
      }
      for curve in curves { draw(curve, facets.styles[curve.seeds.hue], &panel, &plot) }
      plot.panels.append(panel)
    }
    return plot
  }

  // MARK: - Drawing

  private static let testSize = 0.75, ownSize = 1.1
  private static func test(_ style: CurveStyle) -> CurveStyle {
    CurveStyle(style.color, [], style.point, width: 1)
  }

  private func draw(_ curves: LossCurves, _ style: CurveStyle, _ panel: inout Panel, _ plot: inout Plot) {
    func block(_ points: [LossCurves.Point], _ quantity: String, seed: UInt64? = nil) -> DataBlock? {
      plot.append(LossCurves.rows(points, curves.seeds.fieldsBesideSeed, seed: seed, quantity))
    }
    for course in curves.courses {
      panel.line(
        block(course.training, "training", seed: course.seed), x: "updates", y: "loss",
        band: course.seed == nil ? ("q25", "q75") : nil, curves.courses.count > 1 ? style.wide(1.3) : style)
      panel.points(
        block(course.test, "test", seed: course.seed), x: "updates", y: "loss", Self.test(style),
        size: Self.testSize)
      panel.points(
        block(course.own, "test-own", seed: course.seed), x: "updates", y: "loss", Self.test(style).hollow,
        size: Self.ownSize)
    }
    for (points, isSolved) in [(curves.solved, true), (curves.diverged, false)] {
      panel.points(
        block(points, isSolved ? "solved" : "diverged"), x: "updates", y: "loss",
        EndMark.style(style.color, solved: isSolved), size: EndMark.size)
    }
  }

  // MARK: - Words

  private func notes(
    _ curves: [LossCurves], isOfSeeds: Bool, hasTests: Bool, _ baselines: [Baseline]
  ) -> [String] {
    let seeds = curves.map(\.seeds.wanted).max() ?? 1
    let sizes = curves.flatMap { $0.courses.map(\.updates) }
    let (least, most) = (sizes.min() ?? 1, sizes.max() ?? 1)
    let size = (least < most ? "\(least) to " : "") + Brief.grouped(most)
    let mean =
      most == 1 ? "each batch" : "the batches, mean over \(size) updates (a spike may be one of them)"
    return (isOfSeeds && seeds > 1 ? ["a line for each of \(seeds) seeds"] : []) + [
      "lines: loss of \(mean)",
      !hasTests
        ? "no test set"
        : !baselines.isEmpty
          ? "points and levels: loss on the validation part; the text above tells that on the test part"
          : "points: test loss" + (isOfSeeds ? "" : "; solved runs keep the loss of their last test"),
    ]
  }
}

extension TrainingSeeds {
  /// The loss of chance.
  var chance: Double? { trainings.lazy.compactMap(\.record.chanceLoss).first }
}

extension Baseline {
  /// Beside its level: `n-gram, order 9`.
  fileprivate var shortLabel: String {
    switch kind {
    case .unigram: "unigram"
    case .markovChain: "Markov chain"
    case .nGram: "n-gram, order \(contextLength + 1)"
    case .window: "window of \(contextLength)"
    }
  }
}
