import Experiments
import GradientFlow

/// What theory says of the decay rate at one point of a rate figure: the mean over seeds where it depends on them.
struct RateTheory: Sendable {
  static let columns = [
    "mean_field_low", "mean_field_high", "lyapunov_rate_mean", "forget_path_rate_mean",
    "tied_mean_field", "pascanu_bound_mean",
  ]

  /// How a prediction is drawn: its column, `lines` or `points`, and what it is to readers.
  private struct Mark {
    let prediction: SlopePrediction
    let column, kind, style, title: String
  }

  /// In the order of the legend, from the front to the back.
  private static let marks = [
    Mark(
      prediction: .lyapunov, column: "lyapunov_rate_mean", kind: "points",
      style: "pointtype 6 pointsize 1.9 linewidth 1.2", title: SlopePrediction.lyapunov.names.title),
    Mark(
      prediction: .tiedMeanField, column: "tied_mean_field", kind: "lines",
      style: "linewidth 1.2 dashtype (6,3)", title: SlopePrediction.tiedMeanField.names.title),
    Mark(
      prediction: .forgetPath, column: "forget_path_rate_mean", kind: "lines",
      style: "linewidth 1.8 dashtype (2,3)", title: SlopePrediction.forgetPath.names.title),
    Mark(
      prediction: .pascanuBound, column: "pascanu_bound_mean", kind: "lines",
      style: "linewidth 1.2 dashtype (10,3,2,3,2,3)",
      title: "plain RNN: at most log10 σ_{max} (Pascanu)"),
  ]

  private let band: MeanFieldBand?
  private var means: [SlopePrediction: Double] = [:]

  /// - Parameter trials: those of one cell variant and radius, with all seeds.
  init(_ trials: [TrialParameters], _ records: RunRecords) throws {
    let plain = trials.filter(\.hasPlainDecay)
    let predictions = try plain.compactMap { trial in
      try records.record(trial).map { records.run.theory.predictions(trial, $0) }
    }
    for mark in Self.marks {
      let values = predictions.compactMap { $0[mark.prediction] }.filter(\.isFinite)
      if !values.isEmpty { means[mark.prediction] = values.reduce(0, +) / Double(values.count) }
    }
    band = trials.first.flatMap { $0.hasPlainDecay ? records.run.theory.band($0) : nil }
  }

  var fields: [String] {
    [
      band?.lower, band?.upper, means[.lyapunov], means[.forgetPath], means[.tiedMeanField],
      means[.pascanuBound],
    ].map { CSVField.number($0) }
  }

  /// What is to be in sight. The bound, which lies far above, need not.
  var shown: [Double] {
    means.filter { $0.key != .pascanuBound }.map(\.value) + [band?.lower, band?.upper].compactMap { $0 }
  }

  /// Draws a band below, then lines and marks, of one variant; all behind what is measured.
  static func draw(_ points: [RateTheory], _ block: DataBlock, _ style: CurveStyle, _ page: inout FigurePage)
  {
    func using(_ columns: String) -> String { block.using("spectral_radius:\(columns)") }
    if points.contains(where: { $0.band != nil }) {
      page.draw(
        "for [i=1:bands] \(using("mean_field_low:mean_field_high")) with filledcurves "
          + "fillcolor rgb '\(style.color.rawValue)'", .areas)
    }
    for mark in marks.reversed() where points.contains(where: { $0.means[mark.prediction] != nil }) {
      page.draw("\(using(mark.column)) with \(mark.kind) \(Pen.color(style)) \(mark.style)", .areas)
    }
  }

  /// One entry for each kind that is drawn, in the colour of the first variant or grey.
  ///
  /// - Parameter points: those with a rate, the only ones that are drawn.
  static func legend(_ points: [RateTheory]) -> Legend {
    Legend.entry(
      "mean field of a plain RNN, σ_w from ρ/ρ_N to ρ", "filledcurves fillcolor rgb '#0072B2'",
      if: points.contains { $0.band != nil })
      + marks.flatMap { mark in
        Legend.entry(
          mark.title, "\(mark.kind) \(Pen.grey) \(mark.style)",
          if: points.contains { $0.means[mark.prediction] != nil })
      }
  }
}
