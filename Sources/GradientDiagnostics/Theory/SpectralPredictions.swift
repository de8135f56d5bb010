import Foundation
import RecurrentCells

/// The upper bound of Pascanu, Mikolov & Bengio on the slope of log10 ‖δ‖ against lag.
///
///     ‖∂h_T/∂h_t‖₂ ≤ (γ σ_max(W_hh))^{T−t},   γ = sup |φ'|
///
/// Below 0 the gradient must vanish; above 0 it may explode or vanish. Proved for the plain RNN alone: the path of a
/// gated cell through its gates has no such bound.
///
/// - Note: Source: Pascanu, Mikolov & Bengio, ICML 2013 (arXiv 1211.5063).
public struct PascanuBound: Sendable, Equatable {
  /// log10(γ σ_max) in decades per step.
  public let decadesPerStep: Double

  /// - Parameter largestSingularValue: σ_max(W_hh) ≥ 0.
  /// - Returns: nil for a gated cell.
  public init?(cell: CellKind, largestSingularValue: Double) {
    guard let activation = Activation(cell) else { return nil }
    decadesPerStep = log10(activation.largestSlope * largestSingularValue)
  }
}

/// The slope of log10 ‖δ‖ against lag far from T if the network were linear.
///
///     ‖(Wᵀ)^k‖^{1/k} → ρ(W)
///
/// Not a criterion: with a varying φ' gradients may explode at ρ < 1 and vanish at ρ > 1.
public struct LinearPrediction: Sendable, Equatable {
  /// log10 ρ(W_hh) in decades per step.
  public let decadesPerStep: Double

  /// - Parameter spectralRadius: ρ(W_hh) ≥ 0.
  /// - Returns: nil for a gated cell, whose gradient does not pass through W_hh alone.
  public init?(cell: CellKind, spectralRadius: Double) {
    if Activation(cell) == nil { return nil }
    decadesPerStep = log10(spectralRadius)
  }
}
