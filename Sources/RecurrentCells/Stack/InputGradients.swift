import LinearAlgebra

/// Records ∂L/∂x_t of a backward pass, which a layer below takes as its own upstream gradient.
///
///     ∂L/∂x_t[b] = γ_t[b] W_ih · 2^exponents[t − 1, b]
///
/// A copy of the probe records into the same memory.
///
/// - Complexity: 2·B·G·H·I operations a step, T·B·I memory.
public struct InputGradients<Element: Scalar>: BackwardProbe {
  private final class Rows {
    let values: AlignedBuffer<Element>
    let exponents: AlignedBuffer<Int>

    init(steps: Int, batch: Int, inputSize: Int) {
      values = AlignedBuffer(count: steps * batch * inputSize)
      exponents = AlignedBuffer(count: steps * batch)
    }
  }

  private let rows: Rows
  private let weight: Matrix<Element>
  private let product: MatrixProduct<Element>

  /// - Parameter parameters: those of the cell that the pass is of.
  public init(shape: SequenceShape, parameters: RecurrentParameters<Element>) {
    rows = Rows(steps: shape.steps, batch: shape.batch, inputSize: shape.inputSize)
    weight = parameters.weightIH
    product = MatrixProduct(m: shape.batch, n: shape.inputSize, k: weight.rows, accumulates: false)
  }

  /// Mantissas [T, B, I].
  public var values: [Element] { rows.values.array() }
  /// Powers of two [T, B].
  public var exponents: [Int] { rows.exponents.array() }

  public mutating func arrive(_ arrival: GradientArrival<Element>) {}

  public mutating func step(_ step: GradientStep<Element>) {
    let first = (step.time - 1) * step.batch
    product(step.preactivation, weight.values, into: rows.values.base + first * step.inputSize)
    (rows.exponents.base + first).update(from: step.exponents, count: step.batch)
  }
}
