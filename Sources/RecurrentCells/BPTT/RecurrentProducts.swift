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
  /// The same two for steps that fewer than B sequences have, by their number; empty where none is.
  private let fewer: AlignedBuffer<StepProducts<Element>>
  /// For segments of the plan's length and for a shorter last one.
  @usableFromInline let whole, last: SegmentProducts<Element>
  /// For segments of any number of rows, as sequences of different lengths have them.
  private let parts: PartedProducts<Element>?

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
    fewer = AlignedBuffer(count: shape.lengths == nil ? 0 : shape.batch)
    for count in shape.smallerCounts {
      fewer.base[count] = StepProducts(
        count: count, rows: rows, hidden: shape.hiddenSize, bypassesWeights: bypassesWeights)
    }
    whole = SegmentProducts(count: plan.length * shape.batch, rows: rows, shape: shape)
    let rest = (shape.steps - (plan.count - 1) * plan.length) * shape.batch
    last =
      rest == whole.count || shape.lengths != nil
      ? whole : SegmentProducts(count: rest, rows: rows, shape: shape)
    parts =
      shape.lengths == nil ? nil : PartedProducts(plan.largestRowCount(of: shape), rows: rows, shape: shape)
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

  /// currents [count, G·H] += x W_ihᵀ, over the rows of a segment.
  @inlinable
  func project(_ x: UnsafePointer<Element>, count: Int, into currents: UnsafeMutablePointer<Element>) {
    if count == whole.count { return whole.projection(x, weightIHTransposed.base, into: currents) }
    if count == last.count { return last.projection(x, weightIHTransposed.base, into: currents) }
    projectParts(x, count, currents)
  }

  /// (∂L/∂W_hh)ᵀ [H, G·H] += hᵀ γ, over the rows of a segment.
  @inlinable
  func addWeightHH(
    _ hidden: UnsafePointer<Element>, _ gamma: UnsafePointer<Element>, count: Int,
    into sum: UnsafeMutablePointer<Element>
  ) {
    if count == whole.count { return whole.weightHH(hidden, gamma, into: sum) }
    if count == last.count { return last.weightHH(hidden, gamma, into: sum) }
    addParts(hidden, gamma, count, isInput: false, sum)
  }

  /// (∂L/∂W_ih)ᵀ [I, G·H] += xᵀ γ, over the rows of a segment.
  @inlinable
  func addWeightIH(
    _ x: UnsafePointer<Element>, _ gamma: UnsafePointer<Element>, count: Int,
    into sum: UnsafeMutablePointer<Element>
  ) {
    if count == whole.count { return whole.weightIH(x, gamma, into: sum) }
    if count == last.count { return last.weightIH(x, gamma, into: sum) }
    addParts(x, gamma, count, isInput: true, sum)
  }

  @usableFromInline
  func projectParts(
    _ x: UnsafePointer<Element>, _ count: Int, _ currents: UnsafeMutablePointer<Element>
  ) {
    guard let parts else { preconditionFailure("no segment has \(count) rows") }
    parts.projection(rows: count, x, weightIHTransposed.base, into: currents)
  }

  @usableFromInline
  func addParts(
    _ rows: UnsafePointer<Element>, _ gamma: UnsafePointer<Element>, _ count: Int, isInput: Bool,
    _ sum: UnsafeMutablePointer<Element>
  ) {
    guard let parts else { preconditionFailure("no segment has \(count) rows") }
    (isInput ? parts.weightIH : parts.weightHH)(rows: count, rows, gamma, into: sum)
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

  init(count: Int, rows: Int, shape: SequenceShape) {
    self.count = count
    projection = MatrixProduct(m: count, n: rows, k: shape.inputSize, accumulates: true)
    weightHH = MatrixProduct(
      m: shape.hiddenSize, n: rows, k: count, transposeA: true, accumulates: true)
    weightIH = MatrixProduct(
      m: shape.inputSize, n: rows, k: count, transposeA: true, accumulates: true)
  }
}

/// The same for segments of any number of rows.
private struct PartedProducts<Element: Scalar>: Sendable {
  let projection, weightHH, weightIH: ProductInParts<Element>

  init(_ largest: Int, rows: Int, shape: SequenceShape) {
    projection = ProductInParts(rows: largest, n: rows, k: shape.inputSize, accumulates: true)
    weightHH = ProductInParts(sumOf: largest, m: shape.hiddenSize, n: rows)
    weightIH = ProductInParts(sumOf: largest, m: shape.inputSize, n: rows)
  }
}
