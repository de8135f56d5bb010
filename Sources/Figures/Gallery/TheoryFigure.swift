import Experiments
import GradientFlow
import TextFiles

/// Measured decay rate of every trial against what each theory predicts, one panel per prediction.
struct TheoryFigure: RunFigure {
  let name: FigureName = "theory"
  let question = "Which theory predicts the decay rate, and where does it fail?"
  let isOfNetworks = true
  let fixedX: String? = "the predicted decay rate"

  private static let columns = [
    "prediction", "trial", "predicted", "predicted_low", "predicted_high", "decay_rate", "residual",
  ]
  /// Trials that a comparison needs, and the most points that are drawn of a curve.
  private static let limits = (trials: 12, points: 150, curves: 7)

  private static let caveats: [SlopePrediction: String] = [
    .linear: "log_{10} ρ is no criterion", .pascanuBound: "the Pascanu bound is an upper one",
    .meanFieldLower: "mean field: a band for σ_w from ρ/ρ_N to ρ",
    .forgetPath: "the forget path is a reference, no bound",
  ]

  func plot(of records: RunRecords) throws -> Plot {
    if let axis = records.choice.panel {
      throw FigureOmission(reason: "its panels are predictions, not \(axis.name)")
    }
    let networks = records.networks.filter(\.hasOneLayer)
    guard !networks.isEmpty else {
      throw FigureOmission(
        reason: "theories speak of one layer, read forward, and every network has more; see rate")
    }
    let trials = networks.filter(\.hasPlainDecay)
    guard !trials.isEmpty else {
      throw FigureOmission(
        reason: "no plain decay rate: every trial has a loss at every step or clips its gradients on the way")
    }
    let all = try TheoryPoints.all(trials, records)
    let count = all.map(\.points.count).max() ?? 0
    guard count > 0 else { throw FigureOmission(reason: "no finished trial has a decay rate") }
    guard count >= Self.limits.trials else {
      throw FigureOmission(
        reason: "\(count) trials have a decay rate; a comparison with theory needs \(Self.limits.trials)")
    }
    let axis = TheoryPoints.axis(all)
    func hidden(_ content: TheoryPoints) -> Int {
      content.points.count { !(axis.low...axis.high).contains($0.middle) }
    }
    let contents = all.filter { hidden($0) < $0.points.count }
    let outside = all.filter { hidden($0) == $0.points.count }.map(\.prediction.names.word)
    guard !contents.isEmpty else {
      throw FigureOmission(
        reason: "every prediction is far from all measured rates: " + outside.joined(separator: ", "))
    }
    let hue = records.choice.hue.map { Dimension(chosen: $0) } ?? .cells
    let hues = hue.places(in: trials).spread(Self.limits.curves)
    let styles = hue.styles(hues).map(\.hollow)
    let others = hue.places(in: trials).filter { !hues.contains($0) }
    var plot = Plot(
      self, columns: Self.columns.prefix(1) + hue.columns + Self.columns.dropFirst(),
      title: "Measured decay rate against theory",
      statement: "Root mean square of measured − predicted, in decades per step: "
        + all.sorted { $0.rootMeanSquare < $1.rootMeanSquare }
        .map { $0.prediction.names.word + " " + Brief.rounded($0.rootMeanSquare) }.joined(separator: "; "),
      caption: FigureCaption(
        theory: records, trials,
        notes: contents.compactMap { Self.caveats[$0.prediction] }
          + (outside.isEmpty ? [] : ["not drawn, far outside: \(outside.joined(separator: ", "))"])
          + (networks.count < records.trials.count ? ["only networks of one layer, read forward"] : [])
          + (others.isEmpty ? [] : ["not shown: \(hue.list(others, among: trials))"])),
      legend: Legend.each(hues.map { hue.label($0, among: trials) }, as: .points, styles)
        + Legend.entry("measured = predicted", .axis))
    for content in contents {
      var panel = Panel(
        content.prediction.names.title, x: axis.labelled("predicted (decades per step)"),
        y: axis.labelled("measured (decades per step)"))
      panel.isSquare = true
      panel.level(0)
      panel.moment(0, .zero)
      panel.guide([(axis.low, axis.low), (axis.high, axis.high)], .axis)
      let count = hidden(content)
      if count > 0 {
        panel.notes.append("\(count) of \(content.points.count) points lie outside")
      }
      for (k, place) in hues.enumerated() {
        let own = content.points.filter { hue.key($0.layer) == hue.key(place) }
        let drawn = own.spread(Self.limits.points)
        if drawn.count < own.count {
          panel.notes.append("\(hue.label(place, among: trials)): \(drawn.count) of \(own.count) drawn")
        }
        let block = plot.append(
          drawn.map { point in
            [.text(content.prediction.rawValue)] + hue.fields(place) + [.text(point.layer.id)]
              + [point.middle, point.low, point.high, point.measured, point.residual].map { Field.drawn($0) }
          })
        if let block, own.contains(where: { $0.low < $0.high }) {
          panel.marks.append(
            Mark(
              form: .bars(low: "predicted_low", high: "predicted_high", areAcross: true),
              source: .block(block),
              x: "predicted", y: "decay_rate", style: styles[k]))
        }
        panel.points(block, x: "predicted", y: "decay_rate", styles[k], size: 0.7)
      }
      plot.panels.append(panel)
    }
    return plot
  }
}
