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
  /// B, and the same two for steps that fewer sequences have, by their number; empty where none is.
  private let batch: Int
  private let fewer: AlignedBuffer<StepProducts<Element>>
  /// For segments of the plan's length and for a shorter last one.
  @usableFromInline let whole, last: SegmentProducts<Element>
  private let rows: Int
  private let shape: SequenceShape

  @usableFromInline
  init(
    parameters: RecurrentParameters<Element>, shape: SequenceShape, plan: SegmentPlan,
    bypassesWeights: Bool
  ) {
    let rows = parameters.weightHH.rows
    (batch, self.rows, self.shape) = (shape.batch, rows, shape)
    weightHHTransposed = AlignedBuffer(uninitializedCount: parameters.weightHH.values.count)
    weightIHTransposed = AlignedBuffer(uninitializedCount: parameters.weightIH.values.count)
    weightHH = AlignedBuffer(uninitializedCount: parameters.weightHH.values.count)
    recurrent = MatrixProduct(m: shape.batch, n: rows, k: shape.hiddenSize, accumulates: true)
    backward = MatrixProduct(m: shape.batch, n: shape.hiddenSize, k: rows, accumulates: bypassesWeights)
    fewer = AlignedBuffer(count: shape.lengths == nil ? 0 : shape.batch)
    let counts = Set((1...shape.steps).map { shape.count(at: $0) }).subtracting([shape.batch])
    for count in counts {
      fewer.base[count] = StepProducts(
        count: count, rows: rows, hidden: shape.hiddenSize, bypassesWeights: bypassesWeights)
    }
    // Of sequences of different lengths every segment may have its own number of rows.
    let generates = shape.lengths == nil
    whole = SegmentProducts(
      count: plan.length * shape.batch, rows: rows, shape: shape, generates: generates)
    let rest = (shape.steps - (plan.count - 1) * plan.length) * shape.batch
    last =
      rest == whole.count
      ? whole : SegmentProducts(count: rest, rows: rows, shape: shape, generates: generates)
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

  /// Those of a step that fewer than B sequences have.
  @usableFromInline
  func step(of count: Int) -> StepProducts<Element> { fewer.base[count] }

  /// Those for a segment of so many rows.
  @inlinable
  func segment(of count: Int) -> SegmentProducts<Element> {
    count == whole.count ? whole : count == last.count ? last : raggedSegment(of: count)
  }

  @usableFromInline
  func raggedSegment(of count: Int) -> SegmentProducts<Element> {
    SegmentProducts(count: count, rows: rows, shape: shape, generates: false)
  }
}

/// The products of a step.
@usableFromInline
struct StepProducts<Element: Scalar>: Sendable, BitwiseCopyable {
  @usableFromInline let recurrent, backward: MatrixProduct<Element>

  init(count: Int, rows: Int, hidden: Int, bypassesWeights: Bool) {
    recurrent = MatrixProduct(m: count, n: rows, k: hidden, accumulates: true)
    backward = MatrixProduct(m: count, n: hidden, k: rows, accumulates: bypassesWeights)
  }
}

/// The products over all rows of a segment.
@usableFromInline
struct SegmentProducts<Element: Scalar>: Sendable {
  /// R, of equal lengths S·B.
  @usableFromInline let count: Int
  /// currents [R, G·H] += x W_ihᵀ.
  @usableFromInline let projection: MatrixProduct<Element>
  /// (∂L/∂W_hh)ᵀ [H, G·H] += hᵀ γ and (∂L/∂W_ih)ᵀ [I, G·H] += xᵀ γ.
  @usableFromInline let weightHH, weightIH: MatrixProduct<Element>

  init(count: Int, rows: Int, shape: SequenceShape, generates: Bool) {
    self.count = count
    projection = MatrixProduct(
      m: count, n: rows, k: shape.inputSize, accumulates: true, generates: generates)
    weightHH = MatrixProduct(
      m: shape.hiddenSize, n: rows, k: count, transposeA: true, accumulates: true, generates: generates)
    weightIH = MatrixProduct(
      m: shape.inputSize, n: rows, k: count, transposeA: true, accumulates: true, generates: generates)
  }
}
