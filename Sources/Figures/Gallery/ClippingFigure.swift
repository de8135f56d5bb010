import Experiments
import GradientFlow
import TextFiles

/// Norms before and after each clipping rule, in the setting where gradients grow fastest.
struct ClippingFigure: RunFigure {
  let name: FigureName = "clipping"
  let question = "What does clipping do to exploding gradients?"
  let stepColumns: Set<StepColumn> = [.hiddenUnclipped, .hiddenAfterClip]
  let fixedX: String? = "the lag"

  private static let panelLimit = 6
  private static let rowLimit = 4
  private static let columns = [
    "cell", "forget_bias", "spectral_radius", "input_scale", "clip", "norm", "lag", "log10_median",
    "log10_q25",
    "log10_q75", "seeds",
  ]

  func objection(to specification: SweepSpecification) -> String? {
    specification.values(of: .clip, \.clip).allSatisfy { $0 == .none }
      ? "the sweep has no clipping; set for example clip: [none, {step-norm: 1}]" : nil
  }

  func plot(of records: RunRecords) throws -> Plot {
    let choice = records.choice
    if choice.hue != nil || choice.panel.map({ $0 != .trial(.clip) }) ?? false {
      throw FigureOmission(
        reason: "its panels are clips, its curves before and after; choose trials with --where")
    }
    let free: [Axis] = [.cell, .forgetBias, .spectralRadius, .inputScale, .clip]
    let all = records.layers(joiningParts: true)
    let candidates = try ClippingSetting.candidates(
      SweepSlice(all, drawn: Set(free.map(FigureAxis.trial))).layers, records)
    guard let (setting, claim) = candidates.max(by: { $0.rate < $1.rate }).map({ ($0.setting, $0.claim) })
    else {
      throw FigureOmission(reason: "no finished trial of the longest sequences is clipped")
    }
    let chosen = SweepSlice(
      all.filter { ClippingSetting($0) == setting },
      drawn: Set([.trial(.clip)] + Dimension.places.axes))
    let rules = Dimension.rules.places(in: chosen.layers.filter { $0.clip != .none })
    let places = Dimension.places.places(in: chosen.layers).sorted { $0.place < $1.place }
    let (shown, rows) = (rules.spread(Self.panelLimit), places.spread(Self.rowLimit))
    let contents = try rows.flatMap { row in
      try shown.compactMap { rule in
        let own = chosen.layers.filter { $0.clip == rule.clip && $0.place == row.place }
        return try own.first.flatMap { try ClippedNorms($0, own, records) }
      }
    }
    guard let first = contents.first else {
      throw FigureOmission(reason: "no clipped trial of \(setting.label) has gradients")
    }
    // The setting is that of the layer by which networks are spoken of.
    let spoken = contents.first { $0.layer.main == $0.layer.mainPlace } ?? first
    let others = rules.filter { !shown.contains($0) }
    let styles = (before: CurveStyle(.black, [], 7), after: CurveStyle(.vermillion, [12, 5], 11))
    var plot = Plot(
      self, columns: (places.count > 1 ? Dimension.places.columns : []) + Self.columns,
      title: "Gradient norms before and after clipping: \(setting.label)",
      statement: Self.statement(spoken, among: places, claim, settings: candidates.count),
      caption: FigureCaption(
        records, chosen, statistic: "median and quartiles",
        notes: rules.map(\.clip.kind).distinct.compactMap(\.meaning)
          + ["cosine of the gradients of all parameters with and without clipping"]
          + (others.isEmpty ? [] : ["not shown: \(Dimension.rules.list(others, among: rules))"])
          + (rows.count < places.count
            ? ["\(rows.count) of \(places.count) layers and directions shown"] : [])
          + (contents.contains { $0.sequences != nil }
            ? ["lag: from each sequence's own end; norms over the sequences that have it, fewer and fewer"]
            : [])
          + Seam.note(contents.map(\.seam))
          + Self.note(first, records.run.specification.recording, candidates)),
      legend: Legend.each(["without clipping", "what the rule passes on"], [styles.before, styles.after])
        + Legend.entry("threshold of a step rule", .threshold, if: contents.contains { $0.threshold != nil }),
      grid: rows.count > 1 && contents.count == rows.count * shown.count && shown.count > 1
        ? PanelGrid(columns: shown.count) : nil)
    let axis = PanelAxis.decades(
      "‖∂L/∂h_t‖ (whole batch)",
      contents.flatMap { $0.before.values + $0.after.values + [$0.threshold].compactMap { $0 } })
    for content in contents {
      let rule = content.layer.rule.name(among: rules.map(\.rule))
      let layer = Dimension.places.label(content.layer, among: places)
      var panel = Panel(
        places.count > 1 ? "\(layer), \(rule)" : rule, x: .lag(content.steps), y: axis)
      if let threshold = content.threshold { panel.level(threshold, .threshold) }
      panel.notes = content.notes
      Seam.draw([content.seam], &panel)
      let fields =
        (places.count > 1 ? Dimension.places.fields(content.layer) : []) + setting.fields
        + [.text(content.layer.clip.label)]
      panel.median(plot.append(content.before, fields + ["before"]), styles.before)
      panel.median(plot.append(content.after, fields + ["after"]), styles.after)
      plot.panels.append(panel)
    }
    return plot
  }

  private static func note(
    _ content: ClippedNorms, _ recording: StepRecording,
    _ settings: [(setting: ClippingSetting, rate: Double, claim: DecayEstimate.Claim?)]
  ) -> [String] {
    guard recording != .every else { return Lags.note(content.steps) }
    let isChosenByThem = settings.count > 1 && settings.contains { $0.claim == nil }
    return Lags.note(content.steps, drawn: content.before.count, of: recording)
      + (isChosenByThem ? ["without trials that are not clipped, rates are over the recorded lags"] : [])
  }

  private static func statement(
    _ content: ClippedNorms, among places: [TrialLayer], _ claim: DecayEstimate.Claim?, settings: Int
  ) -> String {
    guard let first = content.before.first, let last = SequenceCounts.told(content.before, content.sequences)
    else { return "" }
    let layer = places.count > 1 ? "in \(Dimension.places.label(content.layer, among: places)) " : ""
    let change =
      "\(layer)norms go from \(Brief.factor(first.summary.median)) to \(Brief.factor(last.summary.median)) over "
      + "\(Brief.grouped(last.x)) steps back"
    let rank = settings > 1 ? ": the largest mean decay rate of the \(settings) clipped settings" : ""
    switch claim {
    case .explodes?, .grows?, nil: return "Without clipping \(change)\(rank)."
    default: return "Nothing is seen to explode; without clipping \(change)\(rank)."
    }
  }
}
