import Experiments
import GradientFlow
import TextFiles

/// Curves of training runs in progress: their loss, and the norm of their gradient before clipping, by update.
public struct WatchedTrainings: Sendable {
  fileprivate struct Curve: Sendable {
    let trial: TrialParameters
    var points: [(iteration: Int, loss: Double, norm: Double)] = []
  }

  /// Those with the newest rows come last.
  fileprivate private(set) var curves: [Curve] = []
  /// How many are drawn.
  private static let limit = 4

  public init() {}

  /// Takes in rows as they come.
  public mutating func add(_ rows: [TrainingMonitor.Row]) {
    for row in rows {
      guard let loss = row.loss, let norm = row.gradBefore else { continue }
      let place = curves.firstIndex { $0.trial.id == row.trial.id }
      var curve = place.map { curves.remove(at: $0) } ?? Curve(trial: row.trial)
      curve.points.append((row.iteration, loss, norm))
      curves.append(curve)
    }
    curves.removeFirst(max(0, curves.count - Self.limit))
  }

  /// The curves as text, at most so many columns wide and rows high; none before the first rows.
  public func lines(columns: Int, rows: Int, styled style: TextStyle) -> [String] {
    guard let plot = try? WatchFigure().plot(of: self) else { return [] }
    return TerminalPicture.lines(plot, columns: columns, rows: rows, styled: style)
  }
}

/// Loss and gradient norm side by side, a curve a training run.
private struct WatchFigure: Figure {
  let name: FigureName = "watch"
  let question = "How are the training runs doing?"

  func plot(of trainings: WatchedTrainings) throws -> Plot {
    let curves = trainings.curves.filter { $0.points.count > 1 }.sorted { $0.trial.id < $1.trial.id }
    guard let last = curves.flatMap({ $0.points.map(\.iteration) }).max() else {
      throw FigureOmission(reason: "no training run has two rows yet")
    }
    let rules = curves.map(\.trial.rule).distinct
    func name(_ trial: TrialParameters) -> String {
      [
        CellVariant(trial).label, trial.rule.name(among: rules), "T = \(trial.sequenceLength)",
        "seed \(trial.seed)",
      ].joined(separator: ", ")
    }
    let styles = [PlotColor.blue, .vermillion, .green, .purple].map { CurveStyle($0, [], 7) }
    var plot = Plot(
      self, columns: ["update", "loss", "log10_norm"], title: "", statement: "",
      caption: FigureCaption(parts: [], warning: nil),
      legend: Legend.each(curves.map { Markup.plain(name($0.trial)) }, styles))
    let x = PanelAxis.counts("update", from: 0, to: last)
    let points = curves.flatMap(\.points)
    var loss = Panel("", x: x, y: .positive("loss", points.map(\.loss)))
    var norm = Panel("", x: x, y: .decades("norm of the gradient before clipping", points.map(\.norm)))
    for (curve, style) in zip(curves, styles) {
      let block = plot.append(
        curve.points.spread(400).map { [Field($0.iteration), Field($0.loss), Field($0.norm)] })
      loss.line(block, x: "update", y: "loss", style)
      norm.line(block, x: "update", y: "log10_norm", style)
    }
    plot.panels = [loss, norm]
    return plot
  }
}
