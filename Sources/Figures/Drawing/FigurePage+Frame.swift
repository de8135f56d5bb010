extension FigurePage {
  /// The beginning of every script: where it is, which format is asked for, and the terminals.
  static func head(_ name: FigureName, question: String, height: Double) -> [String] {
    let (name, width, height) = (name.rawValue, fixed(GridLayout.width), fixed(height))
    return """
      # \(question)
      #
      # The data are in \(name).csv beside this script. To draw it again, from any directory:
      #   gnuplot -d \(name).gp                       \(name).svg and \(name).png beside the script
      #   gnuplot -d -e "format='pdf'" \(name).gp     one format: svg, png, pdf, or dumb for a terminal

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
        set terminal svg size \(width), \(height) enhanced font "DejaVu Sans,14" background rgb "white"
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
        set terminal pdfcairo size \(width) / 96.0, \(height) / 96.0 enhanced font "DejaVu Sans,10.5"
      }
      if (paged) {
        if (!exists("columns")) { columns = 80 }
        if (!exists("rows")) { rows = 24 }
        set terminal dumb nofeed size columns, rows mono noenhanced
        set print "-"
      } else {
        set output target
      }

      set datafile separator comma
      set border linecolor rgb "#555555"
      set tics textcolor rgb "#222222" nomirror
      set grid linecolor rgb "#dddddd" linewidth 1 dashtype solid
      set style fill solid 0.18 noborder
      """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

/// The texts around the panels.
struct FrameTexts {
  let title: String
  let subtitle, warning, caption: [String]

  /// How many lines stand between title and legend.
  var linesBelowTitle: Int { subtitle.count + warning.count }

  /// Labels on the page, or printed lines on a text terminal.
  func commands(height: Double) -> [String] {
    var labels: [String] = []
    var y = height - 32
    func label(_ text: String, font: String, color: String) {
      labels.append(
        "  set label \(GnuplotText.quoted(text)) at screen \(fixed(24 / GridLayout.width)), "
          + "screen \(fixed(y / height)) left noenhanced font '\(font)' textcolor rgb '\(color)'")
    }
    label(title, font: "DejaVu Sans Bold,\\".replacing("\\", with: ""), color: "#000000")
    y -= 28
    for line in subtitle {
      label(line, font: "", color: "#222222")
      y -= 24
    }
    for line in warning {
      label(line, font: "", color: "#B34700")
      y -= 24
    }
    y = 16 + 20 * Double(caption.count - 1)
    for line in caption {
      label(line, font: "", color: "#555555")
      y -= 20
    }
    return ["", "# Title, legend and caption; printed where each panel is a page.", "if (!paged) {",
      "  set multiplot"] + labels + ["}"]
      + ([title] + subtitle + warning).map { "if (paged) { print \(GnuplotText.quoted($0)) }" }
  }
}
