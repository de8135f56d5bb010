/// Where the parts of a picture are on a canvas, in ems from the lower left corner.
struct PlotLayout: Sendable {
  struct Box: Sendable, Equatable {
    var left, right, bottom, top: Double
    var width: Double { right - left }
    var height: Double { top - bottom }
  }

  let width, height: Double
  let frame: FrameTexts
  /// Of each panel; of one with a strip, its upper part.
  let panels: [Box]
  /// The strips of those that have one.
  let strips: [Box?]
  /// Whether a panel shows the names of its tics, and the label of its axis.
  let axes: [Edges]
  /// Labels that all panels share, which stand once, in the middle.
  let shared: (x: String?, y: String?)

  /// What an axis shows.
  struct Edge: Sendable { var tics = true, label = true }
  typealias Edges = (x: Edge, y: Edge, right: Edge)

  /// In ems.
  private enum Space {
    static let right = 2.1, bar = 10.7, rightAxis = 8.3
    static let aboveRow = 3.0, belowRows = 5.3
    static let narrowest = 10.5, lowest = 7.0
    static let strip = (upper: 0.23, lower: 0.18)
  }

  init(_ plot: Plot, _ canvas: Canvas) {
    let width = canvas.widthInEms
    let frame = FrameTexts(plot, canvas)
    let panels = plot.panels
    let right =
      panels.contains { $0.right != nil }
      ? Space.rightAxis : panels.contains { $0.colors != nil } ? Space.bar : Space.right
    // The label of the y axis, and the names of its tics.
    let widest = panels.flatMap { [$0] + $0.strip }.reduce(1) { max($0, $1.y.widestName) }
    let left = 3.6 + 0.55 * Double(widest)
    let room = width - left - right
    // How many find room side by side.
    let narrowest = panels.lazy.compactMap(\.leastWidth).max() ?? Space.narrowest
    let most = max(1, Int((room + 2.0) / (narrowest + 2.0)))
    // A stack on a canvas of its own height is side by side where there is more room, but for maps of several scales,
    // whose bars stand at the right.
    let scales = panels.compactMap(\.colors)
    let isFree =
      canvas.height != nil
      && (plot.grid.map { $0.columns == 1 && scales.allSatisfy { $0 == scales[0] } } ?? true)
    func grid(_ columns: Int) -> PanelGrid {
      if let grid = plot.grid, grid.columns <= most, !isFree { return grid }
      return PanelGrid(columns: min(columns, most))
    }
    // Where no panel has a title, there is none to leave room for.
    let above = panels.allSatisfy(\.title.isEmpty) ? 1.2 : Space.aboveRow
    let top = frame.bottom(canvas.widthInEms) + above
    let bottom = Space.belowRows + frame.captionHeight
    func arranged(_ columns: Int) -> Arrangement {
      Arrangement(
        panels, grid(columns), room: room, top: top, bottom: bottom, total: canvas.heightInEms,
        lowest: Space.lowest)
    }
    var chosen = arranged(plot.grid.map(\.columns) ?? Self.columns(of: panels.count))
    if isFree {
      // The number of columns that leaves panels most room.
      for columns in 1...max(1, min(most, panels.count)) {
        let other = arranged(columns)
        if other.room > chosen.room { chosen = other }
      }
    }
    self.width = width
    height = max(canvas.heightInEms ?? 0, chosen.height)
    self.frame = frame
    shared = chosen.shared
    axes = chosen.axes
    let total = height
    let boxes: [Box] = zip(panels, chosen.boxes).map { panel, box in
      // A square one takes the middle of its place.
      let spare = panel.isSquare ? (box.width - box.height.magnitude) / 2 : 0
      let (x, y) = (max(0, spare), max(0, -spare))
      return Box(
        left: left + box.left + x, right: left + box.right - x, bottom: total - top - box.bottom + y,
        top: total - top - box.top - y)
    }
    self.panels = zip(panels, boxes).map { panel, box in
      guard !panel.strip.isEmpty else { return box }
      var upper = box
      upper.bottom += Space.strip.upper * box.height
      return upper
    }
    strips = panels.indices.map { k -> Box? in
      guard !panels[k].strip.isEmpty else { return nil }
      var lower = boxes[k]
      lower.top = lower.bottom + Space.strip.lower * lower.height
      return lower
    }
  }

  /// How many panels of one kind are side by side where there is room.
  static func columns(of count: Int) -> Int {
    switch count {
    case ...1: 1
    case 2, 4: 2
    default: 3
    }
  }
}

/// Panels in rows, in ems from the upper left corner of the first one.
private struct Arrangement {
  var boxes: [PlotLayout.Box] = []
  let axes: [PlotLayout.Edges]
  let shared: (x: String?, y: String?)
  let height: Double
  /// How good it is: the lesser of a panel's width and one and a half times its height.
  let room: Double

  init(
    _ panels: [Panel], _ grid: PanelGrid, room: Double, top: Double, bottom: Double, total: Double?,
    lowest: Double
  ) {
    let columns = grid.columns
    let slots = grid.slots ?? Array(panels.indices)
    let rows = ((slots.last ?? 0) + columns) / columns
    func row(_ k: Int) -> Int { slots[k] / columns }
    func column(_ k: Int) -> Int { slots[k] % columns }
    func lastOf(column: Int) -> Int? { slots.lastIndex { $0 % columns == column } }
    func firstOf(row: Int) -> Int? { slots.firstIndex { $0 / columns == row } }
    func lastOf(row: Int) -> Int? { slots.lastIndex { $0 / columns == row } }
    var axes: [PlotLayout.Edges] = []
    // An axis is labelled at the edge alone where all along the row or column have the same one.
    for k in panels.indices {
      var edges: PlotLayout.Edges = (x: .init(), y: .init(), right: .init())
      if let last = lastOf(column: column(k)), last != k {
        edges.x.label = panels[last].x.label != panels[k].x.label
        edges.x.tics = edges.x.label || panels[last].x != panels[k].x
      }
      if let first = firstOf(row: row(k)), first != k {
        edges.y.label = panels[first].y.label != panels[k].y.label
        edges.y.tics = edges.y.label || panels[first].y != panels[k].y
      }
      if let last = lastOf(row: row(k)), last != k {
        edges.right = PlotLayout.Edge(tics: false, label: false)
      }
      axes.append(edges)
    }
    let isInner = panels.indices.map { column($0) > 0 && axes[$0].y.tics }
    let across = !isInner.contains(true) ? 1.9 : zip(isInner, axes).contains { $0 && $1.y.label } ? 7.2 : 5.2
    let isHigher = panels.indices.map { lastOf(column: column($0)) != $0 && axes[$0].x.tics }
    let down =
      !isHigher.contains(true) ? 3.1 : zip(isHigher, axes).contains { $0 && $1.x.label } ? 6.4 : 4.4
    let width = (room - Double(columns - 1) * across) / Double(columns)
    let usual = rows == 1 ? 30.7 : 20.7
    var heights = [Double](repeating: 0, count: rows)
    for (k, panel) in panels.enumerated() {
      let wanted =
        panel.height
        ?? (panel.isSquare
          ? min(width, 30) : min(usual, max(11, 0.72 * width)) * (panel.strip.isEmpty ? 1 : 1.25))
      heights[row(k)] = max(heights[row(k)], wanted)
    }
    let gaps = Double(rows - 1) * down
    var all = heights
    if let total {
      let left = max(lowest * Double(rows), total - top - bottom - gaps)
      let sum = heights.reduce(0, +)
      all = heights.map { $0 * left / sum }
    }
    // A label that is the same in all rows stands once.
    func common(_ labels: [String], where isSeveral: Bool) -> String? {
      isSeveral && labels.distinct.count == 1 ? labels.first : nil
    }
    shared = (
      common(panels.map(\.x.label), where: columns > 1 && panels.count > 1),
      common(panels.flatMap { [$0.y.label] + $0.strip.map(\.y.label) }, where: rows > 1)
    )
    for k in axes.indices {
      if shared.x != nil { axes[k].x.label = false }
      if shared.y != nil { axes[k].y.label = false }
    }
    self.axes = axes
    for k in panels.indices {
      let y = all.prefix(row(k)).reduce(0, +) + Double(row(k)) * down
      let x = Double(column(k)) * (width + across)
      boxes.append(PlotLayout.Box(left: x, right: x + width, bottom: y + all[row(k)], top: y))
    }
    height = top + bottom + gaps + all.reduce(0, +)
    // Empty places count against it.
    self.room = min(width, 1.5 * (all.min() ?? 0)) * Double(panels.count) / Double(max(1, rows * columns))
  }
}
