import LinearAlgebra
import RecurrentCells

/// Pascanu's norm-preserving regulariser Ω of a plain RNN, with its immediate gradient, over one backward pass.
///
///     r_t[b] = ‖(δ_{t+1}[b] ⊙ φ'(a_{t+1})) W_hh‖ / ‖δ_{t+1}[b]‖,    t = 0…T−1
///     Ω  = (1/B) Σ_{t,b} (r_t[b] − 1)²,       ∂Ω/∂W_hh  = (1/B) Σ 2 (r − 1) / (‖δ‖ ‖v‖) uᵀ v
///     Ω₂ = (1/B) Σ_{t,b} (r_t[b]² − 1)²,      ∂Ω₂/∂W_hh = (1/B) Σ 4 (r² − 1) / ‖δ‖² uᵀ v
///
/// with u = δ_{t+1} ⊙ φ', v = u W_hh; δ_{t+1} and φ' are held fixed. Steps whose δ is exactly zero have no ratio.
///
/// - Note: Source: Pascanu, Mikolov & Bengio, ICML 2013 (arXiv 1211.5063), §3.3, equations 9 and 10; the squared form is
///   that of the authors' released code.
/// - Complexity: 4·B·H² operations a step.
public struct NormPreservation: BackwardProbe, ~Copyable {
  public typealias Element = Double

  private let batch, hidden: Int
  private let weights: Matrix<Double>
  private let product, scaled, squaredScaled: AlignedBuffer<Double>
  /// ‖δ_{t+1}[b]‖ of the mantissas.
  private let norms: AlignedBuffer<Double>

  /// r_t[b] [T, B]; NaN where δ_{t+1}[b] is zero.
  public private(set) var ratios: [Double]
  /// Ω and Ω₂.
  public private(set) var penalty = 0.0, squaredRatioPenalty = 0.0
  /// ∂Ω/∂W_hh and ∂Ω₂/∂W_hh [H, H].
  public private(set) var gradient, squaredRatioGradient: Matrix<Double>

  /// - Parameter weightHH: W_hh of the plain RNN that the pass is of.
  public init(shape: SequenceShape, weightHH: Matrix<Double>) {
    precondition(weightHH.rows == weightHH.columns, "the penalty is that of a plain RNN")
    (batch, hidden) = (shape.batch, shape.hiddenSize)
    weights = weightHH
    product = AlignedBuffer(count: batch * hidden)
    scaled = AlignedBuffer(count: batch * hidden)
    squaredScaled = AlignedBuffer(count: batch * hidden)
    norms = AlignedBuffer(count: batch)
    ratios = Array(repeating: .nan, count: shape.steps * batch)
    gradient = Matrix(rows: hidden, columns: hidden)
    squaredRatioGradient = gradient
  }

  public mutating func arrive(_ arrival: GradientArrival<Double>) {
    norms.base.update(from: arrival.totalNorms, count: batch)
  }

  public mutating func step(_ step: GradientStep<Double>) {
    Double.multiply(
      transposeA: false, transposeB: false, m: batch, n: hidden, k: hidden, step.preactivation,
      lda: hidden, weights.values, ldb: hidden, beta: 0, product.base, ldc: hidden)
    for b in 0..<batch {
      let (v, norm) = (product.base + b * hidden, norms.base[b])
      var length = 0.0
      Double.rowNorms(count: 1, width: hidden, stride: hidden, v, into: &length)
      var (first, second) = (0.0, 0.0)
      if norm > 0 {
        let ratio = length / norm
        ratios[(step.time - 1) * batch + b] = ratio
        penalty += (ratio - 1) * (ratio - 1) / Double(batch)
        squaredRatioPenalty += (ratio * ratio - 1) * (ratio * ratio - 1) / Double(batch)
        first = 2 * (ratio - 1) / norm / Double(batch)
        second = 4 * (ratio * ratio - 1) / norm / Double(batch)
      }
      // v over its length before the rest: of a saturated step the product of both norms is below the range.
      for k in 0..<hidden {
        scaled.base[b * hidden + k] = length > 0 ? first * (v[k] / length) : 0
        squaredScaled.base[b * hidden + k] = norm > 0 ? second * (v[k] / norm) : 0
      }
    }
    let (u, size, count) = (step.preactivation, hidden, batch)
    outerProduct(u, scaled.base, size: size, count: count, into: &gradient)
    outerProduct(u, squaredScaled.base, size: size, count: count, into: &squaredRatioGradient)
  }
}

/// sum += uᵀ v over the batch.
private func outerProduct(
  _ u: UnsafePointer<Double>, _ v: UnsafePointer<Double>, size: Int, count: Int,
  into sum: inout Matrix<Double>
) {
  Double.multiply(
    transposeA: true, transposeB: false, m: size, n: size, k: count, u, lda: size, v, ldb: size, beta: 1,
    &sum.values, ldc: size)
}
