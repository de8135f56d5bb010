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
    /// For steps whose γ has an exponent for each component; made when first needed.
    var wide: WideProduct?

    init(steps: Int, batch: Int, inputSize: Int) {
      values = AlignedBuffer(count: steps * batch * inputSize)
      exponents = AlignedBuffer(count: steps * batch)
    }
  }

  private final class WideProduct {
    let matrix: WideMatrix
    let result: WideRows

    init(_ weight: Matrix<Element>, batch: Int) {
      matrix = WideMatrix(
        Element.doubles(weight.values), rows: weight.rows, columns: weight.columns, count: batch)
      result = WideRows(count: batch, width: weight.columns)
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

  public static var seesComponents: Bool { true }

  public mutating func step(_ step: GradientStep<Element>) {
    let (tape, gamma) = (step.tape, step.preactivation)
    let first = (tape.time - 1) * tape.batch
    let (target, powers) = (rows.values.base + first * tape.inputSize, rows.exponents.base + first)
    if let components = gamma.wide {
      let wide = rows.wide ?? WideProduct(weight, batch: tape.batch)
      rows.wide = wide
      wide.matrix.multiply(components, into: wide.result, accumulates: false)
      wide.result.store(into: target, exponents: powers)
    } else {
      product(gamma.values, weight.values, into: target)
      powers.update(from: gamma.exponents, count: tape.batch)
    }
  }
}
