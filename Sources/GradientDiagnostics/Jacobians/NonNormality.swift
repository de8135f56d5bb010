import LinearAlgebra

/// How far powers of a W_hh block can grow before they follow its spectral radius.
public struct NonNormality: Sendable, Equatable {
  /// w(W), the numerical radius: ‖W^k‖₂ ≤ 2 w^k.
  public let numericalRadius: Double
  /// K(W) ≤ sup_k ‖W^k‖₂ ≤ e·H·K(W), an estimate from below; nil where powers grow without bound (ρ ≥ 1).
  public let kreissConstant: Double?
  /// sup_k ‖W^k‖₂ within ``powers`` steps, as log10, and the k where it is; nil for ρ ≥ 1.
  public let log10Peak: Double?
  public let peakPower: Int?
  /// The same of ‖W^k‖₂ / ρ^k: what non-normality adds to the linear prediction; nil for ρ = 0.
  public let log10TransientPeak: Double?
  public let transientPeakPower: Int?

  /// The highest power that is formed.
  public static let powers = 200

  /// - Throws: ``LinearAlgebraError``.
  /// - Complexity: O(H³), some hundred times: 0.2 s at H = 128.
  public init(of matrix: Matrix<Double>) throws(LinearAlgebraError) {
    numericalRadius = try matrix.numericalRadius()
    let kreiss = try matrix.kreissConstant()
    kreissConstant = kreiss.isFinite ? kreiss : nil
    let growth = try matrix.transientGrowth(upTo: Self.powers)
    log10Peak = growth.peakNorm?.log10
    peakPower = growth.peakPower
    log10TransientPeak = growth.relativePeak?.log10
    transientPeakPower = growth.relativePeakPower
  }
}
