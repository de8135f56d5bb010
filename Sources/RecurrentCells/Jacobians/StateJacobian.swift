import LinearAlgebra

/// The Jacobian of one step, J_t = ∂s_t/∂s_{t−1} at fixed input, and its transpose, applied to k vectors at once.
/// The state s is h, or (h, c) side by side for a cell with c.
///
///     J_t v     the cell's tangent step after W_hh v_h
///     J_tᵀ u    its backward step, then γ W_hh: exactly what BPTT does, so the two are tested against each other
///
/// No matrix is formed. Vectors are rows [k, n], n = H or 2H.
///
/// - Complexity: 2·k·G·H² operations an application; no allocation.
public struct StateJacobian<Cell: RecurrentCell>: ~Copyable {
  public typealias Element = Cell.Element

  /// k.
  public let count: Int
  /// H.
  public let hiddenSize: Int
  /// n.
  @inlinable public var stateSize: Int { Cell.carriesCellState ? 2 * hiddenSize : hiddenSize }

  @usableFromInline let cell: Cell
  @usableFromInline let weightHH, weightHHTransposed: AlignedBuffer<Element>
  @usableFromInline let recurrent, backward: MatrixProduct<Element>
  /// [factorCount, k, H].
  @usableFromInline let factors: AlignedBuffer<Element>
  /// The two halves of the vectors before and after, [k, H].
  @usableFromInline let before, after, carry, kappa: AlignedBuffer<Element>
  /// [k, G·H], of both sides.
  @usableFromInline let current, currentHidden: AlignedBuffer<Element>

  /// - Parameter count: k ≥ 1.
  public init(cell: Cell, count: Int) {
    precondition(count >= 1, "no vectors")
    let weights = cell.parameters.weightHH
    let (rows, hidden) = (weights.rows, weights.columns)
    self.cell = cell
    self.count = count
    hiddenSize = hidden
    weightHH = AlignedBuffer(uninitializedCount: rows * hidden)
    weightHHTransposed = AlignedBuffer(uninitializedCount: rows * hidden)
    weightHH.base.update(from: weights.values, count: rows * hidden)
    Element.transpose(rows: rows, columns: hidden, weights.values, into: weightHHTransposed.base)
    recurrent = MatrixProduct(m: count, n: rows, k: hidden, accumulates: false)
    backward = MatrixProduct(m: count, n: hidden, k: rows, accumulates: Cell.bypassesWeights)
    let states = count * hidden
    factors = AlignedBuffer(count: Cell.factorCount * states)
    before = AlignedBuffer(count: states)
    after = AlignedBuffer(count: states)
    carry = AlignedBuffer(count: states)
    kappa = AlignedBuffer(count: states)
    current = AlignedBuffer(count: count * rows)
    currentHidden = AlignedBuffer(count: Cell.keepsCurrentsApart ? count * rows : 0)
  }

  /// Moves all k vectors to step t of the trajectory of batch element `element`.
  @inlinable
  public func load(_ step: TapeStep<Element>, element: Int) {
    load(factors: step.factors + element * hiddenSize, apart: step.batch * hiddenSize)
  }

  /// Moves all k vectors to a step with such factors, in place of a tape's: H of each, H or so many numbers apart.
  @inlinable
  public func load(factors row: UnsafePointer<Element>, apart stride: Int? = nil) {
    for factor in 0..<Cell.factorCount {
      Element.fillRows(
        count: count, width: hiddenSize, row + factor * (stride ?? hiddenSize), nil,
        into: factors.base + factor * count * hiddenSize)
    }
  }

  /// Moves vector j to step t of the trajectory of batch element j, j < k ≤ B.
  @inlinable
  public func loadEach(_ step: TapeStep<Element>) {
    precondition(count <= step.batch, "\(count) vectors on \(step.batch) trajectories")
    for factor in 0..<Cell.factorCount {
      (factors.base + factor * count * hiddenSize).update(
        from: step.factors + factor * step.batch * hiddenSize, count: count * hiddenSize)
    }
  }

  /// v ← J_t v, row by row of `vectors` [k, n].
  @inlinable
  public func apply(to vectors: UnsafeMutablePointer<Element>) {
    split(vectors)
    recurrent(before.base, weightHHTransposed.base, into: current.base)
    cell.tangent(TangentStep(of: self))
    join(vectors)
  }

  /// u ← J_tᵀ u, row by row of `vectors` [k, n].
  @inlinable
  public func applyTransposed(to vectors: UnsafeMutablePointer<Element>) {
    split(vectors)
    let hiddenSide = Cell.keepsCurrentsApart ? currentHidden.base : current.base
    cell.backward(
      BackwardStep(
        batch: count, hiddenSize: hiddenSize, delta: before.base, factors: factors.base,
        carry: carry.base, nextCarry: carry.base, kappa: kappa.base, gamma: current.base,
        gammaHidden: hiddenSide,
        bypass: after.base))
    backward(hiddenSide, weightHH.base, into: after.base)
    join(vectors)
  }

  /// Rows (h, c) into two blocks.
  @inlinable
  func split(_ vectors: UnsafePointer<Element>) {
    guard Cell.carriesCellState else {
      before.base.update(from: vectors, count: count * hiddenSize)
      return
    }
    for j in 0..<count {
      let row = vectors + j * 2 * hiddenSize
      (before.base + j * hiddenSize).update(from: row, count: hiddenSize)
      (carry.base + j * hiddenSize).update(from: row + hiddenSize, count: hiddenSize)
    }
  }

  @inlinable
  func join(_ vectors: UnsafeMutablePointer<Element>) {
    guard Cell.carriesCellState else {
      vectors.update(from: after.base, count: count * hiddenSize)
      return
    }
    for j in 0..<count {
      let row = vectors + j * 2 * hiddenSize
      row.update(from: after.base + j * hiddenSize, count: hiddenSize)
      (row + hiddenSize).update(from: carry.base + j * hiddenSize, count: hiddenSize)
    }
  }
}

extension TangentStep {
  /// All vectors of a Jacobian.
  @inlinable
  init<Cell: RecurrentCell>(of jacobian: borrowing StateJacobian<Cell>) where Cell.Element == Element {
    count = jacobian.count
    hiddenSize = jacobian.hiddenSize
    current = UnsafePointer(jacobian.current.base)
    previousHidden = UnsafePointer(jacobian.before.base)
    factors = UnsafePointer(jacobian.factors.base)
    cell = jacobian.carry.base
    hidden = jacobian.after.base
  }
}
