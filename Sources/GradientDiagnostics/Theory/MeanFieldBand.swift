import LinearAlgebra
import RecurrentCells

/// The mean-field slope of a plain RNN whose W_hh was rescaled to a spectral radius ρ, as a band.
///
/// Rescaling to ρ exactly is not σ_w = ρ: a drawn matrix of N units has a spectral radius of ρ_N, not 1. Which of the
/// two a network follows depends on how far its gradients travel; medians of simulated ones lie between the
/// ``MeanField`` of σ_w = ρ/ρ_N and that of σ_w = ρ.
///
/// - Note: For W_hh of ``Initializer/orthogonal`` both are the same. The identity is not a random matrix, and gated
///   cells have no such prediction: nil.
public struct MeanFieldBand: Sendable, Equatable {
  /// Slopes of log10 ‖δ‖ against lag in decades per step, lower ≤ upper.
  public let lower, upper: Double

  /// - Parameters:
  ///   - spectralRadius: ρ ≥ 0 to which W_hh was scaled.
  ///   - hiddenSize: N ≥ 1.
  ///   - inputScale: s, standard deviation of a unit's input current.
  ///   - biasScale: σ_b.
  /// - Returns: nil for gated cells and for `identity`.
  public init?(
    cell: CellKind, spectralRadius: Double, hiddenSize: Int, inputScale: Double, biasScale: Double = 0,
    initializer: Initializer = .gaussian
  ) {
    guard let activation = Activation(cell),
      let scales = initializer.recurrentScales(spectralRadius: spectralRadius, hiddenSize: hiddenSize)
    else { return nil }
    let slopes = [scales.lowerBound, scales.upperBound].map {
      MeanField(activation: activation, recurrentScale: $0, inputScale: inputScale, biasScale: biasScale)
        .decadesPerStep
    }
    lower = min(slopes[0], slopes[1])
    upper = max(slopes[0], slopes[1])
  }
}
