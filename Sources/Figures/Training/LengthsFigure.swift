import Experiments
import GradientFlow
import TextFiles

/// Error and loss of trained networks on sequences of other lengths than they were trained at: a curve a cell, median and
/// quartiles over seeds.
struct LengthsFigure: RunFigure {
  let name: FigureName = "lengths"
  let question = "Does what was learned at one length hold at others?"
  let subject = FigureSubject.training
  let isOfNetworks = true
  let fixedX: String? = "the tested length"

  func isUsual(for specification: SweepSpecification) -> Bool { !specification.testLengths.isEmpty }

  func objection(to specification: SweepSpecification) -> String? {
    specification.testLengths.isEmpty
      ? "networks are tested at the length they are trained at; set for example test_length: [50, 100, 200]"
      : nil
  }

  func plot(of records: RunRecords) throws -> Plot {
    let facets = Facets(trainings: records, .early, limits: (4, 7))
    let groups = try TrainingSeeds.all(facets, records)
    let tests = groups.compactMap(LengthTests.init)
    guard !tests.isEmpty else {
      throw FigureOmission(reason: "no training run has been tested at other lengths")
    }
    let lengths = tests.flatMap(\.lengths).distinct.sorted()
    let all = (lengths + tests.flatMap(\.trained)).distinct.sorted()
    guard all.count > 1 else { throw FigureOmission(reason: "there is one tested length: see loss") }
    let quantities = [LengthTests.Quantity.error, .loss].filter { quantity in
      tests.contains { !$0.points(quantity).isEmpty }
    }
    let (axisRuns, runs) = (LengthRuns(all), LengthRuns(lengths.count > 1 ? lengths : all))
    let isJoined = runs.areJoined
    var plot = Plot(
      self,
      columns: TrainingSeeds.columns(facets) + [
        "quantity", "length", "median", "q25", "q75", "seeds",
      ],
      title: "What was learned of \(facets.task), at other lengths",
      statement: Self.statement(tests, quantities[0]),
      caption: FigureCaption(
        records, facets.slice, statistic: "median and quartiles",
        notes: [
          "of the networks at the end of their training",
          "trained at \(Self.trained(tests))",
        ]
          + (tests.contains { $0.seeds.trainings[0].trial.task.topology.feedsBack }
            ? ["errors are of own predictions, losses with teacher forcing"] : [])
          + (facets.hues.count > 1 ? ["points offset for clarity"] : []) + facets.omissions,
        showsTotals: false),
      legend: Legend.each(
        facets.hues.map(\.label), as: isJoined ? .linePoints : .points, facets.styles.map { $0.solid })
        + Legend.entry("trained", .place)
        + Legend.entry(
          "chance: remembers nothing", .reference,
          if: quantities.contains { quantity in tests.contains { !$0.chance(quantity).isEmpty } }),
      grid: quantities.count > 1 ? PanelGrid(columns: quantities.count) : nil)
    let axes = quantities.map { quantity in Self.axis(quantity, tests) }
    for (k, facet) in facets.panels.enumerated() {
      let own = tests.filter { $0.seeds.panel == k }
      if own.isEmpty { continue }
      let name = facets.panels.count > 1 ? facet.label : ""
      for (quantity, axis) in zip(quantities, axes) {
        var panel = Panel(name, x: axisRuns.axis.labelled("length of test sequences (steps)"), y: axis)
        for length in own.flatMap(\.trained).distinct.sorted() { panel.moment(Double(length), .place) }
        if let chance = own.map({ $0.chance(quantity) }).first(where: { !$0.isEmpty }) {
          panel.guide(chance, .reference)
        }
        for curve in own {
          let points = curve.points(quantity)
          let hue = curve.seeds.hue
          panel.estimates(
            plot.append(curve.rows(quantity, points)),
            x: axisRuns.place(hue, of: facets.hues.count, "length"),
            y: "median", interval: ("q25", "q75"), runs: runs.joined(points.map(\.length)),
            facets.styles[hue].solid, size: 1.2)
        }
        plot.panels.append(panel)
      }
    }
    return plot
  }

  private static func axis(_ quantity: LengthTests.Quantity, _ tests: [LengthTests]) -> PanelAxis {
    if quantity.name == LengthTests.Quantity.error.name {
      var axis = PanelAxis.share(quantity.label)
      axis.low = -0.04
      return axis
    }
    let values = tests.flatMap { test in
      test.points(quantity).flatMap { [$0.summary.median, $0.summary.lower, $0.summary.upper] }
        + test.chance(quantity).map(\.y)
    }
    let unit =
      tests.first?.seeds.trainings[0].trial.task.objective == .regression
      ? "mean squared error" : "cross entropy, nats"
    return .positive("\(quantity.label) (\(unit))", values, logarithmicFrom: 50)
  }

  /// `T = 20`, or `T = 10 to 20`.
  private static func trained(_ tests: [LengthTests]) -> String {
    tests.map { "T = " + $0.trained.map { Brief.grouped($0) }.joined(separator: " to ") }.distinct.joined(
      separator: ", ")
  }

  /// At the trained length and at the longest tested one.
  private static func statement(_ tests: [LengthTests], _ quantity: LengthTests.Quantity) -> String {
    let isShare = quantity.name == LengthTests.Quantity.error.name
    func say(_ value: Double) -> String {
      isShare ? Brief.percent(value) : value.isFinite ? Brief.number(value) : "out of range"
    }
    let found = tests.map { test in
      let points = test.points(quantity)
      let known =
        points.last { point in test.trained.last.map { point.length <= $0 } ?? true } ?? points.first
      guard let known, let last = points.last else { return "\(test.seeds.label) – no test" }
      return "\(test.seeds.label) – \(say(known.summary.median)) at T = \(Brief.grouped(known.length)), "
        + "\(say(last.summary.median)) at \(Brief.grouped(last.length))"
    }
    let told = found.count > 5 ? Array(found.prefix(4)) + ["(and \(found.count - 4) others)"] : found
    return (isShare ? "Wrong sequences: " : "Test loss: ") + told.joined(separator: "; ")
  }
}
