/// Where the panels of a picture are on a screen, in characters from the upper left corner of their part of it.
struct TextLayout: Sendable {
  struct Place: Sendable {
    /// Which panel it is.
    let panel: Int
    /// The inside: what lies between the axes, strip included.
    let left, top, columns, rows: Int
    /// Columns that are the panel's own, from its left gutter to its right one.
    let extent: Range<Int>
    let x, y, right: PlotLayout.Edge
    /// Rows above it for title and labels, and below it for the axis.
    let above, below: Int
  }

  let places: [Place]
  /// Labels that all panels share.
  let shared: (x: String?, y: String?, right: String?)

  private static let gap = 2
  private static let least = (columns: 14, rows: 4)

  /// As many panels as find room, in the rows and columns that leave them most of it.
  init(_ plot: Plot, columns: Int, rows: Int) {
    func common(_ labels: [String]) -> String? {
      labels.distinct.count == 1 ? labels.first.flatMap { $0.isEmpty ? nil : $0 } : nil
    }
    let labels = (
      x: common(plot.panels.map(\.x.label)), y: common(plot.panels.map(\.y.label)),
      right: common(plot.panels.compactMap(\.right?.label))
    )
    shared = labels
    let rows = rows - (labels.x == nil ? 0 : 1) - (labels.y == nil && labels.right == nil ? 0 : 1)
    for count in stride(from: plot.panels.count, to: 0, by: -1) {
      let shown = count == 1 ? [0] : Array(plot.panels.indices).spread(count)
      var candidates = (1...count).map { PanelGrid(columns: $0) }
      if let grid = plot.grid, count == plot.panels.count { candidates.insert(grid, at: 0) }
      let found = candidates.compactMap { grid -> (places: [Place], room: Double)? in
        let least = count == 1 ? (columns: 4, rows: 2) : Self.least
        return Self.arranged(
          plot, shown, grid, columns: columns, rows: rows, shared: labels, least: least)
      }
      // The places of panels mean something where the picture has a grid.
      let chosen =
        plot.grid != nil && count == plot.panels.count ? found.first : found.max { $0.room < $1.room }
      if let chosen {
        places = chosen.places
        return
      }
    }
    places = []
  }

  /// The panels in a grid; nil where one would be too small.
  private static func arranged(
    _ plot: Plot, _ shown: [Int], _ grid: PanelGrid, columns: Int, rows: Int,
    shared: (x: String?, y: String?, right: String?), least: (columns: Int, rows: Int)
  ) -> (places: [Place], room: Double)? {
    let slots = grid.slots ?? Array(shown.indices)
    guard let last = slots.max(), slots.count == shown.count else { return nil }
    let height = last / grid.columns + 1
    let panels = shown.map { plot.panels[$0] }
    func row(_ k: Int) -> Int { slots[k] / grid.columns }
    func column(_ k: Int) -> Int { slots[k] % grid.columns }

    var edges: [PlotLayout.Edges] = []
    for (k, panel) in panels.enumerated() {
      var edge = (x: PlotLayout.Edge(), y: PlotLayout.Edge(), right: PlotLayout.Edge())
      // An axis is named at the edge alone where all along the row or column have the same one.
      if let below = panels.indices.last(where: { column($0) == column(k) }), below != k {
        edge.x.tics = panels[below].x != panel.x
        edge.x.label = panels[below].x.label != panel.x.label
      }
      if let first = panels.indices.first(where: { row($0) == row(k) }), first != k {
        edge.y.tics = panels[first].y != panel.y || panels[first].strip.map(\.y) != panel.strip.map(\.y)
        edge.y.label = panels[first].y.label != panel.y.label
      }
      if let end = panels.indices.last(where: { row($0) == row(k) }), end != k {
        edge.right.tics = panels[end].right != panel.right
        edge.right.label = edge.right.tics
      }
      if shared.x != nil || panel.x.label.isEmpty { edge.x.label = false }
      if shared.y != nil || panel.y.label.isEmpty { edge.y.label = false }
      if shared.right != nil || panel.right == nil { edge.right.label = false }
      edges.append(edge)
    }

    func most(_ isIncluded: (Int) -> Bool, _ value: (Int) -> Int) -> Int {
      panels.indices.filter(isIncluded).map(value).max() ?? 0
    }
    func names(_ axis: PanelAxis) -> Int { axis.widestName }
    let gutters = (0..<grid.columns).map { c in
      most({ column($0) == c }) { k in
        (edges[k].y.tics ? ([panels[k]] + panels[k].strip).map { names($0.y) }.max() ?? 0 : 0) + 1
      }
    }
    let rightGutters = (0..<grid.columns).map { c in
      most({ column($0) == c }) { k in
        panels[k].right.map { 1 + (edges[k].right.tics ? names($0) : 0) } ?? 0
      }
    }
    let below = (0..<height).map { r in
      most({ row($0) == r }) { k in 1 + (edges[k].x.tics ? 1 : 0) + (edges[k].x.label ? 1 : 0) }
    }
    let width =
      (columns - gutters.reduce(0, +) - rightGutters.reduce(0, +) - gap * (grid.columns - 1)) / grid.columns
    let above = (0..<height).map { r in
      most({ row($0) == r }) { k in
        TextFrame.title(panels[k], width: width).count + (edges[k].y.label || edges[k].right.label ? 1 : 0)
      }
    }
    let room = rows - above.reduce(0, +) - below.reduce(0, +)
    let heights = (0..<height).map { r in room / height + (r < room % height ? 1 : 0) }
    guard width >= least.columns, room >= height * least.rows else { return nil }
    for (k, panel) in panels.enumerated() {
      // Cells without their numbers are there only if no screen of this size has them.
      if panels.count > 1, let cells = TextPanel.cells(panel, plot.table),
        cells.columns > width || cells.rows > heights[row(k)]
      {
        return nil
      }
      if !panel.strip.isEmpty, heights[row(k)] < 7, panels.count > 1 { return nil }
    }

    let places = panels.indices.map { k -> Place in
      let (r, c) = (row(k), column(k))
      let cells = TextPanel.cells(panels[k], plot.table)
      func whole(_ size: Int, _ count: Int?) -> Int {
        count.map { $0 > 0 && size > $0 ? size - size % $0 : size } ?? size
      }
      let start =
        gutters[..<c].reduce(0, +) + rightGutters[..<c].reduce(0, +) + c * (width + gap)
      let top = above[...r].reduce(0, +) + below[..<r].reduce(0, +) + heights[..<r].reduce(0, +)
      return Place(
        panel: shown[k], left: start + gutters[c], top: top, columns: whole(width, cells?.across),
        rows: whole(heights[r], cells?.up),
        extent: start..<start + gutters[c] + width + rightGutters[c], x: edges[k].x, y: edges[k].y,
        right: edges[k].right, above: above[r], below: below[r])
    }
    // A character is twice as high as wide; empty places count against the grid.
    let size = min(Double(width), 3.2 * Double(heights.min() ?? 0))
    return (places, size * Double(panels.count) / Double(height * grid.columns))
  }
}
