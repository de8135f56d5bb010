import Experiments
import GradientFlow

/// What theory says of the decay rate at one point of a rate figure: the mean over seeds where it depends on them.
struct RateTheory: Sendable {
  static let columns = [
    "mean_field_low", "mean_field_high", "lyapunov_rate_mean", "forget_path_rate_mean",
    "tied_mean_field", "pascanu_bound_mean",
  ]

  private let band: MeanFieldBand?
  private let lyapunov, forgetPath, tied, bound: Double?

  /// - Parameter trials: those of one cell variant and radius, with all seeds.
  init(_ trials: [TrialParameters], _ records: RunRecords) throws {
    var found: [SlopePrediction: [Double]] = [:]
    for trial in trials where trial.hasPlainDecay {
      guard let record = try records.record(trial) else { continue }
      let predictions = records.run.theory.predictions(trial, record)
      for prediction in SlopePrediction.allCases {
        if let value = predictions[prediction], value.isFinite {
          found[prediction, default: []].append(value)
        }
      }
    }
    func mean(_ prediction: SlopePrediction) -> Double? {
      found[prediction].map { $0.reduce(0, +) / Double($0.count) }
    }
    lyapunov = mean(.lyapunov)
    forgetPath = mean(.forgetPath)
    tied = mean(.tiedMeanField)
    bound = mean(.pascanuBound)
    band = trials.first.flatMap { $0.hasPlainDecay ? records.run.theory.band($0) : nil }
  }

  var fields: [String] {
    [band?.lower, band?.upper, lyapunov, forgetPath, tied, bound].map { CSVField.number($0) }
  }

  /// What is to be in sight. The bound, which lies far above, need not.
  var shown: [Double] { [lyapunov, forgetPath, tied, band?.lower, band?.upper].compactMap { $0 } }

  /// A band below, then lines and marks, of one variant.
  static func elements(_ points: [RateTheory], using: String, style: CurveStyle) -> [String] {
    let color = "linecolor rgb '\(style.color.rawValue)'"
    var elements: [String] = []
    if points.contains(where: { $0.band != nil }) {
      elements.append(
        "for [i=1:bands] \(using):mean_field_low:mean_field_high with filledcurves "
          + "fillcolor rgb '\(style.color.rawValue)' notitle")
    }
    if points.contains(where: { $0.bound != nil }) {
      elements.append("\(using):pascanu_bound_mean with lines \(color) \(boundLine) notitle")
    }
    if points.contains(where: { $0.forgetPath != nil }) {
      elements.append("\(using):forget_path_rate_mean with lines \(color) \(forgetLine) notitle")
    }
    if points.contains(where: { $0.tied != nil }) {
      elements.append("\(using):tied_mean_field with lines \(color) \(tiedLine) notitle")
    }
    if points.contains(where: { $0.lyapunov != nil }) {
      elements.append("\(using):lyapunov_rate_mean with points \(color) \(lyapunovMark) notitle")
    }
    return elements
  }

  /// One entry for each kind that is drawn, in the colour of the first variant or grey.
  ///
  /// - Parameter points: those with a rate, the only ones that are drawn.
  static func legend(_ points: [RateTheory]) -> [FigurePage.LegendEntry] {
    let grey = "linecolor rgb '#444444'"
    var entries: [FigurePage.LegendEntry] = []
    func add(_ title: String, _ style: String, if isDrawn: (RateTheory) -> Bool) {
      if points.contains(where: isDrawn) { entries.append(.init(title: title, style: style)) }
    }
    add("mean field of a plain RNN, σ_w from ρ/ρ_N to ρ", "with filledcurves fillcolor rgb '#0072B2'") {
      $0.band != nil
    }
    add("Lyapunov exponent λ_1 / ln 10", "with points \(grey) \(lyapunovMark)") { $0.lyapunov != nil }
    add("LSTM: tied dynamic mean field", "with lines \(grey) \(tiedLine)") { $0.tied != nil }
    add("LSTM: forget path (a reference, not a bound)", "with lines \(grey) \(forgetLine)") {
      $0.forgetPath != nil
    }
    add("plain RNN: at most log10 σ_{max} (Pascanu)", "with lines \(grey) \(boundLine)") { $0.bound != nil }
    return entries
  }

  private static let lyapunovMark = "pointtype 6 pointsize 1.9 linewidth 1.2"
  private static let tiedLine = "linewidth 1.2 dashtype (6,3)"
  private static let forgetLine = "linewidth 1.8 dashtype (2,3)"
  private static let boundLine = "linewidth 1.2 dashtype (10,3,2,3,2,3)"
}
