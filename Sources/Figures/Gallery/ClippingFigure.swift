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
    if choice.hue != nil || choice.panel.map({ $0 != .clip }) ?? false {
      throw FigureOmission(
        reason: "its panels are clips, its curves before and after; choose trials with --where")
    }
    let slice = SweepSlice(
      records.trials, drawn: [.cell, .forgetBias, .spectralRadius, .inputScale, .clip])
    let candidates = try ClippingSetting.candidates(slice, records)
    guard let (setting, claim) = candidates.max(by: { $0.rate < $1.rate }).map({ ($0.setting, $0.claim) })
    else {
      throw FigureOmission(reason: "no finished trial of the longest sequences is clipped")
    }
    let chosen = SweepSlice(slice.trials.filter { ClippingSetting($0) == setting }, drawn: [.clip])
    let rules = Dimension.rules.places(in: chosen.trials.filter { $0.clip != .none })
    let shown = rules.spread(Self.panelLimit)
    let contents = try shown.compactMap { rule in
      try ClippedNorms(rule, chosen.trials.filter { $0.clip == rule.clip }, records)
    }
    guard let first = contents.first else {
      throw FigureOmission(reason: "no clipped trial of \(setting.label) has gradients")
    }
    let others = rules.filter { !shown.contains($0) }
    let styles = (before: CurveStyle(.black, [], 7), after: CurveStyle(.vermillion, [12, 5], 11))
    var plot = Plot(
      self, columns: Self.columns, title: "Gradient norms before and after clipping: \(setting.label)",
      statement: Self.statement(first.before, claim, settings: candidates.count),
      caption: FigureCaption(
        records, chosen, statistic: "median and quartiles",
        notes: rules.map(\.clip.kind).distinct.compactMap(\.meaning)
          + ["cosine of the gradients of all parameters with and without clipping"]
          + (others.isEmpty ? [] : ["not shown: \(Dimension.rules.list(others, among: rules))"])
          + Lags.note(first.trial.sequenceLength)),
      legend: Legend.each(["without clipping", "what the rule passes on"], [styles.before, styles.after])
        + Legend.entry("threshold of a step rule", .threshold, if: contents.contains { $0.threshold != nil }))
    let axis = PanelAxis.decades(
      "‖∂L/∂h_t‖ (whole batch)",
      contents.flatMap { $0.before.values + $0.after.values + [$0.threshold].compactMap { $0 } })
    for content in contents {
      var panel = Panel(
        content.trial.rule.name(among: rules.map(\.rule)), x: .lag(content.trial.sequenceLength), y: axis)
      if let threshold = content.threshold { panel.level(threshold, .threshold) }
      panel.notes = content.notes
      let fields = setting.fields + [.text(content.trial.clip.label)]
      panel.median(plot.append(content.before, fields + ["before"]), styles.before)
      panel.median(plot.append(content.after, fields + ["after"]), styles.after)
      plot.panels.append(panel)
    }
    return plot
  }

  private static func statement(_ before: SeedCurve, _ claim: DecayEstimate.Claim?, settings: Int) -> String {
    guard let first = before.first, let last = before.last else { return "" }
    let change =
      "norms go from \(Brief.factor(first.summary.median)) to \(Brief.factor(last.summary.median)) over "
      + "\(Brief.grouped(last.x)) steps back"
    let rank = settings > 1 ? ": the largest mean decay rate of the \(settings) clipped settings" : ""
    switch claim {
    case .explodes?, .grows?, nil: return "Without clipping \(change)\(rank)."
    default: return "Nothing is seen to explode; without clipping \(change)\(rank)."
    }
  }
}
