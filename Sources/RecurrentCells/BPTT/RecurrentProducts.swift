import LinearAlgebra

/// The matrix products of a pass, prepared once for its shape, and the weights as they want them.
///
///     W_hh h_{t−1}, γ_t W_hh     a step at a time
///     W_ih x_t, Σ_t γ_tᵀ h_{t−1}, Σ_t γ_tᵀ x_t     a segment at a time
///
/// Rows of the batch are rows of every operand, so W_hh and W_ih stand transposed for the way forward, and weight
/// gradients come out transposed: then the long G·H axis is the one that fills vectors, however small I and B are.
@usableFromInline
struct RecurrentProducts<Element: Scalar>: ~Copyable {
  /// W_hhᵀ [H, G·H], W_ihᵀ [I, G·H] and W_hh [G·H, H].
  @usableFromInline let weightHHTransposed, weightIHTransposed, weightHH: AlignedBuffer<Element>
  /// currents [B, G·H] += h_{t−1} W_hhᵀ.
  @usableFromInline let recurrent: MatrixProduct<Element>
  /// δ_{t−1} [B, H] = γ_t W_hh, or += where something is there already.
  @usableFromInline let backward: MatrixProduct<Element>
  /// For segments of the plan's length and for a shorter last one.
  @usableFromInline let whole, last: SegmentProducts<Element>

  @usableFromInline
  init(
    parameters: RecurrentParameters<Element>, shape: SequenceShape, plan: SegmentPlan,
    bypassesWeights: Bool
  ) {
    let rows = parameters.weightHH.rows
    weightHHTransposed = AlignedBuffer(uninitializedCount: parameters.weightHH.values.count)
    weightIHTransposed = AlignedBuffer(uninitializedCount: parameters.weightIH.values.count)
    weightHH = AlignedBuffer(uninitializedCount: parameters.weightHH.values.count)
    recurrent = MatrixProduct(m: shape.batch, n: rows, k: shape.hiddenSize, accumulates: true)
    backward = MatrixProduct(m: shape.batch, n: shape.hiddenSize, k: rows, accumulates: bypassesWeights)
    whole = SegmentProducts(steps: plan.length, rows: rows, shape: shape)
    let rest = shape.steps - (plan.count - 1) * plan.length
    last = rest == plan.length ? whole : SegmentProducts(steps: rest, rows: rows, shape: shape)
    load(parameters)
  }

  /// Takes other weights of the same shape.
  @usableFromInline
  func load(_ parameters: RecurrentParameters<Element>) {
    let (hh, ih) = (parameters.weightHH, parameters.weightIH)
    weightHH.base.update(from: hh.values, count: hh.values.count)
    Element.transpose(rows: hh.rows, columns: hh.columns, hh.values, into: weightHHTransposed.base)
    Element.transpose(rows: ih.rows, columns: ih.columns, ih.values, into: weightIHTransposed.base)
  }

  /// Those for a segment of so many steps.
  @inlinable
  func segment(of steps: Int) -> SegmentProducts<Element> { steps == whole.steps ? whole : last }
}

/// The products over all steps of a segment, S·B rows.
@usableFromInline
struct SegmentProducts<Element: Scalar>: Sendable {
  /// S.
  @usableFromInline let steps: Int
  /// currents [S·B, G·H] += x W_ihᵀ.
  @usableFromInline let projection: MatrixProduct<Element>
  /// (∂L/∂W_hh)ᵀ [H, G·H] += hᵀ γ and (∂L/∂W_ih)ᵀ [I, G·H] += xᵀ γ.
  @usableFromInline let weightHH, weightIH: MatrixProduct<Element>

  init(steps: Int, rows: Int, shape: SequenceShape) {
    self.steps = steps
    let count = steps * shape.batch
    projection = MatrixProduct(m: count, n: rows, k: shape.inputSize, accumulates: true)
    weightHH = MatrixProduct(
      m: shape.hiddenSize, n: rows, k: count, transposeA: true, accumulates: true)
    weightIH = MatrixProduct(
      m: shape.inputSize, n: rows, k: count, transposeA: true, accumulates: true)
  }
}
