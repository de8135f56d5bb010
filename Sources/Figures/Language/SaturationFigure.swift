import Experiments
import GradientFlow
import TextFiles

/// How much of the time the gates of each unit are nearly shut and nearly open: a point a unit, a panel a gate.
///
/// - Note: Source: Karpathy, Johnson & Fei-Fei, arXiv 1506.02078 (2015), figure 3.
struct SaturationFigure: LanguageFigure {
  let name = LanguageFigureName.saturation
  let question = "How often are the gates of each unit shut and open?"

  private static let columns = ["gate", "layer", "unit", "left_saturated", "right_saturated"]
  /// Points of a panel at most, and from how many on they are small.
  private static let limit = 4000, many = 300

  func plot(of findings: LanguageFindings) throws -> Plot {
    let gates = GateShares.all(findings.report)
    guard let first = gates.first else {
      throw FigureOmission(reason: "the cell has no gates between 0 and 1, which could be shut or open")
    }
    let layers = first.layers.map(\.layer)
    let styles = Self.styles(layers.count)
    let size = first.units.count > Self.many ? 0.7 : 1
    let most = max(2, Self.limit / layers.count)
    let shown = first.layers.reduce(0) { $0 + min(most, $1.units.count) }
    var plot = Plot(
      self, columns: Self.columns, title: "How often the gates of each unit are shut and open",
      statement: Self.statement(gates),
      caption: FigureCaption(
        findings,
        notes: [
          "\(Brief.grouped(findings.report.length)) characters",
          "shut: the gate is below 0.1; open: above 0.9", "a point a unit",
          "numbers in panels: units, more than 90 % of the time",
        ]
          + (shown < first.units.count
            ? ["\(Brief.grouped(shown)) of \(Brief.grouped(first.units.count)) units of each gate drawn"]
            : [])),
      legend: Legend.each(
        layers.count == 1 ? ["a unit"] : layers.map { "layer \($0)" }, as: .points, styles)
        + Legend.entry("always shut or open (limit)", .axis)
        + Legend.entry("90 % of the time", .limit))
    for gate in gates {
      var panel = Panel(
        gate.gate.look.label, x: .shareOfTime("share of time shut (below 0.1)"),
        y: .shareOfTime("share of time open (above 0.9)"))
      panel.isSquare = true
      // Beyond the limit, where no point is.
      let counts = gate.counts
      panel.notes = [
        "\(Brief.grouped(counts.open)) open > 90 %", "\(Brief.grouped(counts.shut)) shut > 90 %",
      ]
      panel.guide([(0, 1), (1, 0)], .axis)
      let level = GateShares.most
      panel.guide([(0, level), (1 - level, level)], .limit)
      panel.guide([(level, 0), (level, 1 - level)], .limit)
      let blocks = gate.layers.map { layer, units in
        plot.append(
          units.spread(most).map { unit in
            [
              Field(gate.gate.rawValue), Field(layer), Field(unit.unit), .drawn(unit.shut), .drawn(unit.open),
            ]
          })
      }
      // The lowest layer lies on top: where it saturates least, its units are near each other.
      for (block, style) in zip(blocks, styles).reversed() {
        panel.points(block, x: "left_saturated", y: "right_saturated", style, size: size)
      }
      plot.panels.append(panel)
    }
    return plot
  }

  /// Of layers; small points need strong colours, and cover one another less as outlines.
  private static func styles(_ count: Int) -> [CurveStyle] {
    let colors: [PlotColor] = [.blue, .vermillion, .green, .purple, .orange, .black, .skyBlue]
    let points = [7, 11, 5, 9, 13, 15]
    return (0..<count).map { CurveStyle(colors[$0 % colors.count], [], points[$0 % points.count]).hollow }
  }

  /// How many units keep their state, and how saturated each gate is.
  private static func statement(_ gates: [GateShares]) -> String {
    let memory = GateActivity.memoryGate(of: gates.map(\.gate)).map { gates[$0].ofMemory + ". " } ?? ""
    return memory + "Share of all units and steps: " + gates.map(\.means).joined(separator: "; ")
  }
}

extension PanelAxis {
  /// Of shares of the time, with room for points at 0 and at 1.
  fileprivate static func shareOfTime(_ label: String) -> PanelAxis {
    var axis = share(label)
    axis.low = -0.04
    return axis
  }
}
