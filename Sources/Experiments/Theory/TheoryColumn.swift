import GradientFlow

/// The columns of `trials.csv` that compare the decay rate with theory, in decades a step. Raw values are their names.
///
/// The two predictions that are measured along the trajectory stand in `lyapunov_rate` and `forget_path_rate`.
enum TheoryColumn: String, CaseIterable {
  case linear = "predicted_log10_rho"
  case pascanuBound = "predicted_pascanu_bound"
  case meanFieldLow = "predicted_mean_field_low"
  case meanFieldHigh = "predicted_mean_field_high"
  case tiedMeanField = "predicted_tied_mean_field"
  case linearResidual = "residual_log10_rho"
  case pascanuResidual = "residual_pascanu_bound"
  case meanFieldResidual = "residual_mean_field"
  case lyapunovResidual = "residual_lyapunov"
  case forgetPathResidual = "residual_forget_path"
  case tiedMeanFieldResidual = "residual_tied_mean_field"

  /// The value for a trial; nil where it does not exist.
  func value(_ predictions: SlopePredictions, measured: Double?) -> Double? {
    switch self {
    case .linear: return predictions[.linear]
    case .pascanuBound: return predictions[.pascanuBound]
    case .meanFieldLow: return predictions[.meanFieldLower]
    case .meanFieldHigh: return predictions[.meanFieldUpper]
    case .tiedMeanField: return predictions[.tiedMeanField]
    case .linearResidual: return predictions.residual(.linear, of: measured)
    case .pascanuResidual: return predictions.residual(.pascanuBound, of: measured)
    case .meanFieldResidual: return predictions.residual(.meanFieldLower, of: measured)
    case .lyapunovResidual: return predictions.residual(.lyapunov, of: measured)
    case .forgetPathResidual: return predictions.residual(.forgetPath, of: measured)
    case .tiedMeanFieldResidual: return predictions.residual(.tiedMeanField, of: measured)
    }
  }
}
