import Foundation
import RecurrentCells

// What the spectrum of W_hh says of a plain RNN. The gradient of a gated cell does not pass through W_hh alone.
extension Activation {
  /// The upper bound of Pascanu, Mikolov & Bengio on the slope of log10 ‖δ‖ against lag, in decades per step.
  ///
  ///     ‖∂h_T/∂h_t‖₂ ≤ (γ σ_max(W_hh))^{T−t},   γ = sup |φ'|
  ///
  /// Below 0 the gradient must vanish; above 0 it may explode or vanish.
  ///
  /// - Parameter largestSingularValue: σ_max(W_hh) ≥ 0.
  /// - Note: Source: Pascanu, Mikolov & Bengio, ICML 2013 (arXiv 1211.5063).
  public func pascanuBound(largestSingularValue: Double) -> Double {
    log10(largestSlope * largestSingularValue)
  }

  /// The slope of log10 ‖δ‖ against lag far from T if the network were linear, in decades per step.
  ///
  ///     ‖(Wᵀ)^k‖^{1/k} → ρ(W)
  ///
  /// Not a criterion: with a varying φ' gradients may explode at ρ < 1 and vanish at ρ > 1.
  ///
  /// - Parameter spectralRadius: ρ(W_hh) ≥ 0.
  public func linearPrediction(spectralRadius: Double) -> Double { log10(spectralRadius) }
}
