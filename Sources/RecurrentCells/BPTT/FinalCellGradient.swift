import LinearAlgebra

/// ∂L/∂c_T as it comes from what reads the final cell state: a decoder that starts from it.
///
///     ∂L/∂c_T[b] = values[b, ·] · 2^exponents[b]
///
/// It joins what ∂L/∂h_T brings to c_T; that of h_T itself comes as an ``UpstreamGradient`` at the final step.
public struct FinalCellGradient<Element: Scalar>: Sendable {
  /// Mantissas [B, H].
  public let values: [Element]
  /// Powers of two [B].
  public let exponents: [Int]

  /// - Parameter exponents: nil where all are 0.
  public init(values: [Element], exponents: [Int]? = nil, batch: Int) {
    precondition(
      (exponents?.count ?? batch) == batch, "\(exponents?.count ?? 0) exponents for B = \(batch)")
    self.values = values
    self.exponents = exponents ?? Array(repeating: 0, count: batch)
  }
}
