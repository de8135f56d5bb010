import Experiments
import Foundation
import TextFiles

/// The gnuplot script that draws a picture on a canvas: the one place that speaks gnuplot.
///
/// It needs only NAME.csv beside it. Without a format it draws SVG and PNG.
struct GnuplotScript {
  let plot: Plot
  let canvas: Canvas
  let layout: PlotLayout
  private(set) var lines: [String] = []
  /// In the order of gnuplot's line types 1, 2…
  private let styles: [CurveStyle]
  /// Labels that stand once, set with the first panel.
  var shared: [String] = []
  /// The scale whose colours are set, and the panel that is drawn.
  var scale: ColorScale?
  var panel = 0
  /// Where the label of rules of one kind stands: once on the page, where it covers least.
  let ruleLabels: [String: (panel: Int, side: RuleSide)]

  /// The text of the script.
  static func text(_ plot: Plot, _ canvas: Canvas) -> String {
    var script = GnuplotScript(plot, canvas)
    script.write()
    return script.lines.joined(separator: "\n") + "\n"
  }

  private init(_ plot: Plot, _ canvas: Canvas) {
    (self.plot, self.canvas) = (plot, canvas)
    layout = PlotLayout(plot, canvas)
    let marks = plot.panels.flatMap { $0.marks + $0.strip.flatMap(\.marks) }
    ruleLabels = RuleSide.chosen(plot, layout)
    styles = (plot.legend.map(\.style) + marks.map(\.style)).distinct
  }

  mutating func add(_ new: String...) { lines += new }
  mutating func add(_ new: [String]) { lines += new }

  private mutating func write() {
    add(head)
    add("", "# The columns of \(plot.name).csv.")
    add(
      WrappedText.lines(
        plot.table.columns.enumerated().map { "\($0.element) = \($0.offset + 1)" }, separator: "; ", width: 95
      )
    )
    add("")
    for (k, style) in styles.enumerated() { add("set linetype \(k + 1) \(pen(style))") }
    addFrame()
    addSharedLabels()
    for (k, panel) in plot.panels.enumerated() { addPanel(k, panel) }
    add("", "unset multiplot", "unset output")
  }

  // MARK: - Numbers and styles

  /// The size of a letter, in pixels of an SVG.
  var em: Double { canvas.fontSize * 96 / 72 }

  /// A place across or up the page, from 0 to 1.
  func across(_ ems: Double) -> String { fixed(ems / layout.width) }
  func up(_ ems: Double) -> String { fixed(ems / layout.height) }

  /// The line type of a style.
  func linetype(_ style: CurveStyle) -> String {
    styles.firstIndex(of: style).map { "linetype \($0 + 1)" } ?? pen(style)
  }

  /// A style in gnuplot's words.
  func pen(_ style: CurveStyle) -> String {
    let dash = style.dashes.isEmpty ? "solid" : "(\(style.dashes.map(String.init).joined(separator: ",")))"
    return
      "linecolor rgb '\(color(style.color))' linewidth \(fixed(style.width * canvas.scale)) dashtype \(dash) "
      + "pointtype \(style.point) pointsize \(fixed(canvas.scale))"
  }

  func color(_ color: PlotColor) -> String {
    guard canvas.ink == .black else { return color.rawValue }
    switch color {
    case .white, .lightGrey, .darkGrey, .middleGrey: return color.rawValue
    default: return PlotColor.black.rawValue
    }
  }

  /// The font of letters so large beside the usual ones.
  func font(_ size: Double) -> String { "font sized(\(fixed(size)))" }

  // MARK: - The beginning

  private var head: [String] {
    let (width, height) = (layout.width * em, layout.height * em)
    let name = plot.name
    let letters = fixed(canvas.fontSize)
    let magnification = fixed(canvas.resolution / 96)
    func pixels(_ size: Double) -> String { "\(Int((size * canvas.resolution / 96).rounded()))" }
    func comment(_ text: String) -> [String] {
      WrappedText.lines(WrappedText.words(Markup.unmarked(text)), separator: " ", width: 110).map {
        "# \($0)"
      }
    }
    let caption = plot.caption.parts.joined(separator: " · ")
    let origin = (["gradflow \(Provenance.version)"] + plot.provenance).joined(separator: ", ")
    return comment(plot.question) + ["#"] + comment(plot.title + ". " + plot.statement)
      + (plot.caption.warning.map(comment) ?? []) + comment(caption) + ["# \(origin)"]
        + """
        #
        # The data are in \(name).csv beside this script. To draw it again, from any directory:
        #   gnuplot -d \(name).gp                       \(name).svg and \(name).png beside the script
        #   gnuplot -d -e "format='pdf'" \(name).gp     svg, png or pdf
        # If you edit this script, gradflow keeps it (its digest tells) and writes the next figure beside it.

        reset
        set encoding utf8
        if (!exists("ARG0")) { ARG0 = "" }
        script = ARG0
        directory = script
        while (strlen(directory) > 0 && directory[strlen(directory):*] ne "/") {
          directory = (strlen(directory) == 1) ? "" : directory[1:strlen(directory) - 1]
        }
        if (directory[1:1] ne "/") { directory = "./" . directory }
        if (!exists("format")) {
          do for [each in "svg png"] { format = each; load script }
          undefine format
          exit
        }
        data = directory . "\(name).csv"
        target = exists("output") ? output : directory . "\(name)." . format
        if (format eq "svg") {
          set terminal svg size \(fixed(width)), \(fixed(height)) enhanced font "DejaVu Sans,\(fixed(em))" \\
            background rgb "white"
        }
        if (format eq "png") {
          # A gnuplot without Cairo has the plainer png terminal.
          if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
            set terminal pngcairo size \(pixels(width)), \(pixels(height)) enhanced font "DejaVu Sans,\(letters)" \\
              fontscale \(magnification) linewidth \(magnification) pointscale \(magnification)
          } else {
            set terminal png truecolor size \(pixels(width)), \(pixels(height)) enhanced font "DejaVu Sans,\(letters)"
          }
        }
        if (format eq "pdf") {
          set terminal pdfcairo size \(fixed(width)) / 96.0, \(fixed(height)) / 96.0 enhanced \\
            font "DejaVu Sans,\(letters)"
        }
        set output target

        sized(k) = sprintf("DejaVu Sans,%g", k * (format eq "svg" ? \(fixed(em)) : \(letters)))
        # A key takes no call for its font.
        key_font = sized(\(fixed(PanelTexts.size)))
        # The svg terminal sets panel titles higher than the others.
        lowered = (format eq "svg") ? -0.6 : 0
        set datafile separator comma
        # Of the colour bar, too.
        set style fill solid 1 noborder
        set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder
        """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  // MARK: - Around the panels

  private mutating func addFrame() {
    add("", "# Title, legend and caption.", "set multiplot")
    var y = layout.height - 2.3
    func label(_ line: FrameTexts.Line, _ y: Double) -> String {
      let text = line.isBold ? "{/:Bold \(line.text)}" : line.text
      return
        "set label \(Markup.quoted(text)) at screen \(across(1.7)), screen \(up(y)) left \(font(line.size)) "
        + "textcolor rgb '\(line.color)'"
    }
    for line in layout.frame.head {
      add(label(line, y))
      y -= line.pitch
    }
    y = 1.14 + layout.frame.captionHeight - (layout.frame.caption.first?.pitch ?? 0)
    for line in layout.frame.caption {
      add(label(line, y))
      y -= line.pitch
    }
    let legend = layout.frame.legend
    let top = layout.height - layout.frame.legendTop
    // gnuplot takes letters for wider than they are, and warns of a column as wide as the page.
    let narrow = legend.columns == 1 ? " width -12" : ""
    add(
      "set lmargin at screen \(across(1.7)); set rmargin at screen \(across(layout.width - 1.7))",
      "set tmargin at screen \(up(top)); set bmargin at screen \(up(top - max(0.6, legend.height)))",
      "set key inside left top horizontal Left reverse samplen 3.5 maxcols \(legend.columns)\(narrow)",
      "unset border; unset tics; unset grid",
      "plot [0:1] [0:1] "
        + (["2 notitle"] + legend.entries.map(entry)).joined(separator: ", \\\n  "),
      "set border 31 linecolor rgb '#888888' linewidth \(fixed(canvas.scale))",
      "set xtics textcolor rgb '#222222' nomirror",
      "set ytics textcolor rgb '#222222' nomirror",
      "set grid linetype 1 linecolor rgb '#e4e4e4' linewidth \(fixed(canvas.scale)) dashtype solid")
  }

  /// The labels of axes that all panels share.
  private mutating func addSharedLabels() {
    let boxes = layout.panels + layout.strips.compactMap { $0 }
    guard let left = boxes.map(\.left).min(), let right = boxes.map(\.right).max(),
      let bottom = boxes.map(\.bottom).min(), let top = boxes.map(\.top).max()
    else { return }
    if let x = layout.shared.x {
      let lines = Markup.lines(x, width: Canvas.letters(in: layout.width, size: 1))
      shared.append(
        "set label \(Markup.quoted(lines)) at screen \(across((left + right) / 2)), screen \(up(bottom - 3)) center"
      )
    }
    if let y = layout.shared.y {
      let lines = Markup.lines(y, width: Canvas.letters(in: top - bottom + 2, size: 1))
      shared.append(
        "set label \(Markup.quoted(lines)) at screen \(across(1.4)), screen \(up((bottom + top) / 2)) center rotate by 90"
      )
    }
  }

  /// An entry of a legend as an element of a plot command.
  func entry(_ entry: LegendEntry) -> String {
    let size = fixed(entry.size * canvas.scale)
    let style: String =
      switch entry.sample {
      case .line where canvas.ink == .black && entry.style.point > 0:
        "linespoints \(linetype(entry.style))"
      case .line: "lines \(linetype(entry.style))"
      case .points: "points \(linetype(entry.style)) pointsize \(size)"
      case .linePoints: "linespoints \(linetype(entry.style)) pointsize \(size)"
      case .area: "filledcurves \(linetype(entry.style)) fillstyle transparent solid 0.3 noborder"
      }
    return "keyentry with \(style) title \(Markup.quoted(entry.title))"
  }
}

/// A coordinate for a script: seven significant digits are below a hundredth of a pixel.
func fixed(_ value: Double) -> String {
  let text = String(format: "%.7g", value)
  return text == "-0" ? "0" : text
}
