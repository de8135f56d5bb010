import Experiments
import GradientFlow
import TextFiles

/// The share of seeds that solve the task, and after how many updates, against sequence length by rule or cell.
struct SuccessFigure: RunFigure {
  let name: FigureName = "success"
  let question = "Up to which sequence length is the task solved, and how fast?"
  let subject = FigureSubject.training
  let isOfNetworks = true
  let fixedX: String? = "the sequence length"

  private static let unsolved = CurveStyle(.middleGrey, [], 10, width: 2)

  func objection(to specification: SweepSpecification) -> String? {
    specification.task.identity.hasSuccessRule
      ? nil : "the task \(specification.task.kind.name) has no success criterion"
  }

  func plot(of records: RunRecords) throws -> Plot {
    let facets = Facets(trainings: records, .along, limits: (3, 6))
    let curves = try SuccessCurve.all(facets, records)
    let points = curves.flatMap(\.points)
    let lengths = points.map(\.length).distinct.sorted()
    guard !points.isEmpty else { throw FigureOmission(reason: "no training run has finished") }
    guard lengths.count > 1 else { throw FigureOmission(reason: "there is one sequence length: see loss") }
    guard points.contains(where: { $0.updates != nil }) else {
      throw FigureOmission(reason: "nothing is solved: see loss")
    }
    let limit = Double(facets.slice.trials.first?.training?.iterations ?? 1)
    let hasLimits = points.contains { $0.updates == nil }
    let runs = LengthRuns(lengths)
    var plot = Plot(
      self,
      columns: TrainingSeeds.columns(facets) + [
        "quantity", "solved", "seeds", "rate", "ci95_low", "ci95_high", "updates_median",
        "updates_q25", "updates_q75", "limit",
      ],
      title: "How often and how fast \(facets.task) is solved", statement: statement(curves, lengths),
      caption: FigureCaption(
        records, facets.slice, statistic: "share",
        notes: [
          "error bars of shares: 95 % interval by Wilson",
          "updates: median and quartiles of the solved seeds",
        ]
          + (facets.hues.count > 1 ? ["points offset for clarity"] : [])
          + (runs.areJoined ? [] : ["lengths too few or too far apart to be joined"])
          + facets.omissions, showsTotals: false),
      legend: Legend.each(
        facets.hues.map(\.label), as: runs.areJoined ? .linePoints : .points, facets.styles.map { $0.solid })
        + Legend.entry(
          "no seed solved after \(Brief.grouped(Int(limit))) updates", .points, Self.unsolved, size: 1.5,
          if: hasLimits),
      grid: PanelGrid(columns: 2))
    let updates = PanelAxis.positive(
      "updates until solved",
      points.flatMap { [$0.updates?.median, $0.updates?.lower, $0.updates?.upper].compactMap { $0 } }
        + (hasLimits ? [limit] : []), logarithmicFrom: 20)
    for (k, facet) in facets.panels.enumerated() {
      let own = curves.filter { $0.panel == k }
      if own.isEmpty { continue }
      let name = facets.panels.count > 1 ? "\(facet.label): " : ""
      var share = Panel("\(name)share of seeds that solve it", x: runs.axis, y: .successRate)
      var speed = Panel("\(name)updates until it is solved", x: runs.axis, y: updates)
      for curve in own {
        func block(_ quantity: String, _ points: [SuccessCurve.Point]) -> DataBlock? {
          plot.append(points.map { $0.fields(quantity, limit: limit) })
        }
        let style = facets.styles[curve.hue].solid
        let x = runs.place(curve.hue, of: facets.hues.count)
        share.estimates(
          block("rate", curve.points), x: x, y: "rate", interval: ("ci95_low", "ci95_high"),
          runs: runs.joined(curve.points.map(\.length)), style, size: 1.2)
        let solved = curve.points.filter { $0.updates != nil }
        speed.estimates(
          block("updates", solved), x: x, y: "updates_median", interval: ("updates_q25", "updates_q75"),
          runs: runs.joined(solved.map(\.length)), style, size: 1.2)
        speed.points(
          block("unsolved", curve.points.filter { $0.updates == nil }), x: x, y: "limit",
          Self.unsolved.colored(style.color), size: 1.5)
      }
      plot.panels += [share, speed]
    }
    return plot
  }

  /// The longest sequence that half of the seeds solve, the longest first.
  private func statement(_ curves: [SuccessCurve], _ lengths: [Int]) -> String {
    let parts = curves.sorted { $0.reach > $1.reach }.map { curve in
      let point = curve.points.first { $0.length == curve.reach }
      let share = point.map { " (\($0.rate.successes) of \($0.rate.count))" } ?? ""
      return "\(curve.label) – \(point.map { "T = \(Brief.grouped($0.length))" } ?? "none")\(share)"
    }
    return "Longest sequences that at least half of the seeds solve: " + parts.joined(separator: "; ")
  }
}

extension PanelAxis {
  /// Of shares, with room for points at 0 and at 1.
  fileprivate static var successRate: PanelAxis {
    var axis = share("success rate")
    axis.low = -0.04
    return axis
  }
}
