import Experiments
import Foundation
import GradientFlow
import TextFiles

/// The picture of walks: their errors by update, and their steps on the surface.
struct CliffPicture: Figure {
  let name = CliffFigure.Name.cliff
  let question = "What does a step at the foot of a cliff do, and how does clipping change it?"

  private static let columns = [
    "quantity", "clip", "update", "w", "b", "error", "root_error", "learning_rate", "log10_grad_before",
    "log10_grad_after", "clipped", "step",
  ]
  /// Errors below this are drawn at the lower end.
  private static let errorFloor = 1e-16
  /// Cells of the surface either way, and the most points of a walk.
  private static let grid = 70, pointLimit = 400
  private static let start = CurveStyle(.ink, [], 13)

  func plot(of walks: [CliffWalk]) -> Plot {
    let styles = CurveStyle.styles(walks.map { GradientRule(clip: $0.clip) })
    var plot = Plot(
      self, columns: Self.columns, title: "Down an error surface with a cliff, with and without clipping",
      statement: Markup.numbers(walks.map(\.statement).joined(separator: "; ")), caption: caption(walks),
      legend: Legend.each(walks.map { Markup.plain($0.name) }, as: .linePoints, styles)
        + Legend.entry("start", .points, Self.start, size: 2))
    let blocks = walks.map { plot.append(rows($0)) }
    plot.panels.append(errors(walks, blocks, styles))
    plot.panels.append(map(walks, blocks, styles, &plot))
    return plot
  }

  private func caption(_ walks: [CliffWalk]) -> FigureCaption {
    let first = walks[0]
    let longest = walks.map(\.points.count).max() ?? 0
    var parts = [
      "gradient descent", "learning rate \(CSVField.number(first.learningRate))",
      "schedule \(Markup.plain(first.schedule.label))",
      "x_t = w σ(x_{t−1}) + b, t = 1…50, x_0 = 0.5, E = (σ(x_{50}) − 0.7)^2",
      Markup.numbers("start w = \(CSVField.number(first.start.w)), b = \(CSVField.number(first.start.b))"),
      "shading: square root of E",
    ]
    if walks.contains(where: { $0.points.contains { $0.error < Self.errorFloor } }) {
      parts.append("errors below 10^{−16} are drawn at 10^{−16}")
    }
    if longest > Self.pointLimit {
      parts.append("\(Self.pointLimit) of \(Brief.grouped(longest)) points of a walk drawn")
    }
    return FigureCaption(parts: parts, warning: nil)
  }

  /// Of the start, then of every step; of many some, with the longest step.
  private func rows(_ walk: CliffWalk) -> [[Field]] {
    let points = walk.points
    let longest = walk.longest.map { [$0.update - 1, $0.update] } ?? []
    let updates = Set(Array(points.indices).spread(Self.pointLimit) + longest).sorted()
    return updates.map { update in
      let (place, step) = (points[update], update == 0 ? nil : walk.steps[update - 1])
      let numbers = [
        place.w, place.b, place.error, nil, step?.learningRate, step?.normBefore.log10, step?.normAfter.log10,
        step.map { $0.isClipped ? 1 : 0 }, step?.length,
      ]
      return ["walk", Field(walk.clip.label), Field(update)] + numbers.map { Field($0) }
    }
  }

  // MARK: - Error by update

  private func errors(_ walks: [CliffWalk], _ blocks: [DataBlock?], _ styles: [CurveStyle]) -> Panel {
    let errors = walks.flatMap { $0.points.map { max($0.error, Self.errorFloor) } }
    var panel = Panel(
      "error after each update", x: .counts("update", from: 0, to: walks.map(\.steps.count).max() ?? 0),
      y: .positive("error E(w, b)", errors))
    for (k, (block, style)) in zip(blocks, styles).enumerated() {
      panel.line(block, x: "update", y: "error", style)
      panel.points(
        block, x: "update", y: "error", style, size: size(k, of: blocks.count), every: stride(block))
    }
    return panel
  }

  /// Where walks begin alike, the points of each are seen below the next ones.
  private func size(_ k: Int, of count: Int) -> Double { min(1.6, 0.7 + 0.35 * Double(count - 1 - k)) }

  /// Marks one of so many points of a long walk.
  private func stride(_ block: DataBlock?) -> Int { max(1, (block?.rows ?? 0) / 60) }

  // MARK: - The map

  private func map(
    _ walks: [CliffWalk], _ blocks: [DataBlock?], _ styles: [CurveStyle], _ plot: inout Plot
  ) -> Panel {
    let window = CliffWindow(walks)
    var panel = Panel(
      "the steps on the surface E(w, b)",
      x: .numbers("weight w", from: window.w.lowerBound, to: window.w.upperBound),
      y: .numbers("bias b", from: window.b.lowerBound, to: window.b.upperBound))
    panel.hasGrid = false
    let cells = (0..<Self.grid * Self.grid).map { k in
      let (w, b) = window.cell(k % Self.grid, k / Self.grid, of: Self.grid)
      return (w: w, b: b, root: CliffModel().error(w: w, b: b).squareRoot())
    }
    let surface = cells.map { cell -> [Field] in
      [
        "surface", .none, .none, .shaded(cell.w, digits: 6), .shaded(cell.b, digits: 6), .none,
        .shaded(cell.root),
      ]
        + Array(repeating: .none, count: 5)
    }
    panel.colors = scale(cells.map(\.root).max() ?? 0)
    panel.map(plot.append(surface), x: "w", y: "b", value: "root_error")
    for (k, walk) in walks.enumerated() where !walk.steps.isEmpty {
      let style = styles[k].solid.wide(1.6)
      panel.line(blocks[k], x: "w", y: "b", Pen.halo.style)
      panel.line(blocks[k], x: "w", y: "b", style)
      panel.points(
        blocks[k], x: "w", y: "b", style, size: size(k, of: walks.count), every: stride(blocks[k]))
    }
    let start = [(x: walks[0].start.w, y: walks[0].start.b)]
    panel.spots(start, Self.start.colored(.white), size: 3.2)
    panel.spots(start, Self.start, size: 2.2)
    panel.texts = zip(walks, styles).flatMap { window.texts($0, color: $1.color) }
    return panel
  }

  /// Small errors are told apart by their root.
  private func scale(_ greatest: Double) -> ColorScale {
    let top = max(greatest, 1e-3)
    let tics = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5].filter { $0.squareRoot() <= top }
    return ColorScale(
      .ground, low: 0, high: top,
      tics: tics.map { ColorScale.Tic(place: $0.squareRoot(), name: CSVField.number($0)) }, label: "E")
  }
}
