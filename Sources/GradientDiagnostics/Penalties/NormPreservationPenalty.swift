import LinearAlgebra
import RecurrentCells

/// Pascanu's norm-preserving regulariser in training: α Ω joins the loss, and α ∂Ω/∂W_hh the gradient before it is
/// clipped.
///
/// - Note: Source: Pascanu, Mikolov & Bengio 2013 (arXiv 1211.5063), §3.3 and their released code.
public struct NormPreservationPenalty: Sendable, Hashable {
  /// Which of the two it is.
  public enum Form: String, Sendable, CaseIterable {
    /// Ω = (1/B) Σ_{t,b} (r_t[b] − 1)², summed over the steps: the paper's equation 9.
    case ratio = "omega"
    /// The mean of (r_t[b]² − 1)² over steps and examples whose ‖δ‖² ≥ 1e-20: the released code.
    case squaredRatio = "omega-squared"
  }

  public let form: Form
  /// α > 0.
  public let weight: Double

  public init(form: Form, weight: Double) {
    self.form = form
    self.weight = weight
  }

  /// As text: `omega-squared:4`.
  public var label: String { "\(form.rawValue):\(weight.shortestDecimal)" }

  /// ‖δ‖ below which a step has no part in it.
  package var bound: Double { form == .ratio ? 0 : 1e-10 }

  /// The probe that computes it.
  package func probe<Element: Scalar>(_ shape: SequenceShape) -> NormPreservation<Element> {
    NormPreservation(shape: shape, forms: [form], bound: bound)
  }

  /// Ω as the form has it, without α; and α ∂Ω/∂W_hh.
  package func value<Element: Scalar>(
    _ probe: borrowing NormPreservation<Element>, batch: Int
  ) -> (omega: Double, gradient: ScaledArray<Element>) {
    switch form {
    case .ratio:
      return (
        probe.penalty, ScaledArray(values: probe.gradient.values).scaled(by: weight)
      )
    case .squaredRatio:
      let share = probe.count == 0 ? 0 : Double(batch) / Double(probe.count)
      return (
        probe.squaredRatioPenalty * share,
        ScaledArray(values: probe.squaredRatioGradient.values).scaled(by: weight * share)
      )
    }
  }
}

extension ScaledArray {
  /// Every value times a number of either sign.
  @usableFromInline
  func scaled(by factor: Double) -> ScaledArray {
    var (factor, result) = (factor, self)
    Element.scaleRows(count: 1, width: values.count, scale: &factor, &result.values)
    return result
  }
}
