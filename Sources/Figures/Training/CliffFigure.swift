import Experiments
import Foundation
import GradientFlow

/// The error surface of ``CliffModel`` with the steps that each rule takes down it, and the error after each update.
struct CliffFigure: Figure {
  let name = FigureName.cliff
  let question = "What does a step from the foot of a cliff do, and what does clipping make of it?"
  let subject = FigureSubject.cliff

  /// Errors below this leave the picture.
  private static let errorFloor = 1e-8
  private static let columns = ["quantity", "clip", "update", "w", "b", "error"]
  private static let grid = (across: 160, up: 160)

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let slice = SweepSlice(records.run.trials, drawn: [.clip])
    let rules = slice.trials.lazy.map(\.rule).distinct
    let walks = try rules.compactMap { rule -> CliffWalk? in
      // Seeds change nothing here.
      guard let trial = slice.trials.first(where: { $0.rule == rule }),
        let record = try records.recordWithTraining(trial)
      else { return nil }
      return CliffWalk(SeedTraining(trial: trial, record: record), style: rules.firstIndex(of: rule) ?? 0)
    }
    guard let first = walks.first, let start = first.points.first else {
      throw FigureOmission(reason: "no walk is finished")
    }
    let window = CliffWindow(walks)
    let caption = FigureCaption(
      records, slice, statistic: nil,
      notes: [
        "x_t = w σ(x_{t−1}) + b, t = 1…50, x_0 = 0.5, E = (σ(x_50) − 0.7)²".replacing("{t−1}", with: "(t−1)"),
        "start w = \(CSVField.number(start.w)), b = \(CSVField.number(start.b))",
        "shade grows with the root of E",
      ]
        + (walks.contains { $0.points.contains { $0.error < Self.errorFloor } }
          ? ["errors below \(CSVField.number(Self.errorFloor)) leave the left panel"] : []))
    let styles = CurveStyle.styles(rules)
    var page = FigurePage(
      name.rawValue, question: question, columns: Self.columns,
      heading: .init(
        title: "Down an error surface with a cliff, with and without clipping",
        subtitle: statement(walks), warning: nil, caption: caption.parts),
      styles: styles,
      legend: walks.map { walk in
        .init(
          title: walk.name, style: "with linespoints linetype \(walk.style + 1)")
      } + [.init(title: "start", style: "with points \(Self.startMark)")],
      slots: [0, 1], across: 2, right: 150, panelHeight: 560, columnGap: 100)
    var table = FigureTable(columns: Self.columns)
    drawErrors(walks, &page, &table)
    drawMap(walks, window, styles, &page, &table)
    return FigureDrawing(name: name.rawValue, table: table, script: page.finished())
  }

  private static let startMark = "pointtype 13 pointsize 2 linecolor rgb '#444444'"

  // MARK: - Error by update

  private func drawErrors(_ walks: [CliffWalk], _ page: inout FigurePage, _ table: inout FigureTable) {
    let axis = PositiveAxis(walks.flatMap { $0.points.map { max($0.error, Self.errorFloor) } })
    let end = walks.map(\.training.end).max() ?? 1
    let updates = UpdateAxis(end: end)
    page.add(axis.function)
    page.beginPanel("error after each update")
    page.labelAxes(x: updates.title, y: "error E(w, b)")
    page.add(updates.commands(end: end))
    page.add(axis.commands(labelled: true))
    page.plot(
      walks.flatMap { walk -> [String] in
        let using = "data skip 1 index \(table.append(walk.rows)) using update:(level(error))"
        return [
          "\(using) with \(walk.points.count > 1 ? "lines" : "points") linetype \(walk.style + 1) notitle",
          "for [i=1:bands] \(using) every \(walk.stride) with points linetype \(walk.style + 1) pointsize 0.7 notitle",
        ]
      })
  }

  // MARK: - The map

  private func drawMap(
    _ walks: [CliffWalk], _ window: CliffWindow, _ styles: [CurveStyle], _ page: inout FigurePage,
    _ table: inout FigureTable
  ) {
    page.beginPanel("the steps on the surface E(w, b)")
    page.labelAxes(x: "weight w", y: "")
    page.add("set ylabel 'bias b'")
    let model = CliffModel()
    var rows: [[String]] = []
    var greatest = 0.0
    for i in 0..<Self.grid.up {
      for j in 0..<Self.grid.across {
        let (w, b) = window.cell(j, i, Self.grid)
        let error = model.error(w: w, b: b)
        greatest = max(greatest, error)
        rows.append(["surface", "", "", fixed(w), fixed(b), String(format: "%.4g", error)])
      }
    }
    let levels = [0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5].filter { $0 <= greatest }
    page.add(
      "set palette defined (0 '#ffffff', 0.12 '#e3ecf3', 0.45 '#b4c8d8', 1 '#5d7890')",
      "set cbrange [0:\(fixed(max(greatest, 1e-6).squareRoot()))]",
      "set cbtics ("
        + levels.map { "'\(CSVField.number($0))' \(fixed($0.squareRoot()))" }.joined(separator: ", ")
        + ")",
      "digit(v) = sprintf('%d', int(9.99 * v / \(fixed(max(greatest, 1e-6).squareRoot()))))", "unset grid",
      "set style fill solid 1 noborder")
    page.add(window.commands)
    let edges = page.layout.edges(1)
    page.add(HeatScale.bar((edges.top, edges.bottom)))
    page.add(
      "if (!paged) { set label 'E' at screen \(fixed((GridLayout.width - 118) / GridLayout.width)), screen "
        + "\(fixed(edges.top + 16 / page.layout.height)) left }")
    let surface = "data skip 1 index \(table.append(rows)) using w:b"
    var elements = ["for [i=1:bands] \(surface):(sqrt(column(error))) with image notitle"]
    let (right, up) = ((Self.grid.across + 59) / 60, (Self.grid.up + 14) / 15)
    let isShown =
      "(int(column(0)) % \(Self.grid.across)) % \(right) == 0 && (int(column(0)) / \(Self.grid.across)) % \(up) == 0"
    elements.append(
      "for [i=1:1 - bands] \(surface):(\(isShown) ? digit(sqrt(column(error))) : '') with labels notitle")
    for (k, walk) in walks.enumerated() where walk.points.count > 1 {
      let using = "for [i=1:bands] data skip 1 index \(k) using w:b"
      elements += [
        "\(using) with lines linecolor rgb '#ffffff' linewidth 4.5 dashtype solid notitle",
        "\(using) with lines linetype \(walk.style + 1) dashtype solid linewidth 1.6 notitle",
        "\(using) every \(walk.stride) with points linetype \(walk.style + 1) pointsize 0.8 notitle",
      ]
    }
    elements.append(
      "for [i=1:bands] data skip 1 index 0 every ::0::0 using w:b with points \(Self.startMark) notitle")
    for walk in walks { page.add(window.labels(walk, color: styles[walk.style].color.rawValue)) }
    page.plot(elements)
  }

  // MARK: - Words

  private func statement(_ walks: [CliffWalk]) -> String {
    walks.map { walk in
      let last = walk.points.last?.error ?? .nan
      let end =
        walk.training.divergedAt.map { "diverges at update \($0)" }
        ?? "ends at E = \(Brief.number(last)) after \(walk.training.end) updates"
      return "\(walk.name): largest step \(Brief.number(walk.largestStep)) (update \(walk.largestAt)), \(end)"
    }.joined(separator: "; ")
  }
}
