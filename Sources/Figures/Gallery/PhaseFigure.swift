import Experiments

/// log10 ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ over spectral radius and sequence length, or input scale where that
/// axis has more values; one panel per cell variant.
struct PhaseFigure: RunFigure {
  let name: FigureName = "phase"
  let question = "Where do gradients vanish, survive and explode?"

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let all = SweepSlice(records.run.trials, drawn: [.sequenceLength, .inputScale])
    let byScale = all.inputScales.count > all.sequenceLengths.count
    let slice = SweepSlice(records.run.trials, drawn: [byScale ? .inputScale : .sequenceLength])
    let axis =
      byScale
      ? PhaseAxis(
        name: "input_scale", title: "input scale", values: slice.inputScales
      ) { $0.inputScale }
      : PhaseAxis(
        name: "sequence_length", title: "sequence length T (steps)",
        values: slice.sequenceLengths.map(Double.init)
      ) { Double($0.sequenceLength) }
    let maps = try slice.variants.map { try PhaseMap($0, slice, axis, records) }
    let cells = maps.flatMap(\.cells)
    guard cells.contains(where: { $0.state != .missing }) else {
      throw FigureOmission(reason: "no trial has finished")
    }
    let scale = PhaseScale(cells.compactMap(\.value))
    let critical = maps.map { CriticalLine($0, slice, axis) }
    let theory =
      critical.contains { $0?.commands.isEmpty == false }
      ? "; dashed: mean-field critical line χ = 1, for σ_w = ρ and ρ/ρ_N" : ""
    let rowHeight = axis.values.count > 8 ? 36.0 : 62
    var page = FigurePage(
      self,
      columns: axis.fields + [
        "column_index", "row_index", "log10_ratio_median", "trials", "state", "label",
      ],
      title: "Where gradients vanish, survive and explode",
      subtitle: "log10 of ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖: "
        + (slice.trials.contains(where: \.hasLossAtEveryStep)
          ? "total norms fall on the way back in blue cells and grow in brown ones"
          : "gradients vanish on the way back in blue cells and explode in brown ones")
        + "; the black line separates the two" + theory + Self.special(cells),
      caption: FigureCaption(records, slice, statistic: "median"),
      grid: GridLayout(
        slots: maps.indices, right: 150,
        panelHeight: min(480, max(200, rowHeight * Double(axis.values.count)))))
    page.add(scale.commands(page.layout))
    page.add(axis.commands(radii: slice.radii))
    let isRoomy = page.layout.panelWidth / Double(slice.radii.count) >= 29
    for (map, critical) in zip(maps, critical) {
      page.beginPanel(map.variant.label, x: "spectral radius ρ of W_{hh}", y: axis.title)
      page.add(axis.panelCommands(atLeft: page.isAtLeft, atBottom: page.isAtBottom, slice.radii))
      page.add(page.isLast ? GnuplotText.graphic("set colorbox") : "unset colorbox")
      page.add(map.boundary)
      page.add(critical?.commands ?? [])
      draw(map, labelled: isRoomy, &page)
      page.plot()
    }
    return page.finished()
  }

  /// Boxes with and without a value, then what is written on them.
  private func draw(_ map: PhaseMap, labelled: Bool, _ page: inout FigurePage) {
    for isMeasured in [true, false] {
      let cells = map.cells.filter { ($0.value != nil) == isMeasured }
      guard let block = page.append(cells.map { $0.row(map.variant) }) else { continue }
      let (size, color, ink) =
        isMeasured
        ? ("(0.5):(0.5):(saturated(log10_ratio_median))", "palette", "(ink(log10_ratio_median))")
        : ("(0.5):(0.5)", "rgb '#d9d9d9'", "(0x444444)")
      let using = block.using("column_index:row_index")
      page.draw("for [i=1:bands] \(using):\(size) with boxxyerror fillcolor \(color)")
      page.draw(
        "\(labelled ? "" : "for [i=1:1 - bands] ")\(using):(strcol(label)):\(ink) with labels "
          + "font sized(0.78) textcolor rgb variable", .marks)
    }
  }

  private static func special(_ cells: [PhaseCell]) -> String {
    let states = Set(cells.map(\.state))
    var parts: [String] = []
    if states.contains(.zero) { parts.append("−∞: ‖∂L/∂h_1‖ is exactly zero") }
    if states.contains(.allZero) { parts.append("0/0: both norms are exactly zero") }
    if states.contains(.diverged) { parts.append("div: the state diverged") }
    if states.contains(.missing) { parts.append("–: not run yet") }
    return parts.isEmpty ? "" : ". " + parts.joined(separator: "; ")
  }
}
