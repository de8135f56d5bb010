import Experiments
import Foundation
import GradientFlow

/// Walks down the error surface of ``CliffModel``, a rule each: on the surface, and the error after each update.
public struct CliffFigure: FigureCollection {
  /// There is one.
  public enum Name: String, Sendable {
    case cliff
  }

  private let walks: [CliffWalk]
  /// Where the files go.
  public let directory: String

  /// - Parameters:
  ///   - walks: at least one; they differ only in the clip.
  ///   - directory: made if it is missing. A folder with files of others is refused.
  public init(_ walks: [CliffWalk], directory: String) { (self.walks, self.directory) = (walks, directory) }

  public func results() throws -> [FigureResult<Name>] {
    [try FigureResult(.cliff) { CliffDrawing().drawing(of: walks) }]
  }
}

private struct CliffDrawing: Figure {
  let name = CliffFigure.Name.cliff
  let question = "What does a step at the foot of a cliff do, and how does clipping change it?"

  private static let columns = [
    "quantity", "clip", "update", "w", "b", "error", "learning_rate", "log10_grad_before", "log10_grad_after",
    "clipped", "step",
  ]
  /// Errors below this leave the picture.
  private static let errorFloor = 1e-12
  /// Cells of the surface either way.
  private static let grid = 160
  private static let startMark = "points pointtype 13 pointsize 2 linecolor rgb '#444444'"

  func drawing(of walks: [CliffWalk]) -> FigureDrawing {
    let styles = CurveStyle.styles(walks.map { GradientRule(clip: $0.clip) })
    var page = FigurePage(
      self, columns: Self.columns, title: "Down an error surface with a cliff, with and without clipping",
      subtitle: walks.map(\.summary).joined(separator: ". "), caption: caption(walks), styles: styles,
      legend: Legend.each(walks.map(\.name), "linespoints") + Legend.entry("start", Self.startMark),
      grid: GridLayout(slots: [0, 1], columns: 2, right: 150, panelHeight: 560, columnGap: 100))
    drawErrors(walks, &page)
    drawMap(walks, styles, &page)
    return page.finished()
  }

  private func caption(_ walks: [CliffWalk]) -> FigureCaption {
    let first = walks[0]
    var parts = [
      "gradient descent", "learning rate \(CSVField.number(first.learningRate))",
      "schedule \(first.schedule.label)",
      "x_t = w σ(x_(t−1)) + b, t = 1…50, x_0 = 0.5, E = (σ(x_50) − 0.7)²",
      "start w = \(CSVField.number(first.start.w)), b = \(CSVField.number(first.start.b))",
      "shading: square root of E",
    ]
    if walks.contains(where: { $0.points.contains { $0.error < Self.errorFloor } }) {
      parts.append("the left panel cuts off errors below \(CSVField.number(Self.errorFloor))")
    }
    return FigureCaption(parts: parts, warning: nil)
  }

  // MARK: - Error by update

  /// Of the start, then of every step.
  private func rows(_ walk: CliffWalk) -> [[String]] {
    walk.points.enumerated().map { update, place in
      let step = update == 0 ? nil : walk.steps[update - 1]
      let numbers = [
        place.w, place.b, place.error, step?.learningRate, step?.normBefore.log10, step?.normAfter.log10,
        step.map { $0.isClipped ? 1 : 0 }, step?.length,
      ]
      return ["walk", CSVField.text(walk.clip.label), "\(update)"] + numbers.map { CSVField.number($0) }
    }
  }

  private func drawErrors(_ walks: [CliffWalk], _ page: inout FigurePage) {
    let axis = PositiveAxis(walks.flatMap { $0.points.map { max($0.error, Self.errorFloor) } })
    let end = walks.map(\.steps.count).max() ?? 0
    let updates = UpdateAxis(end: end)
    page.add(axis.function)
    page.beginPanel("error after each update", x: updates.title, y: "error E(w, b)")
    page.add(updates.commands(end: end))
    page.add(axis.commands(labelled: true))
    for (k, walk) in walks.enumerated() {
      let block = page.append(rows(walk))
      page.draw(block, x: "update", y: "(level(error))", linetype: k + 1)
      guard let using = block?.using("update:(level(error))") else { continue }
      page.draw(
        "for [i=1:bands] \(using) every \(stride(walk)) with points linetype \(k + 1) pointsize 0.7")
    }
    page.plot()
  }

  /// Marks one of so many points of a long walk.
  private func stride(_ walk: CliffWalk) -> Int { max(1, walk.points.count / 60) }

  // MARK: - The map

  private func drawMap(_ walks: [CliffWalk], _ styles: [CurveStyle], _ page: inout FigurePage) {
    let window = CliffWindow(walks)
    page.beginPanel("the steps on the surface E(w, b)", x: "weight w", y: "")
    page.add("set ylabel 'bias b'")
    let cells = (0..<Self.grid * Self.grid).map { k in
      let (w, b) = window.cell(k % Self.grid, k / Self.grid, of: Self.grid)
      return (w: w, b: b, error: CliffModel().error(w: w, b: b))
    }
    let greatest = cells.map(\.error).max() ?? 0
    let surface = cells.map {
      ["surface", "", "", fixed($0.w), fixed($0.b), String(format: "%.4g", $0.error)]
        + Array(repeating: "", count: 5)
    }
    let top = fixed(max(greatest, 1e-6).squareRoot())
    let tics = [0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5].filter { $0 <= greatest }
      .map { (CSVField.number($0), $0.squareRoot()) }
    page.add(
      "set palette defined (0 '#ffffff', 0.12 '#e3ecf3', 0.45 '#b4c8d8', 1 '#5d7890')",
      "set cbrange [0:\(top)]", PlotAxis.color.tics(tics),
      "digit(v) = sprintf('%d', int(9.99 * v / \(top)))", "unset grid", "set style fill solid 1 noborder")
    page.add(window.commands)
    let edges = page.layout.edges(1)
    page.addColorBar((edges.top, edges.bottom), label: ("E", inset: 118))
    if let using = page.append(surface)?.using("w:b") {
      // A text terminal shows some of them as digits.
      let isShown = "(int(column(0)) % \(Self.grid)) % 3 == 0 && (int(column(0)) / \(Self.grid)) % 11 == 0"
      page.draw("for [i=1:bands] \(using):(sqrt(column(error))) with image")
      page.draw("for [i=1:1 - bands] \(using):(\(isShown) ? digit(sqrt(column(error))) : '') with labels")
    }
    for (k, walk) in walks.enumerated() where !walk.steps.isEmpty {
      let using = "for [i=1:bands] data skip 1 index \(k) using w:b"
      page.draw("\(using) with lines linecolor rgb '#ffffff' linewidth 4.5 dashtype solid")
      page.draw("\(using) with lines linetype \(k + 1) dashtype solid linewidth 1.6")
      page.draw("\(using) every \(stride(walk)) with points linetype \(k + 1) pointsize 0.8")
    }
    page.draw("for [i=1:bands] data skip 1 index 0 every ::0::0 using w:b with \(Self.startMark)")
    for (walk, style) in zip(walks, styles) { page.add(window.labels(walk, color: style.color.rawValue)) }
    page.plot()
  }
}

extension CliffWalk {
  /// For readers: `no clipping`, or the rule.
  var name: String { GradientRule(clip: clip).name }

  /// Where it ends, then what was largest on the way and what the clip did.
  public var summary: String {
    let number: (Double) -> String = Brief.number
    var parts = ["w = \(number(end.w)), b = \(number(end.b))"]
    if let steepest, let longest {
      let clipped = steepest.isClipped ? " clipped to \(number(steepest.normAfter.double))" : ""
      parts += [
        "largest gradient \(number(steepest.normBefore.double))\(clipped) (update \(steepest.update))",
        "longest step \(number(longest.length)) (update \(longest.update))",
      ]
    }
    if clip != .none { parts.append("\(steps.count(where: \.isClipped)) of \(steps.count) updates clipped") }
    let outcome =
      divergence.map { "the \($0.kind.rawValue) left the range of numbers at update \($0.iteration), after" }
      ?? "ends at"
    return "\(name): \(outcome) E = \(number(end.error)), \(parts.joined(separator: ", "))"
  }
}
