import Experiments

/// A figure while it is drawn: its data, and its script with terminals, title, legend, caption, and panels to be filled.
///
/// The script needs only the CSV beside it. Without a format it draws SVG and PNG; on a text
/// terminal each panel is a page of its own and the title and caption are printed.
struct FigurePage {
  /// A key inside a panel; all in gnuplot's enhanced markup.
  struct PanelKey {
    let title: String
    let entries: Legend
    let corner: PanelCorner

    /// In the corner where it covers fewest points, whose coordinates are from 0 to 1.
    init(title: String, entries: Legend, avoiding points: [(x: Double, y: Double)], in layout: GridLayout) {
      (self.title, self.entries) = (title, entries)
      let widest = entries.map(\.title.count).max() ?? 0
      corner = .emptiest(
        points, width: min(0.9, (60 + 6.5 * Double(widest)) / layout.panelWidth),
        height: min(0.9, (24 + 15 * Double(entries.count)) / layout.panelHeight))
    }
  }

  /// What of a panel covers what: the later the higher.
  enum Layer: Int, CaseIterable {
    case areas, curves, marks
  }

  let layout: GridLayout
  private let name: String
  private var lines: [String] = []
  private var table: FigureTable
  private let legend: Legend
  private let caption: [String]
  private var panels = 0
  /// What is drawn in the panel that was begun last.
  private var elements: [Layer: [String]] = [:]

  /// - Parameters:
  ///   - columns: of the table; the script has a variable with the number of each.
  ///   - title: in gnuplot's enhanced markup, as the subtitle.
  ///   - styles: become gnuplot's line types 1, 2….
  init(
    _ figure: some Figure, columns: [String], title: String, subtitle: String, caption: FigureCaption,
    styles: [CurveStyle] = [], legend: Legend = [], grid: GridLayout
  ) {
    let texts = FrameTexts(title: title, subtitle: subtitle, caption: caption)
    let frame = LegendFrame(legend, below: 52 + 24 * Double(texts.linesBelowTitle))
    (name, table, self.legend, self.caption) =
      (figure.name.rawValue, FigureTable(columns: columns), legend, texts.caption)
    layout = grid.between(top: frame.bottom + 48, bottom: 74 + 20 * Double(texts.caption.count))
    add(Self.head(name, question: figure.question, height: layout.height))
    add("", "# The columns of \(name).csv.")
    add(
      WrappedText.lines(
        columns.enumerated().map { "\($0.element) = \($0.offset + 1)" }, separator: "; ",
        width: 95))
    add("")
    add(styles.enumerated().map { $1.command(number: $0 + 1) })
    add(texts.commands(height: layout.height))
    add(frame.commands(height: layout.height))
  }

  /// Adds lines as they are.
  mutating func add(_ new: String...) { lines += new }
  mutating func add(_ new: [String]) { lines += new }

  /// Adds a command that is left out on a text terminal.
  mutating func addGraphic(_ command: String) { add(GnuplotText.graphic(command)) }

  // MARK: - Panels

  /// Begins the next panel, or its upper part: its place and title.
  mutating func beginPanel(_ title: String, _ part: GridLayout.Part = .whole) {
    panels += 1
    place(title, part)
    add("set title \(GnuplotText.quoted(title)) noenhanced offset 0, lowered")
  }

  /// Begins the next panel with its axes labelled, and its y axis set where it is one of decades.
  mutating func beginPanel(
    _ title: String, x: String, y: String, xFormat: String = "%g", axis: DecadeAxis? = nil
  ) {
    beginPanel(title)
    labelAxes(x: x, y: y, xFormat: xFormat)
    add(axis?.commands(labelled: isAtLeft) ?? [])
  }

  /// Begins the lower part of the panel that was begun last; its title is for a terminal that shows it on a page of its
  /// own.
  mutating func beginLowerPart(_ title: String) {
    place(title, .lower)
    add("set title (paged ? \(GnuplotText.quoted(title)) : '') noenhanced")
  }

  private mutating func place(_ title: String, _ part: GridLayout.Part) {
    let edge = layout.edges(panels - 1, part)
    add(
      "", "# Panel \(panels): \(title)", "unset label; unset object; unset arrow",
      "if (!paged) {",
      "  set lmargin at screen \(fixed(edge.left)); set rmargin at screen \(fixed(edge.right))",
      "  set bmargin at screen \(fixed(edge.bottom)); set tmargin at screen \(fixed(edge.top))",
      "}")
  }

  /// Whether the panel being drawn is at the left and at the lower edge, where axes are labelled.
  var isAtLeft: Bool { layout.isFirstInRow(panels - 1) }
  var isAtBottom: Bool { layout.isLastInColumn(panels - 1) }
  /// Whether it is the last of its row, where a second axis is labelled.
  var isAtRight: Bool { layout.isLastInRow(panels - 1) }
  /// Whether it is the last of all.
  var isLast: Bool { panels == layout.count }

  /// Labels the axes where the panel is at an edge; the x tics keep `xFormat` there only.
  mutating func labelAxes(x: String, y: String, xFormat: String = "%g") {
    func either(_ text: String, shown: Bool) -> String {
      let paged = GnuplotText.quoted(GnuplotText.unmarked(text))
      return "(paged ? \(paged) : \(shown ? GnuplotText.quoted(text) : "''"))"
    }
    add("set xlabel \(either(x, shown: isAtBottom))")
    add("set ylabel \(either(y, shown: isAtLeft))")
    add("set format x \(either(xFormat, shown: isAtBottom))")
  }

  /// Has plain numbers at the y axis where the panel is at the left.
  mutating func numberYTics() { add("set format y \(PlotAxis.label("%g", shown: isAtLeft))") }

  /// Adds a level line across the panel.
  mutating func rule(at y: Double, _ pen: String = Pen.zero) {
    addGraphic("set arrow from graph 0, first \(fixed(y)) to graph 1, first \(fixed(y)) nohead back \(pen)")
  }

  /// Adds a text inside the panel, at the lower left and upwards.
  mutating func note(_ lines: [String], x: Double = 0.02, y: Double = 0.05) {
    for (k, line) in lines.reversed().enumerated() {
      addGraphic(
        "set label \(GnuplotText.quoted(line)) at graph \(fixed(x)), graph \(fixed(y + 0.065 * Double(k))) "
          + "left noenhanced front font sized(0.85) textcolor rgb '#444444'")
    }
  }

  /// Adds a text in enhanced markup inside a panel so many pixels high, from the upper left downwards.
  mutating func noteAtTop(_ lines: [String], height: Double) {
    for (k, line) in lines.enumerated() {
      let y = 1 - (14 + Self.noteLine * Double(k)) / height
      addGraphic(
        "set label \(GnuplotText.quoted(line)) at graph 0.02, graph \(fixed(y)) left front "
          + "font sized(0.85) textcolor rgb '#333333'")
    }
  }

  /// The share of a panel so many pixels high that such a text takes.
  static func shareOfNotes(_ lines: Int, height: Double) -> Double {
    lines == 0 ? 0 : min(0.6, (12 + noteLine * Double(lines)) / height)
  }

  private static let noteLine = 18.0

  // MARK: - Data and curves

  /// Adds rows to the data; nil for no rows.
  mutating func append(_ rows: [[String]]) -> DataBlock? {
    rows.isEmpty ? nil : DataBlock(index: table.append(rows), rows: rows.count)
  }

  /// Rows whose first fields are `fields`, which are in the data once, whichever panels show them; nil for no rows.
  mutating func block(_ fields: [String], _ rows: () -> [[String]]) -> DataBlock? {
    if let known = table.blocks.firstIndex(where: { $0[0].starts(with: fields) }) {
      return DataBlock(index: known, rows: table.blocks[known].count)
    }
    return append(rows().map { fields + $0 })
  }

  /// Draws an element of a plot command in the panel.
  mutating func draw(_ element: String, _ layer: Layer = .curves) {
    elements[layer, default: []].append("\(element) notitle")
  }

  /// Draws a curve, a lone point as a point; below all curves the area between the two columns of a band.
  ///
  /// - Parameters:
  ///   - x: a column or an expression in parentheses, as y and the ends of the band.
  ///   - more: how it differs from its line type.
  mutating func draw(
    _ block: DataBlock?, x: String = "lag", y: String, band: (low: String, high: String)? = nil,
    linetype: Int, _ more: String = ""
  ) {
    guard let block else { return }
    if let band, block.rows > 1 {
      draw(
        "for [i=1:bands] \(block.using("\(x):\(band.low):\(band.high)")) with filledcurves linetype \(linetype)",
        .areas)
    }
    draw(
      "\(block.using("\(x):\(y)")) with \(block.rows == 1 ? "points" : "lines") linetype \(linetype)\(more)")
  }

  /// Draws points joined by lines, with the bars of their intervals.
  mutating func draw(
    _ block: DataBlock, x: String, y: String, interval: (low: String, high: String), linetype: Int,
    _ more: String = ""
  ) {
    draw(
      "for [i=1:bands] \(block.using("\(x):\(y):\(interval.low):\(interval.high)")) with yerrorbars "
        + "linetype \(linetype) dashtype solid linewidth 1.2 pointtype 0")
    draw("\(block.using("\(x):\(y)")) with linespoints linetype \(linetype)\(more)")
  }

  /// Adds the plot command of the panel; on a text terminal with its own legend.
  ///
  /// - Parameter empty: what is plotted out of sight where nothing is drawn: a panel without curves still has its axes.
  mutating func plot(key: PanelKey? = nil, orElse empty: String = "-1e30") {
    let inside = key.map { key in
      "set key title \(GnuplotText.quoted("{/*0.85 \(key.title)}")) left; set key inside \(key.corner.rawValue) vertical Left reverse samplen 2 spacing 1.05 maxrows 20 opaque "
        + "fillcolor rgb '#48ffffff' font key_font textcolor rgb '#333333'"
    }
    add(
      "unset key; set key title ''; if (paged) { set key default; set key below } else { \(inside ?? "unset key") }"
    )
    if elements.isEmpty { draw(empty) }
    var parts = Layer.allCases.flatMap { elements[$0] ?? [] }
    elements = [:]
    if key != nil {
      // In a key of its own, that of the page is not repeated; a key has room even for entries that are not shown.
      let more = legend.map { ", " + $0.element }.joined()
      add("legend_entries = paged ? \(GnuplotText.quoted(more)) : ''")
    }
    parts += (key?.entries ?? legend).map(\.element)
    add("plot " + parts.joined(separator: ", \\\n  ") + (key == nil ? "" : " @legend_entries"))
  }

  // MARK: - The whole

  /// Commands that print a text on a text terminal, without markup.
  static func printed(_ lines: [String]) -> [String] {
    WrappedText.lines(GnuplotText.unmarked(lines.joined(separator: " ")), width: 78).map {
      "if (paged) { print \(GnuplotText.quoted($0)) }"
    }
  }

  /// The figure, when every panel is drawn.
  mutating func finished() -> FigureDrawing {
    // The last page of a text terminal ends without a line feed.
    add("", "if (paged) { print '' } else { unset multiplot }", "unset output")
    add(Self.printed(caption))
    return FigureDrawing(name: name, table: table, script: lines.joined(separator: "\n") + "\n")
  }
}
