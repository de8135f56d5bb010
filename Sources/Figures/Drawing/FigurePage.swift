/// The script of a figure: terminals, title, legend, caption, and panels to be filled.
///
/// The script needs nothing but the CSV beside it. Without a format it draws SVG and PNG; on a text terminal
/// each panel is a page of its own and the title and caption are printed.
struct FigurePage {
  /// An entry of the legend.
  struct LegendEntry {
    let title: String
    /// How it is drawn: `with lines linetype 1`.
    let style: String
  }

  /// What is above and below the panels.
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

  init(
    _ name: FigureName, question: String, columns: [String], heading: Heading,
    legend: [LegendEntry], panels count: Int, right: Double = 30, panelHeight: Double? = nil
  ) {
    let caption = GnuplotText.wrapped(heading.caption, separator: " · ", width: 170)
    let texts = FrameTexts(
      title: heading.title, subtitle: GnuplotText.wrapped(heading.subtitle, width: 155),
      warning: heading.warning.map { GnuplotText.wrapped($0, width: 155) } ?? [], caption: caption)
    let frame = LegendFrame(legend, below: 52 + 24 * Double(texts.linesBelowTitle))
    (self.legend, self.caption) = (legend, caption)
    layout = GridLayout(
      count: count, top: frame.bottom + 40, bottom: 74 + 20 * Double(caption.count), right: right,
      panelHeight: panelHeight)
    add(Self.head(name, question: question, height: layout.height))
    add("", "# The columns of \(name.rawValue).csv.")
    add(
      GnuplotText.wrapped(
        columns.enumerated().map { "\($0.element) = \($0.offset + 1)" }, separator: "; ", width: 95))
    add(texts.commands(height: layout.height))
    add(frame.commands(height: layout.height))
  }

  /// Adds lines as they are.
  mutating func add(_ new: String...) { lines += new }
  mutating func add(_ new: [String]) { lines += new }

  /// Begins the next panel: its place and title.
  mutating func beginPanel(_ title: String, comment: String) {
    let edge = layout.edges(panels)
    add(
      "", "# \(comment)", "unset label; unset object; unset arrow",
      "if (!paged) {",
      "  set lmargin at screen \(fixed(edge.left)); set rmargin at screen \(fixed(edge.right))",
      "  set bmargin at screen \(fixed(edge.bottom)); set tmargin at screen \(fixed(edge.top))",
      "}",
      "set title \(GnuplotText.quoted(title)) noenhanced")
    panels += 1
  }

  /// Whether the panel being drawn is at the left and at the lower edge, where the axes are labelled.
  var isAtLeft: Bool { layout.isFirstInRow(panels - 1) }
  var isAtBottom: Bool { layout.isLastInColumn(panels - 1) }

  /// Labels the axes where the panel is at an edge; the x tics keep `xFormat` there only.
  mutating func labelAxes(x: String, y: String, xFormat: String = "%g") {
    let xLabel = GnuplotText.quoted(x)
    let yLabel = GnuplotText.quoted(y)
    let format = GnuplotText.quoted(xFormat)
    add("set xlabel \(isAtBottom ? xLabel : "(paged ? \(xLabel) : '')")")
    add("set ylabel \(isAtLeft ? yLabel : "(paged ? \(yLabel) : '')")")
    add("set format x \(isAtBottom ? format : "(paged ? \(format) : '')")")
  }

  /// Adds a plot command of elements; on a text terminal with its own legend.
  mutating func plot(_ elements: [String]) {
    let keys = legend.map { "keyentry \($0.style) title \(GnuplotText.quoted($0.title))" }
    add("if (paged) { set key default; set key top right } else { unset key }")
    add("plot " + (elements + keys).joined(separator: ", \\\n  "))
  }

  /// Adds a text inside the panel, at the lower left and upwards.
  mutating func note(_ lines: [String], x: Double = 0.02, y: Double = 0.05) {
    for (k, line) in lines.reversed().enumerated() {
      add(
        "if (!paged) { set label \(GnuplotText.quoted(line)) at graph \(fixed(x)), "
          + "graph \(fixed(y + 0.065 * Double(k))) left noenhanced front "
          + "font ',10' textcolor rgb '#444444' }")
    }
  }

  /// The whole script.
  mutating func finished() -> String {
    add("", "if (!paged) { unset multiplot }", "unset output")
    for line in caption { add("if (paged) { print \(GnuplotText.quoted(line)) }") }
    return lines.joined(separator: "\n") + "\n"
  }
}
