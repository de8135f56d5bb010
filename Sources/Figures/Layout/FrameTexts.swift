import Experiments

/// The texts around the panels of a picture, in lines that fit its canvas, and its legend; heights in ems.
struct FrameTexts: Sendable {
  struct Line: Sendable {
    let text: String
    /// Beside the size of the letters on the axes.
    let size: Double
    let color: String
    /// The distance of the next line.
    let pitch: Double
    var isBold = false
  }

  /// From the top.
  let head: [Line]
  /// At the bottom.
  let caption: [Line]
  let legend: LegendLayout

  private static let margin = 1.7

  init(_ plot: Plot, _ canvas: Canvas) {
    let room = canvas.widthInEms - 2 * Self.margin
    func lines(_ text: String, size: Double, color: String, pitch: Double) -> [Line] {
      Markup.lines(text, width: Canvas.letters(in: room, size: size)).map {
        Line(text: $0, size: size, color: color, pitch: pitch)
      }
    }
    var head: [Line] = []
    if canvas.texts != .none {
      head += Markup.lines(plot.title, width: Canvas.letters(in: room, size: 1.5)).map {
        Line(text: $0, size: 1.3, color: "#000000", pitch: 2, isBold: true)
      }
      head += lines(plot.statement, size: 1, color: "#222222", pitch: 1.71)
      if let warning = plot.caption.warning { head += lines(warning, size: 1, color: "#B34700", pitch: 1.71) }
    }
    self.head = head
    caption =
      canvas.texts == .all
      ? Markup.lines(plot.caption.parts, separator: " · ", width: Canvas.letters(in: room, size: 0.86)).map {
        Line(text: $0, size: 0.86, color: "#555555", pitch: 1.43)
      } : []
    legend = LegendLayout(plot.legend, room: room)
  }

  /// Where the legend begins, from the top.
  var legendTop: Double { head.isEmpty ? 0.7 : 1.7 + head.reduce(0) { $0 + $1.pitch } }
  /// Where panels may begin, from the top.
  func bottom(_ width: Double) -> Double { legendTop + legend.height }
  var captionHeight: Double { caption.reduce(0) { $0 + $1.pitch } }
}

/// A legend across the page, in rows of as many entries as find room.
struct LegendLayout: Sendable {
  let entries: Legend
  let columns: Int

  init(_ entries: Legend, room: Double) {
    self.entries = entries
    let widest = entries.map { Double(Markup.unmarked($0.title).count) }.max() ?? 0
    columns = min(max(1, entries.count), max(1, Int(room / (widest * 0.6 + 5))))
  }

  var height: Double { 1.57 * Double((entries.count + columns - 1) / max(1, columns)) }
}
