import TextFiles

/// Draws a picture as text: one screen of a terminal, with lines of dots and maps of blocks.
///
/// Every line has at most as many columns as the terminal, and there are at most as many lines as rows.
public struct TerminalPicture: Sendable {
  private let plot: Plot
  private let columns, rows: Int
  private let style: TextStyle
  private let signs: CurveSigns

  /// The lines of a picture.
  public static func lines(_ plot: Plot, columns: Int, rows: Int, styled style: TextStyle) -> [String] {
    TerminalPicture(plot, columns: max(1, columns), rows: max(1, rows), style).lines()
  }

  private init(_ plot: Plot, columns: Int, rows: Int, _ style: TextStyle) {
    (self.plot, self.columns, self.rows, self.style) = (plot, columns, rows, style)
    signs = CurveSigns(plot, style)
  }

  private func lines() -> [String] {
    var notes: [StyledText] = []
    var text = Text(head: head, foot: foot([], shown: plot.panels.count))
    var found = panels(text)
    // What found no place beside the marks, and which panels are missing, stands at the foot.
    for _ in 0..<3 {
      notes = found.homeless
      let foot = foot(notes, shown: found.frames.count)
      if foot == text.foot { break }
      text.foot = foot
      found = panels(text)
    }
    var lines = screen(text, found).lines(style)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// What stands above the panels and below them.
  private struct Text {
    let head: [StyledText]
    var foot: [StyledText]
  }

  // MARK: - Around the panels

  /// How many lines of each text a screen of this height has.
  private var limits: (statement: Int, legend: Int, notes: Int, caption: Int) {
    switch rows {
    case ..<8: (0, 1, 0, 0)
    case ..<14: (1, 1, 1, 0)
    case ..<28: (2, 4, 2, 1)
    default: (3, 5, 4, 2)
    }
  }

  private var head: [StyledText] {
    var lines: [StyledText] = []
    if !plot.title.isEmpty {
      lines += StyledText.lines(plot.title, width: columns, .bold).first(1, width: columns)
    }
    lines += StyledText.lines(plot.statement, width: columns).first(limits.statement, width: columns)
    if let warning = plot.caption.warning {
      let ink = style.hasColors ? TextInk(color: TextColor("#d75f00")) : .plain
      lines += StyledText.lines(warning, width: columns, ink).first(limits.statement, width: columns)
    }
    lines += StyledText.flow(plot.legend.map(signs.entry), width: columns).first(
      limits.legend, width: columns)
    var scales: [ColorScale] = []
    for panel in plot.panels {
      guard let scale = panel.colors, !scales.contains(scale) else { continue }
      scales.append(scale)
      let cells = TextPanel.cells(panel, plot.table)
      // Without colours, cells with room for their numbers have no shades.
      let areNumbers = !style.hasColors && cells.map { $0.columns < columns - panel.y.widestName } ?? false
      lines.append(
        areNumbers
          ? StyledText("numbers: " + Markup.unmarked(scale.label))
          : MapColors(scale: scale, style: style).bar(columns))
    }
    return lines
  }

  private func foot(_ notes: [StyledText], shown: Int) -> [StyledText] {
    var lines = StyledText.flow(notes, width: columns).first(limits.notes, width: columns) {
      "… (\($0) more)"
    }
    var caption = plot.caption.parts
    if shown < plot.panels.count {
      let words =
        "\(shown) of \(plot.panels.count) panels shown: a larger terminal has room for more"
      if limits.caption == 0 { lines.append(StyledText(words)) } else { caption.insert(words, at: 0) }
    }
    lines += Markup.lines(caption, separator: " · ", width: columns)
      .map { StyledText(Markup.unmarked($0), .faint) }.first(limits.caption, width: columns)
    return lines
  }

  // MARK: - Panels

  private typealias Panels = (frames: [TextFrame], layout: TextLayout, homeless: [StyledText])

  private func panels(_ text: Text) -> Panels {
    let room = rows - text.head.count - text.foot.count
    let layout = TextLayout(plot, columns: columns, rows: room)
    let first = layout.places.map { TextFrame(plot, $0, signs) }
    var frames = first.map { frame -> TextFrame in
      let wanted = first.filter { $0.place.top == frame.place.top }.map(\.wanted).max() ?? 0
      return wanted == 0 ? frame : TextFrame(plot, frame.place, signs, reserved: wanted)
    }
    var homeless: [StyledText] = []
    for frame in frames where !frame.homeless.isEmpty {
      let title = Markup.unmarked(frame.panel.title)
      var note = StyledText(title.isEmpty ? "" : title + ":", .faint)
      for line in frame.homeless {
        note.add(" ")
        note.add(line)
      }
      homeless += note.wrapped(columns)
    }
    homeless += labelRules(&frames).map { StyledText("┈┈ " + Markup.unmarked($0), .faint) }
    return (frames, layout, homeless)
  }

  /// Writes the labels of rules: those across a panel once on the page.
  ///
  /// - Returns: those that have no room.
  private func labelRules(_ frames: inout [TextFrame]) -> [String] {
    var (placed, missing): (Set<String>, [String]) = ([], [])
    for k in frames.indices {
      for rule in frames[k].panel.rules {
        guard let label = rule.label, rule.direction == .up || !placed.contains(label) else { continue }
        if frames[k].place(label, of: rule) { placed.insert(label) } else { missing.append(label) }
        if let beyond = rule.beyond { _ = frames[k].place(beyond, of: rule) }
      }
    }
    return missing.distinct.filter { !placed.contains($0) }
  }

  private func screen(_ text: Text, _ panels: Panels) -> TextGrid {
    let (shared, room) = (panels.layout.shared, rows - text.head.count - text.foot.count)
    let hasPanels = !panels.frames.isEmpty && room > 0
    var grid = TextGrid(columns: columns, rows: rows)
    var row = 0
    for line in text.head {
      grid.write(line, 0, row)
      row += 1
    }
    if hasPanels {
      if let label = shared.y { grid.write("↑ " + Markup.unmarked(label), 0, row, .faint) }
      if let label = shared.right {
        let label = StyledText(Markup.unmarked(label) + " ↑", .faint)
        grid.write(label, max(0, columns - label.width), row)
      }
      if shared.y != nil || shared.right != nil { row += 1 }
      for frame in panels.frames { frame.draw(on: &grid, below: row) }
      row += panels.frames.map { $0.place.top + $0.place.rows + $0.place.below }.max() ?? 0
      if let label = shared.x {
        let (left, right) = (panels.frames.map(\.place.left).min() ?? 0, columns)
        let text = StyledText(Markup.unmarked(label) + " →", .faint)
        grid.write(text, max(0, left + (right - left - text.width) / 2), row)
        row += 1
      }
    } else if !plot.panels.isEmpty {
      grid.write("(too small for its panels)", 0, row, .faint)
      row += 1
    }
    for line in text.foot {
      grid.write(line, 0, row)
      row += 1
    }
    return grid
  }
}
