/// On which side of a level its label stands.
struct RuleSide: Sendable, Equatable {
  var isLeft = true, isAbove = true

  private static let all = [true, false].flatMap { above in
    [true, false].map { RuleSide(isLeft: $0, isAbove: above) }
  }

  /// For each text, the panel and side where it covers fewest points: it stands once on the page.
  static func chosen(_ plot: Plot, _ layout: PlotLayout) -> [String: (panel: Int, side: RuleSide)] {
    var best: [String: (covered: Int, panel: Int, side: RuleSide)] = [:]
    for (k, panel) in plot.panels.enumerated() {
      let levels = panel.rules.filter { $0.direction == .across && $0.label != nil }
      if levels.isEmpty { continue }
      let (points, box) = (panel.places(plot.table), layout.panels[k])
      for rule in levels {
        guard let label = rule.label else { continue }
        let width = min(1, (1 + 0.42 * Double(Markup.unmarked(label).count)) / box.width)
        let height = 1.3 / box.height
        let level = panel.share(of: rule.value, panel.y)
        for side in all {
          let covered = points.count { x, y in
            (side.isLeft ? x < width : x > 1 - width)
              && (side.isAbove ? y > level && y < level + height : y < level && y > level - height)
          }
          // A text that would leave the panel stands there only if there is no other place.
          let leaves = side.isAbove ? level + height > 1 : level - height < 0
          let cost = covered + (leaves ? 10_000 : 0)
          if best[label].map({ cost < $0.covered }) ?? true { best[label] = (cost, k, side) }
        }
      }
    }
    return best.mapValues { ($0.panel, $0.side) }
  }
}
