import GradientFlow

/// A measured decay rate beside what theory predicts, in decades per step.
package struct TheoryResult: Sendable {
  package let predictions: SlopePredictions
  /// nil if theory does not apply to it.
  package let measured: Double?
}

/// The columns of `trials.csv` that compare the decay rate with theory.
///
/// The two predictions measured along the trajectory are in `lyapunov_rate` and `forget_path_rate`.
extension TheoryResult: ColumnSource {
  package static let columns: [Column<TheoryResult, Double?>] =
    [
      predicted("log10_rho", .linear, "log10 of the measured spectral radius."),
      predicted(
        "pascanu_bound", .pascanuBound,
        "Upper bound of Pascanu et al. (2013) from the largest singular value."),
      predicted("mean_field_low", .meanFieldLower, "Lower end of the mean field's band."),
      predicted("mean_field_high", .meanFieldUpper, "Upper end of the mean field's band."),
      predicted("tied_mean_field", .tiedMeanField, "Dynamic mean field of an LSTM with tied weights."),
    ]
    + [
      residual("log10_rho", .linear), residual("pascanu_bound", .pascanuBound),
      residual("mean_field", .meanFieldLower), residual("lyapunov", .lyapunov),
      residual("forget_path", .forgetPath), residual("tied_mean_field", .tiedMeanField),
    ]

  private static func predicted(
    _ name: String, _ prediction: SlopePrediction, _ summary: String
  ) -> Column<TheoryResult, Double?> {
    Column("predicted_" + name, summary) { $0.predictions[prediction] }
  }

  private static func residual(_ name: String, _ prediction: SlopePrediction) -> Column<TheoryResult, Double?>
  {
    Column("residual_" + name, "Measured minus predicted rate; for a band, the distance outside it.") {
      $0.predictions.residual(prediction, of: $0.measured)
    }
  }
}
