import Experiments
import Foundation
import GradientFlow

/// Norms before and after each clipping rule, where gradients explode most.
struct ClippingFigure: RunFigure {
  let name: FigureName = "clipping"
  let question = "What does clipping do to exploding gradients?"
  let stepColumns: Set<StepColumn> = [.hiddenUnclipped, .hiddenAfterClip]

  private static let panelLimit = 6
  private static let columns = [
    "cell", "forget_bias", "spectral_radius", "input_scale", "clip", "norm", "lag", "log10_median",
    "log10_q25", "log10_q75", "seeds",
  ]

  /// A point of the grid apart from rule and seed.
  private struct Setting: Hashable {
    let variant: CellVariant
    let radius, inputScale: Double

    init(_ p: TrialParameters) {
      (variant, radius, inputScale) = (CellVariant(p), p.spectralRadius, p.inputScale)
    }

    var label: String { "\(variant.label), ρ = \(CSVField.number(radius))" }
  }

  private struct Panel {
    let clip: GradientClip
    let before, after: SeedCurve
    let threshold: Double?
    let notes: [String]
  }

  func objection(to specification: SweepSpecification) -> String? {
    specification.values(of: .clip, \.clip).allSatisfy { $0 == .none }
      ? "the sweep has no clipping; set for example clip: [none, {step-norm: 1}]" : nil
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let slice = SweepSlice(records.run.trials, drawn: [.inputScale, .clip])
    guard let (setting, ratio) = try mostExploding(slice, records) else {
      throw FigureOmission(reason: "no finished trial of the longest sequences is clipped")
    }
    let chosen = SweepSlice(slice.trials.filter { Setting($0) == setting }, drawn: [.clip])
    let rules = chosen.trials.lazy.map(\.clip).distinct.filter { $0 != .none }
    let steps = chosen.trials.first?.sequenceLength ?? 0
    let panels = try rules.spread(Self.panelLimit).compactMap { rule in
      try panel(rule, chosen.trials.filter { $0.clip == rule }, records, steps: steps)
    }
    guard !panels.isEmpty else {
      throw FigureOmission(reason: "no clipped trial of \(setting.label) has gradients")
    }
    var page = FigurePage(
      self, columns: Self.columns, title: "Gradient norms before and after clipping: \(setting.label)",
      subtitle: statement(setting, ratio: ratio, steps: steps),
      caption: FigureCaption(records, chosen, statistic: "median and quartiles"),
      styles: [CurveStyle(.black, [], 7), CurveStyle(.vermillion, [12, 5], 11)],
      legend: Legend.each(["before: recursion without clipping", "after: what is passed on"])
        + Legend.entry("threshold of a step rule", "lines \(Pen.threshold)"),
      grid: GridLayout(slots: panels.indices))
    let axis = DecadeAxis(
      panels.flatMap { $0.before.values + $0.after.values + ($0.threshold.map { [$0] } ?? []) },
      headroom: 0.24)
    page.add(axis.functions + DecadeAxis.lagCommands(count: steps))
    for panel in panels {
      page.beginPanel(title(panel.clip), x: "lag T − t (steps)", y: "‖∂L/∂h_t‖ (whole batch)", axis: axis)
      if let threshold = panel.threshold { page.rule(at: threshold, Pen.threshold) }
      page.note(panel.notes, y: 0.97 - 0.065 * Double(panel.notes.count - 1) - 0.03)
      let fields =
        setting.variant.fields + [setting.radius, setting.inputScale].map { CSVField.number($0) }
        + [CSVField.text(panel.clip.label)]
      page.draw(panel.before, fields + ["before"], linetype: 1)
      page.draw(panel.after, fields + ["after"], linetype: 2)
      page.plot()
    }
    return page.finished()
  }

  /// The setting whose unclipped recursion grows most from t = T to t = 1, with the median over
  /// seeds of log10 of the growth.
  private func mostExploding(
    _ slice: SweepSlice, _ records: RunRecords
  ) throws -> (Setting, Double)? {
    var ratios: [Setting: [Double]] = [:]
    var clipped: Set<Setting> = []
    let settings = slice.trials.lazy.map(Setting.init).distinct
    for trial in slice.trials {
      guard let record = try records.record(trial) else { continue }
      if trial.clip != .none, record.status != .diverged { clipped.insert(Setting(trial)) }
      // Without a step rule the recursion itself is not clipped.
      guard trial.clip.stepClip == .none, let ratio = record.log10RatioFirstLast else { continue }
      ratios[Setting(trial), default: []].append(ratio)
    }
    for trial in slice.trials where ratios[Setting(trial)] == nil {
      guard let steps = try records.recordWithSteps(trial)?.steps,
        let first = steps[.hiddenUnclipped, 1], let last = steps[.hiddenUnclipped, steps.steps],
        !(first - last).isNaN
      else { continue }
      ratios[Setting(trial)] = [first - last]
    }
    let candidates = settings.filter(clipped.contains).map { setting in
      (setting, quantile(ratios[setting] ?? [], 0.5) ?? -.infinity)
    }
    return candidates.max { $0.1 < $1.1 }
  }

  private func panel(
    _ rule: GradientClip, _ trials: [TrialParameters], _ records: RunRecords, steps: Int
  ) throws -> Panel? {
    let found = try trials.compactMap(records.recordWithSteps)
    let tables = found.compactMap(\.steps)
    let lags = Lags.even(steps)
    let before = SeedCurve(seeds: tables.map { $0.byLag(.hiddenUnclipped) }, lags: lags)
    let after = SeedCurve(seeds: tables.map { $0.byLag(.hiddenAfterClip) }, lags: lags)
    guard !before.isEmpty else { return nil }
    let batch = Double(trials.first?.batchSize ?? 1)
    var threshold: Double?
    if case .stepNorm(let limit) = rule { threshold = log10(limit) }
    if case .stepNormExample(let limit) = rule { threshold = log10(limit) + 0.5 * log10(batch) }
    return Panel(
      clip: rule, before: before, after: after,
      threshold: threshold.flatMap { $0.isFinite ? $0 : nil }, notes: Self.notes(rule, found))
  }

  private static func notes(_ rule: GradientClip, _ records: [TrialRecord]) -> [String] {
    let fraction = quantile(records.compactMap(\.clipFraction), 0.5)
    let cosine = quantile(records.compactMap(\.clipCosine), 0.5)
    let percent = fraction.map { "\(CSVField.number(($0 * 1000).rounded() / 10)) %" } ?? "unknown"
    let direction =
      "cosine(before, after) "
      + (cosine.map { String(format: "%.3f", $0) } ?? "undefined: a gradient is 0")
    switch rule {
    case .none: return []
    case .globalNorm:
      return ["clipped \(percent) of gradients · \(direction)", "one coefficient scales every norm"]
    case .value:
      return [
        "clipped \(percent) of entries · \(direction)",
        "clamps entries of the summed parameter gradients;", "per-step norms do not change",
      ]
    case .stepNorm: return ["clipped \(percent) of steps · \(direction)"]
    case .stepNormExample:
      return [
        "clipped \(percent) of steps and batch elements · \(direction)",
        "line: every element at the threshold",
      ]
    }
  }

  private func title(_ clip: GradientClip) -> String {
    clip.kind.rawValue + (clip.threshold.map { ", threshold \(CSVField.number($0))" } ?? "")
  }

  private func statement(_ setting: Setting, ratio: Double, steps: Int) -> String {
    let over = "over \(max(0, steps - 1)) steps back"
    if ratio.isFinite, ratio > Foundation.log10(2) {
      return
        "Without clipping the norm grows by \(ratio < 2 ? "a factor of \(Brief.factor(ratio))" : Brief.power(ratio)) "
        + "\(over), the most among the clipped settings."
    }
    let change =
      ratio == -.infinity
      ? "it falls to exactly 0" : "the norm changes by a factor of \(Brief.factor(ratio))"
    return "Nothing explodes in this run; in the closest case, shown here, \(change) \(over)."
  }
}
