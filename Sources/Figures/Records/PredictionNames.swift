import GradientFlow

/// What figures call a prediction of the slope, and how they draw it.
///
/// The mean field is a band between two predictions; the lower one stands for both.
struct PredictionNames {
  /// In a sentence, above a panel of its own, in a legend, and beside its number.
  let word, title, legend, symbol: String
  let style: CurveStyle
}

extension SlopePrediction {
  /// Those that are drawn, each once.
  static let drawn = allCases.filter { $0 != .meanFieldUpper }

  var names: PredictionNames {
    switch self {
    case .linear:
      PredictionNames(
        word: "log_{10} ρ", title: "linear: log_{10} ρ",
        legend: "linear prediction log_{10} ρ", symbol: "log_{10} ρ",
        style: CurveStyle(.black, [8, 4, 2, 4], 0, width: 1.1))
    case .pascanuBound:
      PredictionNames(
        word: "Pascanu bound", title: "Pascanu bound log_{10} γσ_{max}",
        legend: "Pascanu bound γσ_{max}, an upper bound", symbol: "log_{10} γσ_{max}",
        style: CurveStyle(.orange, [12, 5], 0, width: 1.6))
    case .meanFieldLower, .meanFieldUpper:
      PredictionNames(
        word: "mean field", title: "mean field ½ log_{10} χ",
        legend: "mean field, if W were random", symbol: "mean field",
        style: CurveStyle(.green, [2, 3], 0, width: 1.6))
    case .lyapunov:
      PredictionNames(
        word: "Lyapunov", title: "Lyapunov exponent λ_1 / ln 10",
        legend: "leading Lyapunov exponent", symbol: "λ_1 / ln 10",
        style: CurveStyle(.purple, [5, 3], 0, width: 1.6))
    case .forgetPath:
      PredictionNames(
        word: "forget path", title: "LSTM: forget path",
        legend: "forget path (a reference, not a bound)", symbol: "mean log_{10} f",
        style: CurveStyle(.blue, [12, 4, 3, 4], 0, width: 1.6))
    case .tiedMeanField:
      PredictionNames(
        word: "tied mean field", title: "LSTM: tied mean field",
        legend: "dynamic mean field, if W were random", symbol: "dynamic mean field",
        style: CurveStyle(.skyBlue, [16, 4], 0, width: 1.6))
    }
  }
}

extension SlopePredictions {
  /// The ends of what is predicted: of a band the lower and the upper, of a number the same twice.
  func ends(_ prediction: SlopePrediction) -> (low: Double, high: Double)? {
    guard let low = self[prediction] else { return nil }
    return prediction == .meanFieldLower ? self[.meanFieldUpper].map { (low, $0) } : (low, low)
  }
}
