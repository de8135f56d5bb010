import Experiments

extension FigurePage {
  /// The beginning of every script: where it is, which format is asked for, and the terminals.
  static func head(_ name: String, question: String, height: Double) -> [String] {
    let (width, height) = (fixed(GridLayout.width), fixed(height))
    return """
      # \(question)
      #
      # The data are in \(name).csv beside this script. To draw it again, from any directory:
      #   gnuplot -d \(name).gp                       \(name).svg and \(name).png beside the script
      #   gnuplot -d -e "format='pdf'" \(name).gp     svg, png, pdf, or dumb for a terminal

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
      paged = (format eq "dumb")
      bands = paged ? 0 : 1
      if (format eq "svg") {
        set terminal svg size \(width), \(height) enhanced font "DejaVu Sans,14" \\
          background rgb "white"
      }
      if (format eq "png") {
        # A gnuplot without Cairo has the plainer png terminal.
        if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) {
          set terminal pngcairo size \(width), \(height) enhanced font "DejaVu Sans,10.5"
        } else {
          set terminal png truecolor size \(width), \(height) enhanced font "DejaVu Sans,10.5"
        }
      }
      if (format eq "pdf") {
        set terminal pdfcairo size \(width) / 96.0, \(height) / 96.0 enhanced \\
          font "DejaVu Sans,10.5"
      }
      if (paged) {
        if (!exists("columns")) { columns = 80 }
        if (!exists("rows")) { rows = 24 }
        set terminal dumb nofeed size columns, rows mono noenhanced
        set print "-"
      } else {
        set output target
      }

      sized(k) = sprintf("DejaVu Sans,%g", k * (format eq "svg" ? 14 : 10.5))
      key_font = sized(0.85)
      # The svg terminal sets panel titles higher than the others.
      lowered = (format eq "svg") ? -0.6 : 0
      set datafile separator comma
      set style fill transparent solid 0.16 noborder
      """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

/// The texts around the panels, in lines.
struct FrameTexts {
  private let title: String
  private let subtitle, warning: [String]
  let caption: [String]

  /// - Parameters:
  ///   - title: in gnuplot's enhanced markup, as the subtitle and the caption's warning.
  init(title: String, subtitle: String, caption: FigureCaption) {
    self.title = title
    self.subtitle = WrappedText.lines(subtitle, width: 185)
    warning = caption.warning.map { WrappedText.lines($0, width: 185) } ?? []
    self.caption = WrappedText.lines(caption.parts, separator: " · ", width: 215)
  }

  /// How many lines are between title and legend.
  var linesBelowTitle: Int { subtitle.count + warning.count }

  /// Labels on the page, or printed lines on a text terminal.
  func commands(height: Double) -> [String] {
    var labels: [String] = []
    var y = height - 32
    func label(_ text: String, size: Double, color: String) {
      labels.append(
        "  set label \(GnuplotText.quoted(text)) at screen \(fixed(24 / GridLayout.width)), "
          + "screen \(fixed(y / height)) left font sized(\(fixed(size))) textcolor rgb '\(color)'")
    }
    label("{/:Bold \(title)}", size: 1.3, color: "#000000")
    y -= 28
    for (line, color) in subtitle.map({ ($0, "#222222") }) + warning.map({ ($0, "#B34700") }) {
      label(line, size: 1, color: color)
      y -= 24
    }
    y = 16 + 20 * Double(caption.count - 1)
    for line in caption {
      label(GnuplotText.plain(line), size: 0.86, color: "#555555")
      y -= 20
    }
    return [
      "", "# Title, legend and caption; printed where each panel is a page.", "if (!paged) {",
      "  set multiplot",
    ] + labels + ["}"]
      + [[title], subtitle, warning].flatMap(FigurePage.printed)
  }
}

/// One legend for all panels: a separate plot across the page, which shows only its key.
struct LegendFrame {
  private static let characterWidth = 8.6
  private static let sampleWidth = 70.0
  private let entries: Legend
  private let top: Double
  private let columns: Int

  init(_ entries: Legend, below top: Double) {
    (self.entries, self.top) = (entries, top)
    let widest = entries.map { Double($0.title.count) }.max() ?? 0
    let entryWidth = widest * Self.characterWidth + Self.sampleWidth
    columns = min(
      max(1, entries.count), max(1, Int((GridLayout.width - 48) / entryWidth)))
  }

  private var rows: Int { (entries.count + columns - 1) / columns }

  /// How far from the page's upper edge it ends.
  var bottom: Double { top + 22 * Double(rows) }

  func commands(height: Double) -> [String] {
    let left = fixed(24 / GridLayout.width)
    return [
      "if (!paged) {",
      "  set lmargin at screen \(left); set rmargin at screen \(fixed(1 - 24 / GridLayout.width))",
      "  set tmargin at screen \(fixed(1 - top / height))",
      "  set bmargin at screen \(fixed(1 - max(bottom, top + 8) / height))",
      "  set key inside left top horizontal Left reverse samplen 3.5 maxcols \(columns)",
      "  unset border; unset tics; unset grid",
      "  plot [0:1] [0:1] " + (["2 notitle"] + entries.map(\.element)).joined(separator: ", \\\n    "),
      "}",
      "set border 31 linecolor rgb '#888888' linewidth 1",
      "set xtics textcolor rgb '#222222' nomirror",
      "set ytics textcolor rgb '#222222' nomirror",
      "set grid linetype 1 linecolor rgb '#e4e4e4' linewidth 1 dashtype solid",
    ]
  }
}
