import Experiments
import Foundation
import TextFiles

extension GnuplotScript {
  /// A panel, and the strip below it.
  mutating func addPanel(_ k: Int, _ panel: Panel) {
    let axes = layout.axes[k]
    self.panel = k
    add("", "# Panel \(k + 1): \(Markup.unmarked(panel.title))")
    let strip = panel.strip.first.flatMap { strip in layout.strips[k].map { (strip, $0) } }
    draw(
      panel, in: layout.panels[k],
      (x: strip == nil ? axes.x : PlotLayout.Edge(tics: false, label: false), y: axes.y, right: axes.right),
      bar: bar(k))
    if let (strip, box) = strip { draw(strip, in: box, axes, bar: nil) }
  }

  private mutating func draw(
    _ panel: Panel, in box: PlotLayout.Box, _ edges: PlotLayout.Edges, bar: PlotLayout.Box?
  ) {
    add(
      "unset label; unset object; unset arrow",
      "set lmargin at screen \(across(box.left)); set rmargin at screen \(across(box.right))",
      "set bmargin at screen \(up(box.bottom)); set tmargin at screen \(up(box.top))",
      "set title \(Markup.quoted(panel.title)) offset 0, lowered \(font(titleSize(panel.title, box)))",
      panel.hasGrid ? "set grid" : "unset grid")
    add(shared)
    shared = []
    addAxis("x", panel.x, edges.x, room: box.width)
    addAxis("y", panel.y, edges.y, room: box.height)
    if let right = panel.right {
      add("set ytics nomirror; set y2tics textcolor rgb '#222222'")
      addAxis("y2", right, edges.right, room: box.height)
    }
    addColors(panel.colors, bar)
    if panel.ground != .white {
      add(
        "set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fillcolor rgb "
          + "'\(panel.ground.rawValue)' fillstyle solid 1 noborder")
    }
    for rule in panel.rules { add(self.rule(rule, panel, box)) }
    for text in panel.texts { add(placed(text, panel, box)) }
    let texts = PanelTexts(panel, plot.table, box)
    addNotes(texts, box)
    addPlot(panel, key: texts.keyCorner.map { (panel.key, $0) })
    if panel.right != nil { add("unset y2tics; unset y2label") }
  }

  /// A title is not much wider than its panel.
  private func titleSize(_ title: String, _ box: PlotLayout.Box) -> Double {
    max(0.55, min(1, (box.width + 0.8) / (0.56 * Double(max(1, Markup.unmarked(title).count)))))
  }

  // MARK: - Axes

  private mutating func addAxis(_ name: String, _ axis: PanelAxis, _ edge: PlotLayout.Edge, room: Double) {
    let tics = axis.tics(in: room, isUp: name != "x").map { tic in
      "\(ticName(edge.tics ? tic.name : "")) \(fixed(tic.place))"
    }
    let bands = axis.bands.map { band in
      "\(ticName(edge.tics ? band.name : "")) \(fixed(band.middle))"
    }
    let label = edge.label ? axis.label : ""
    // Beside an axis there is room for one line: a long one has smaller letters.
    let letters = Double(max(1, Markup.unmarked(label).count))
    let size = name == "x" ? 1 : min(1, max(0.6, (room - 0.3) / (0.522 * letters)))
    let lines = Markup.lines(label, width: Canvas.letters(in: room + (name == "x" ? 4 : 2), size: size))
    add(
      "set \(name)label \(Markup.quoted(lines)) \(font(size))",
      "set \(name)range [\(fixed(axis.low)):\(fixed(axis.high))]",
      "set \(name)tics (\((tics + bands).joined(separator: ", ")))")
    for band in axis.bands where name == "y" {
      add(
        "set object rectangle from graph 0, first \(fixed(band.low)) to graph 1, first \(fixed(band.high)) back "
          + "fillcolor rgb '#eeeeee' fillstyle solid 1 noborder")
    }
    guard name != "y2", let place = placement(axis) else { return }
    add(
      "\(name)_place(v) = \(place.number)",
      "\(name)_at(c) = strcol(c) eq 'inf' ? \(place.above) : strcol(c) eq '-inf' ? \(place.below) : "
        + "\(name)_place(column(c))")
  }

  /// The name of a tic, which gnuplot takes for a format.
  private func ticName(_ name: String) -> String { Markup.quoted(name.replacing("%", with: "%%")) }

  /// Where numbers, +∞ and −∞ are on an axis on which they are not simply themselves.
  private func placement(_ axis: PanelAxis) -> (number: String, above: String, below: String)? {
    guard axis.scale == .logarithmic || axis.zeros != nil || axis.infinities != nil || axis.isClamping else {
      return nil
    }
    func text(_ value: Double) -> String { value.isNaN ? "NaN" : fixed(value) }
    func clamped(_ place: String) -> String {
      axis.isClamping
        ? "(\(place) < \(fixed(axis.bottom)) ? \(fixed(axis.bottom)) : \(place) > \(fixed(axis.top)) ? "
          + "\(fixed(axis.top)) : \(place))" : place
    }
    let number =
      axis.scale == .logarithmic ? "v > 0 ? \(clamped("log10(v)")) : \(text(axis.place(0)))" : clamped("v")
    return (number, text(axis.place(.infinity)), text(axis.place(-.infinity)))
  }

  /// A coordinate as a plot command has it.
  func column(_ coordinate: Coordinate, _ name: String, _ axis: PanelAxis) -> String {
    let isPlain = coordinate.times == 1 && coordinate.plus == 0
    guard placement(axis) != nil else {
      return isPlain ? coordinate.column : "(\(stretched(coordinate)))"
    }
    return isPlain ? "(\(name)_at(\(coordinate.column)))" : "(\(name)_place(\(stretched(coordinate))))"
  }

  private func stretched(_ coordinate: Coordinate) -> String {
    let shift = coordinate.plus == 0 ? "" : " + \(fixed(coordinate.plus))"
    return "column(\(coordinate.column)) * \(fixed(coordinate.times))\(shift)"
  }

  // MARK: - Rules and texts

  private func rule(_ rule: Rule, _ panel: Panel, _ box: PlotLayout.Box) -> [String] {
    let isAcross = rule.direction == .across
    let place = fixed((isAcross ? panel.y : panel.x).place(rule.value))
    let style = rule.pen.style
    let depth = rule.pen == .marker ? "front" : "back"
    let ends =
      isAcross
      ? "from graph 0, first \(place) to graph 1, first \(place)"
      : "from first \(place), graph 0 to first \(place), graph 1"
    var commands = ["set arrow \(ends) nohead \(depth) \(line(style))"]
    if let label = rule.label, let beyond = rule.beyond, !isAcross {
      // Where the panel is emptier, at its top or at its bottom.
      let points = panel.places(plot.table).filter { abs($0.x - panel.share(of: rule.value, panel.x)) < 0.2 }
      let height = points.count { $0.y > 0.85 } > points.count { $0.y < 0.15 } ? "0.04" : "0.96"
      for (text, side) in [(label, "right"), (beyond, "left")] {
        commands.append(
          "set label \(Markup.quoted(" \(text) ")) at first \(place), graph \(height) \(side) front boxed "
            + "\(font(0.85)) textcolor rgb '\(color(style.color))'")
      }
      return commands
    }
    if let label = rule.label, isAcross, rule.pen == .marker {
      // Over the colours of a map.
      commands.append(
        "set label \(Markup.quoted(" \(label) ")) at graph 0.02, first \(place) left offset 0, 0.8 front boxed "
          + "\(font(0.85)) textcolor rgb '\(color(style.color))'")
      return commands
    }
    if let label = rule.label, !isAcross || ruleLabels[label]?.panel == self.panel {
      let side = ruleLabels[label]?.side ?? RuleSide()
      commands.append(
        isAcross
          ? "set label \(Markup.quoted(label)) at graph \(side.isLeft ? "0.02 " : "0.98 "), first \(place) "
            + "\(side.isLeft ? "left" : "right") offset 0, \(side.isAbove ? "0.6" : "-0.6") front \(font(0.8)) "
            + "textcolor rgb '\(PlotColor.darkGrey.rawValue)'"
          : "set label \(Markup.quoted(" \(label) ")) at first \(place), graph 0.96 right front boxed \(font(0.85)) "
            + "textcolor rgb '\(color(style.color))'")
    }
    return commands
  }

  /// A text at its place, within the panel.
  private func placed(_ text: PlacedText, _ panel: Panel, _ box: PlotLayout.Box) -> String {
    let width = 0.5 * 0.85 * Double(Markup.unmarked(text.text).count) + 1
    var x = panel.x.place(text.x)
    let ems = (x - panel.x.low) / (panel.x.high - panel.x.low) * box.width
    let side: String
    switch text.side {
    case .over:
      let middle = min(max(ems, width / 2), max(box.width - width / 2, width / 2))
      x += (middle - ems) / box.width * (panel.x.high - panel.x.low)
      side = "center"
    case .beside(let isLeft, let isUp):
      let fits = isLeft ? ems - 1.5 - width > 0 : ems + 1.5 + width < box.width
      let goesLeft = fits ? isLeft : !isLeft
      side = "\(goesLeft ? "right" : "left") offset \(goesLeft ? -1.5 : 1.5), \(isUp ? 0.9 : -0.9)"
    }
    return "set label \(Markup.quoted(text.text)) at first \(fixed(x)), first "
      + "\(fixed(panel.y.place(text.y))) \(side) front boxed \(font(0.85)) textcolor rgb '\(color(text.color))'"
  }

  /// A style as arrows have it, which know no points.
  private func line(_ style: CurveStyle) -> String {
    pen(style).replacing(/\ pointtype.*/, with: "")
  }

  /// Texts in a corner, each line on its own.
  private mutating func addNotes(_ texts: PanelTexts, _ box: PlotLayout.Box) {
    for (k, line) in texts.notes.enumerated() {
      let isLeft = texts.noteCorner.isLeft
      let lines = texts.noteCorner.isLow ? Double(texts.notes.count - 1 - k) + 0.7 : Double(k) + 0.8
      let share = PanelTexts.pitch * lines * texts.noteSize / PanelTexts.size / box.height
      add(
        "set label \(Markup.quoted(line)) at graph \(isLeft ? "0.02" : "0.98"), "
          + "graph \(fixed(texts.noteCorner.isLow ? share : 1 - share)) \(isLeft ? "left" : "right") front "
          + "\(font(texts.noteSize)) textcolor rgb '#333333'")
    }
  }

  // MARK: - Colours

  /// Where the colour bar of panel `k` is, if it shows one: beside all panels with its colours, at the first of them.
  private func bar(_ k: Int) -> PlotLayout.Box? {
    guard let scale = plot.panels[k].colors else { return nil }
    let own = plot.panels.indices.filter { plot.panels[$0].colors == scale }
    let others = plot.panels.indices.filter { plot.panels[$0].colors.map { $0 != scale } ?? false }
    let edges = own.map { layout.panels[$0] }
    let extent = (bottom: edges.map(\.bottom).min() ?? 0, top: edges.map(\.top).max() ?? 1)
    let isShared = others.allSatisfy {
      layout.panels[$0].bottom >= extent.top || layout.panels[$0].top <= extent.bottom
    }
    guard isShared ? own.first == k : true else { return nil }
    let left = isShared ? layout.width - 8.6 : layout.panels[k].right + 0.8
    let rows = isShared ? extent : (bottom: layout.panels[k].bottom, top: layout.panels[k].top)
    return PlotLayout.Box(left: left, right: left + 1.6, bottom: rows.bottom, top: rows.top)
  }

  /// Whether dark letters cannot be read on the colour of a column `c`, for gnuplot.
  private func isDark(_ scale: ColorScale) -> String {
    switch (scale.palette, canvas.ink) {
    case (.diverging, .color): "abs(shade(c)) > 0.5 * greatest"
    case (.diverging, .black): "shade(c) < least + 0.4 * (greatest - least)"
    case (.sequential, _), (.ground, _): "shade(c) < least + 0.6 * (greatest - least)"
    }
  }

  private mutating func addColors(_ scale: ColorScale?, _ bar: PlotLayout.Box?) {
    guard let scale else { return add("unset colorbox") }
    if scale != self.scale {
      self.scale = scale
      let stops = scale.stops(canvas.ink).map { "\(fixed($0.place)) '\($0.color)'" }
      let tics = scale.tics.map { "\(ticName($0.name)) \(fixed($0.place))" }
      add(
        "set palette defined (\(stops.joined(separator: ", ")))",
        "least = \(fixed(scale.low)); greatest = \(fixed(scale.high))", "set cbrange [least:greatest]",
        "set cbtics (\(tics.joined(separator: ", ")))",
        "bounded(v) = v < least ? least : v > greatest ? greatest : v",
        "shade(c) = strcol(c) eq '' ? NaN : strcol(c) eq 'inf' ? greatest : strcol(c) eq '-inf' ? "
          + "\(scale.palette == .sequential ? "NaN" : "least") : bounded(column(c))",
        "ink(c) = \(isDark(scale)) ? 0xffffff : 0x000000")
    }
    guard let bar else { return add("unset colorbox") }
    let label = Markup.lines(scale.label, width: Canvas.letters(in: layout.width - bar.left, size: 1))
    add(
      "set cbtics textcolor rgb '#222222'",
      "set colorbox vertical user origin screen \(across(bar.left)), screen \(up(bar.bottom)) "
        + "size screen \(across(bar.width)), screen \(up(bar.height))",
      "set label \(Markup.quoted(label)) at screen \(across(bar.left)), "
        + "screen \(up(bar.top + 1.1 + 1.3 * Double(label.count - 1))) left")
  }
}
