import Experiments
import Foundation
import TextFiles

extension GnuplotScript {
  /// The plot command of a panel.
  mutating func addPlot(_ panel: Panel, key: (key: PanelKey?, corner: PanelCorner)?) {
    var elements: [String] = []
    for (k, mark) in panel.marks.enumerated() { elements += self.elements(mark, panel, name: "$guide\(k)") }
    // A panel without marks still has its axes.
    if elements.isEmpty { elements = ["\(fixed(panel.y.low - (panel.y.high - panel.y.low)))"] }
    elements = elements.map { $0 + " notitle" }
    if let key, let inner = key.key {
      add(
        "set key title \(Markup.quoted("{/*0.85 \(inner.title)}")) left; set key inside \(key.corner.rawValue) "
          + "vertical Left reverse samplen 2 spacing 1.05 maxcols 1 opaque fillcolor rgb '#48ffffff' font key_font "
          + "textcolor rgb '#333333'")
      elements += inner.entries.map(entry)
    } else {
      add("unset key")
    }
    add("plot " + elements.joined(separator: ", \\\n  "))
  }

  /// A mark as elements of a plot command; defines the data of a guide.
  private mutating func elements(_ mark: Mark, _ panel: Panel, name: String) -> [String] {
    let (data, isBlock): (String, Bool)
    switch mark.source {
    case .block(let block): (data, isBlock) = ("data skip 1 index \(block.index)", true)
    case .guide(let points):
      add("\(name) << EOD")
      add(points.map { "\(fixed(panel.x.place($0.x))),\(fixed(panel.y.place($0.y)))" })
      add("EOD")
      (data, isBlock) = (name, false)
    }
    let rows =
      mark.rows.map { " every \(mark.every)::\($0.lowerBound)::\($0.upperBound - 1)" }
      ?? (mark.every > 1 ? " every \(mark.every)" : "")
    let x = isBlock ? column(mark.x, "x", panel.x) : "1"
    let y = isBlock ? column(mark.y, "y", panel.y) : "2"
    func using(_ columns: String...) -> String { "\(data)\(rows) using \(columns.joined(separator: ":"))" }
    func other(_ name: String, _ coordinate: Coordinate, _ axis: PanelAxis, _ place: String) -> String {
      column(Coordinate(name, times: coordinate.times, plus: coordinate.plus), place, axis)
    }
    let line = linetype(mark.style)
    switch mark.form {
    case .line:
      return ["\(using(x, y)) with \(marked(mark)) \(line)"]
    case .points:
      return ["\(using(x, y)) with points \(line) pointsize \(fixed(mark.size * canvas.scale))"]
    case .linePoints:
      return ["\(using(x, y)) with linespoints \(line) pointsize \(fixed(mark.size * canvas.scale))"]
    case .band(let low, let high):
      let fill = " fillstyle transparent solid \(canvas.ink == .black ? "0.1" : "0.16") noborder"
      return [
        "\(using(x, other(low, mark.y, panel.y, "y"), other(high, mark.y, panel.y, "y"))) with filledcurves "
          + "\(line)\(fill)"
      ]
    case .bars(let low, let high, let areAcross):
      let (axis, coordinate, place) = areAcross ? (panel.x, mark.x, "x") : (panel.y, mark.y, "y")
      return [
        "\(using(x, y, other(low, coordinate, axis, place), other(high, coordinate, axis, place))) with "
          + "\(areAcross ? "x" : "y")errorbars \(line) dashtype solid linewidth \(fixed(1.2 * canvas.scale)) pointtype 0"
      ]
    case .map(let value): return map(mark, value, x, y, using)
    case .cells(let value, let label):
      let names = labelSize(mark, label, panel).map { size in
        "\(using(x, y, "(strcol(\(label)))", "(strcol(\(value)) eq '' ? 0x444444 : ink(\(value)))")) with labels "
          + "\(font(size)) textcolor rgb variable"
      }
      return [
        "\(using(x, y, "(0.5)", "(0.5)", "(shade(\(value)))")) with boxxyerror fillcolor palette "
          + "fillstyle solid 1 border linecolor rgb '#ffffff'",
        "\(using(x, y, "(0.5)", "(strcol(\(value)) eq '' ? 0.5 : NaN)")) with boxxyerror fillcolor rgb '#d9d9d9' "
          + "fillstyle solid 1 border linecolor rgb '#ffffff'",
      ] + [names].compactMap { $0 }
    case .labels(let text):
      return [
        "\(using(x, y, "(strcol(\(text)))")) with labels \(font(0.85 * mark.size)) \(textColor(mark.style))"
      ]
    }
  }

  /// How large the texts of cells may be; nil where they cannot be read.
  private func labelSize(_ mark: Mark, _ label: String, _ panel: Panel) -> Double? {
    guard case .block(let block) = mark.source else { return nil }
    let widest = plot.table.fields(label, of: block).map { $0.csv.count }.max() ?? 1
    let box = layout.panels[self.panel]
    let cell = (
      width: box.width / (panel.x.high - panel.x.low), height: box.height / (panel.y.high - panel.y.low)
    )
    let size = min(mark.size, cell.width / (0.62 * Double(widest) + 0.3), cell.height / 1.2)
    return size < 0.55 ? nil : size
  }

  private func textColor(_ style: CurveStyle) -> String { "textcolor rgb '\(color(style.color))'" }

  /// A line; in black, with points now and then by which it is known.
  private func marked(_ mark: Mark) -> String {
    guard canvas.ink == .black, mark.style.point > 0, case .block(let block) = mark.source, block.rows > 1
    else {
      return "lines"
    }
    return "linespoints pointinterval \(max(1, block.rows / 6)) pointsize \(fixed(0.8 * canvas.scale))"
  }

  private func map(
    _ mark: Mark, _ value: String, _ x: String, _ y: String, _ using: (String...) -> String
  ) -> [String] {
    guard case .block(let block) = mark.source else { return [] }
    let xs = plot.table.values(mark.x.column, of: block).distinct.map { mark.x($0) }
    let ys = plot.table.values(mark.y.column, of: block).distinct.map { mark.y($0) }
    // An image has two rows and two columns at least. One value is as wide as 1.
    if xs.count > 1, ys.count > 1 { return ["\(using(x, y, "(shade(\(value)))")) with image"] }
    func half(_ values: [Double]) -> Double {
      guard let least = values.min(), let greatest = values.max(), values.count > 1 else { return 0.5 }
      return (greatest - least) / Double(values.count - 1) / 2
    }
    // Boxes overlap a little: where edges only touch, the background is seen between them.
    let width = (ys.count > 1 ? 1 : 1.1) * half(xs), height = (ys.count > 1 ? 1.1 : 1) * half(ys)
    return [
      "\(using(x, y, "(\(fixed(width)))", "(\(fixed(height)))", "(shade(\(value)))")) with boxxyerror "
        + "fillcolor palette fillstyle solid 1 noborder"
    ]
  }
}
