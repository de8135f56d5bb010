import Experiments
import GradientFlow

/// What theory says of the decay rate at one point of a rate figure: the mean over seeds where it depends on them.
struct RateTheory: Sendable {
  static let columns = [
    "mean_field_low", "mean_field_high", "lyapunov_rate_mean", "forget_path_rate_mean", "tied_mean_field",
  ]

  /// What is drawn of a theory; in the order in which they are left out, the last first, where a legend would be long.
  /// The Pascanu bound, which lies far above all rates, is in the figure `theory`.
  enum Kind: CaseIterable { case meanField, lyapunov, tiedMeanField, linear, forgetPath }

  private let band: MeanFieldBand?
  private let means: [SlopePrediction: Double]
  private let isPlain: Bool

  /// - Parameter layers: those of one point, with all seeds. Theory speaks of networks of one layer, read forward.
  init(_ layers: [TrialLayer], _ records: RunRecords) throws {
    let plain = layers.filter { $0.hasPlainDecay && $0.hasOneLayer }
    let predictions = try plain.compactMap { layer in
      try records.record(layer).map { records.run.theory.predictions(layer.trial, $0) }
    }
    means = Dictionary(
      uniqueKeysWithValues: [SlopePrediction.lyapunov, .tiedMeanField, .forgetPath].compactMap { prediction in
        let values = predictions.compactMap { $0[prediction] }.filter(\.isFinite)
        return values.isEmpty ? nil : (prediction, values.reduce(0, +) / Double(values.count))
      })
    isPlain = !plain.isEmpty
    band = plain.first.flatMap { records.run.theory.band($0.trial) }
  }

  /// The fields of ``columns``.
  var fields: [Field] {
    [band?.lower, band?.upper, means[.lyapunov], means[.forgetPath], means[.tiedMeanField]].map { Field($0) }
  }

  func has(_ kind: Kind) -> Bool { kind == .linear ? isPlain : !values(kind).isEmpty }

  /// Where it is on the axis of rates; the linear prediction, which may run out of sight, nowhere.
  func values(_ kind: Kind) -> [Double] {
    switch kind {
    case .meanField: [band?.lower, band?.upper].compactMap { $0 }
    case .lyapunov: [means[.lyapunov]].compactMap { $0 }
    case .tiedMeanField: [means[.tiedMeanField]].compactMap { $0 }
    case .forgetPath: [means[.forgetPath]].compactMap { $0 }
    case .linear: []
    }
  }
}

extension RateTheory.Kind {
  /// Its entry in the legend, in the colour of the first curve that has it.
  func legend(_ color: PlotColor) -> Legend {
    switch self {
    case .meanField: Legend.entry("plain RNN: mean field", .area, style(color))
    case .lyapunov: Legend.entry("Lyapunov exponent λ_1 / ln 10", .points, style(.darkGrey), size: 1.6)
    case .tiedMeanField: Legend.entry("LSTM: tied dynamic mean field", .line, style(color))
    case .forgetPath: Legend.entry("LSTM: forget path (a reference)", .line, style(color))
    case .linear: Legend.entry("linear: log_{10} ρ", .reference)
    }
  }

  fileprivate func style(_ color: PlotColor) -> CurveStyle {
    switch self {
    case .meanField: CurveStyle(color, [], 0)
    case .lyapunov: CurveStyle(color, [], 6, width: 1.2)
    case .tiedMeanField: CurveStyle(color, [7, 4], 0, width: 1.3)
    case .forgetPath: CurveStyle(color, [2, 3], 0, width: 1.8)
    case .linear: Pen.reference.style
    }
  }
}

extension Panel {
  /// Draws what theory says of a curve, as far as its points are joined.
  mutating func theory(
    _ kind: RateTheory.Kind, _ block: DataBlock?, x: Coordinate, runs: [Range<Int>], _ color: PlotColor
  ) {
    guard let block else { return }
    let style = kind.style(color)
    func add(_ form: Mark.Form, _ column: Coordinate) {
      for run in runs where run.count > 1 {
        marks.append(Mark(form: form, source: .block(block), x: x, y: column, style: style, rows: run))
      }
    }
    switch kind {
    case .meanField: add(.band(low: "mean_field_low", high: "mean_field_high"), "mean_field_low")
    case .tiedMeanField: add(.line, "tied_mean_field")
    case .forgetPath: add(.line, "forget_path_rate_mean")
    case .lyapunov: points(block, x: x, y: "lyapunov_rate_mean", style, size: 1.6)
    case .linear: break
    }
  }
}
