import LinearAlgebra
import RecurrentCells

/// ⟨G_t, M⟩ of each step's contribution G_t = Σ_b γ_t[b] h_{t−1}[b]ᵀ to ∂L/∂W_hh with a given matrix M, over one
/// backward pass.
///
///     ⟨G_t, M⟩ = Σ_b γ_t[b] · (M h_{t−1}[b])
///
/// - Complexity: 2·B·G·H² operations a step.
struct StepProducts<Element: Scalar>: BackwardProbe, ~Copyable {
  private let batch, hidden, rows: Int
  private let matrix: Matrix<Element>
  private let product: AlignedBuffer<Element>
  /// Values and their powers of two, t = 1…T.
  private(set) var values: [Double]
  private(set) var exponents: [Int]

  /// - Parameter matrix: M [G·H, H], with entries of ordinary size.
  init(shape: SequenceShape, matrix: Matrix<Element>) {
    (batch, hidden, rows) = (shape.batch, shape.hiddenSize, matrix.rows)
    self.matrix = matrix
    product = AlignedBuffer(count: batch * matrix.rows)
    values = Array(repeating: 0, count: shape.steps)
    exponents = Array(repeating: 0, count: shape.steps)
  }

  mutating func step(_ step: GradientStep<Element>) {
    let gamma = step.recurrentPreactivation
    // M h for every b
    Element.multiply(
      transposeB: true, m: step.tape.batch, n: rows, k: hidden, step.tape.previousHidden, matrix.values,
      into: product.base)
    var (sum, top) = (0.0, 0)
    for b in 0..<step.tape.batch {
      let part = Element.dot(rows, gamma.values + b * rows, product.base + b * rows)
      guard part != 0 else { continue }
      let exponent = gamma.exponents[b]
      if sum == 0 {
        top = exponent
      } else if exponent > top {
        (sum, top) = (sum * powerOfTwo(top - exponent), exponent)
      }
      sum += part * powerOfTwo(exponent - top)
    }
    values[step.tape.time - 1] = sum
    exponents[step.tape.time - 1] = top
  }
}
