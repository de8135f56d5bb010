import Experiments

/// The script of a figure: terminals, title, legend, caption, and panels to be filled.
///
/// The script needs only the CSV beside it. Without a format it draws SVG and PNG; on a text
/// terminal each panel is a page of its own and the title and caption are printed.
struct FigurePage {
  /// An entry of the legend.
  struct LegendEntry {
    let title: String
    /// How it is drawn: `with lines linetype 1`.
    let style: String
  }

  /// A key inside a panel; all in gnuplot's enhanced markup.
  struct PanelKey {
    let title: String
    let entries: [LegendEntry]
    let corner: PanelCorner

    /// In the corner where it covers fewest points, whose coordinates are from 0 to 1.
    init(
      title: String, entries: [LegendEntry], avoiding points: [(x: Double, y: Double)],
      in layout: GridLayout
    ) {
      (self.title, self.entries) = (title, entries)
      let widest = entries.map(\.title.count).max() ?? 0
      corner = .emptiest(
        points, width: min(0.9, (60 + 6.5 * Double(widest)) / layout.panelWidth),
        height: min(0.9, (24 + 15 * Double(entries.count)) / layout.panelHeight))
    }
  }

  /// What is above and below the panels; all but the caption in gnuplot's enhanced markup.
  struct Heading {
    let title: String
    let subtitle: String
    let warning: String?
    let caption: [String]
  }

  private(set) var lines: [String] = []
  let layout: GridLayout
  private let legend: [LegendEntry]
  private let caption: [String]
  private var panels = 0

  /// - Parameters:
  ///   - columns: of the table; the script has a variable with the number of each.
  ///   - styles: become gnuplot's line types 1, 2….
  ///   - count: of panels.
  ///   - right: kept free at the right, in pixels.
  init(
    _ name: String, question: String, columns: [String], heading: Heading,
    styles: [CurveStyle], legend: [LegendEntry], panels count: Int, right: Double = 30,
    panelHeight: Double? = nil, rowGap: Double = 44
  ) {
    self.init(
      name, question: question, columns: columns, heading: heading, styles: styles, legend: legend,
      slots: Array(0..<count), across: GridLayout.columns(of: count), right: right,
      panelHeight: panelHeight, rowGap: rowGap)
  }

  /// - Parameters:
  ///   - slots: the places of the panels, ascending, counted row by row.
  ///   - across: how many places there are in a row.
  init(
    _ name: String, question: String, columns: [String], heading: Heading,
    styles: [CurveStyle], legend: [LegendEntry], slots: [Int], across: Int, right: Double = 30,
    panelHeight: Double? = nil, rowGap: Double = 44, columnGap: Double? = nil
  ) {
    let caption = WrappedText.lines(heading.caption, separator: " · ", width: 215)
    let texts = FrameTexts(
      title: heading.title, subtitle: WrappedText.lines(heading.subtitle, width: 185),
      warning: heading.warning.map { WrappedText.lines($0, width: 185) } ?? [], caption: caption)
    let frame = LegendFrame(legend, below: 52 + 24 * Double(texts.linesBelowTitle))
    (self.legend, self.caption) = (legend, caption)
    layout = GridLayout(
      slots: slots, columns: across, top: frame.bottom + 48, bottom: 74 + 20 * Double(caption.count),
      right: right, panelHeight: panelHeight, rowGap: rowGap, columnGap: columnGap)
    add(Self.head(name, question: question, height: layout.height))
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

  /// Begins the next panel, or its upper part: its place and title.
  mutating func beginPanel(_ title: String, _ part: GridLayout.Part = .whole) {
    place(title, layout.edges(panels, part))
    add("set title \(GnuplotText.quoted(title)) noenhanced offset 0, lowered")
    panels += 1
  }

  /// Begins the lower part of the panel that was begun last; its title is for a terminal that shows it on a page of its
  /// own.
  mutating func beginLowerPart(_ title: String) {
    panels -= 1
    place(title, layout.edges(panels, .lower))
    add("set title (paged ? \(GnuplotText.quoted(title)) : '') noenhanced")
    panels += 1
  }

  private mutating func place(
    _ title: String, _ edge: (left: Double, right: Double, bottom: Double, top: Double)
  ) {
    add(
      "", "# Panel \(panels + 1): \(title)", "unset label; unset object; unset arrow",
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

  /// Adds a plot command of elements; on a text terminal with its own legend.
  ///
  mutating func plot(_ elements: [String], key: PanelKey? = nil) {
    let inside = key.map { key in
      "set key title \(GnuplotText.quoted("{/*0.85 \(key.title)}")) left; set key inside \(key.corner.rawValue) vertical Left reverse samplen 2 spacing 1.05 maxrows 20 opaque "
        + "fillcolor rgb '#48ffffff' font key_font textcolor rgb '#333333'"
    }
    add(
      "unset key; set key title ''; if (paged) { set key default; set key below } else { \(inside ?? "unset key") }"
    )
    func entries(_ legend: [LegendEntry]) -> [String] {
      legend.map { "keyentry \($0.style) title \(GnuplotText.quoted($0.title))" }
    }
    // A panel without curves still has its axes.
    var parts = elements.isEmpty ? ["-1e30 notitle"] : elements
    if let key {
      // In a key of its own, that of the page is not repeated; a key has room even for entries that are not shown.
      let more = entries(legend).map { ", " + $0 }.joined()
      add("legend_entries = paged ? \(GnuplotText.quoted(more)) : ''")
      parts += entries(key.entries)
    } else {
      parts += entries(legend)
    }
    add("plot " + parts.joined(separator: ", \\\n  ") + (key == nil ? "" : " @legend_entries"))
  }

  /// Adds a text inside the panel, at the lower left and upwards.
  mutating func note(_ lines: [String], x: Double = 0.02, y: Double = 0.05) {
    for (k, line) in lines.reversed().enumerated() {
      add(
        "if (!paged) { set label \(GnuplotText.quoted(line)) at graph \(fixed(x)), "
          + "graph \(fixed(y + 0.065 * Double(k))) left noenhanced front "
          + "font sized(0.85) textcolor rgb '#444444' }")
    }
  }

  /// Adds a text in enhanced markup inside a panel so many pixels high, from the upper left downwards.
  mutating func noteAtTop(_ lines: [String], height: Double) {
    for (k, line) in lines.enumerated() {
      let y = 1 - (14 + Self.noteLine * Double(k)) / height
      add(
        "if (!paged) { set label \(GnuplotText.quoted(line)) at graph 0.02, graph \(fixed(y)) left front "
          + "font sized(0.85) textcolor rgb '#333333' }")
    }
  }

  /// The share of a panel so many pixels high that such a text takes.
  static func shareOfNotes(_ lines: Int, height: Double) -> Double {
    lines == 0 ? 0 : min(0.6, (12 + noteLine * Double(lines)) / height)
  }

  private static let noteLine = 18.0

  /// Commands that print a text on a text terminal, without markup.
  static func printed(_ lines: [String]) -> [String] {
    WrappedText.lines(GnuplotText.unmarked(lines.joined(separator: " ")), width: 78).map {
      "if (paged) { print \(GnuplotText.quoted($0)) }"
    }
  }

  /// The whole script.
  mutating func finished() -> String {
    // The last page of a text terminal ends without a line feed.
    add("", "if (paged) { print '' } else { unset multiplot }", "unset output")
    add(Self.printed(caption))
    return lines.joined(separator: "\n") + "\n"
  }
}
