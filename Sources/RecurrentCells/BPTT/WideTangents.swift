import LinearAlgebra

/// Tangent vectors of a trajectory whose components have an exponent each: ``StateJacobian/apply(to:)`` where saturated
/// units or a diagonal W_hh take components, or whole vectors, out of the range.
///
///     v ← J_t v,   v = (dh, dc)
///
/// - Complexity: 2·k·G·H² operations a step in double precision, and some 20 ns a unit and gate.
public final class WideTangents<Cell: RecurrentCell> {
  private let count, hidden, gates: Int
  private let vectors, cells, currents, next: WideRows
  private let weight: WideMatrix
  private let factors: WideFactors<Cell>

  /// - Parameters:
  ///   - batch: B of the pass whose trajectories are followed.
  ///   - start: vectors [k, n] on the first k trajectories, n = H or, with c, 2H; k ≤ B. Of sequences of different lengths
  ///     they have every step.
  public init(
    parameters: RecurrentParameters<Cell.Element>, batch: Int, count: Int, start: UnsafePointer<Cell.Element>
  ) {
    self.count = count
    (hidden, gates) = (parameters.hiddenSize, parameters.gateCount)
    let size = Cell.carriesCellState ? 2 * hidden : hidden
    vectors = WideRows(count: count, width: hidden)
    cells = WideRows(count: count, width: Cell.carriesCellState ? hidden : 0)
    next = WideRows(count: count, width: hidden)
    currents = WideRows(count: count, width: gates * hidden)
    let weights = parameters.weightHH
    // v W_hhᵀ
    var transposed = [Double](repeating: 0, count: weights.values.count)
    Double.transpose(
      rows: weights.rows, columns: weights.columns, Cell.Element.doubles(weights.values), into: &transposed)
    weight = WideMatrix(transposed, rows: hidden, columns: gates * hidden, count: count)
    factors = WideFactors(parameters: parameters, batch: batch)
    for j in 0..<count {
      for k in 0..<hidden {
        vectors[j, k] = ScaledNumber(Double(start[j * size + k]))
        if Cell.carriesCellState { cells[j, k] = ScaledNumber(Double(start[j * size + hidden + k])) }
      }
    }
  }

  /// Takes all vectors through step t.
  public func advance(_ step: TapeStep<Cell.Element>) {
    factors.load(step)
    weight.multiply(vectors.view, into: currents, accumulates: false)
    withUnsafeTemporaryAllocation(of: ScaledNumber.self, capacity: Cell.factorCount + gates + 1) { room in
      let own = room.baseAddress!
      let current = own + Cell.factorCount
      for j in 0..<count {
        for k in 0..<hidden {
          factors.get(j, k, into: own)
          for gate in 0..<gates { current[gate] = currents[j, gate * hidden + k] }
          var unit = WideUnitTangent(current: current, previousHidden: vectors[j, k])
          if Cell.carriesCellState { unit.cell = cells[j, k] }
          Cell.wideTangent(factors: own, &unit)
          next[j, k] = unit.hidden
          if Cell.carriesCellState { cells[j, k] = unit.cell }
        }
      }
    }
    for j in 0..<count {
      for k in 0..<hidden { vectors[j, k] = next[j, k] }
    }
  }

  /// ‖v_j‖.
  public func norm(_ j: Int) -> ScaledNumber {
    let part = vectors.view.norm(row: j, columns: 0..<hidden)
    return Cell.carriesCellState
      ? .euclideanNorm([part, cells.view.norm(row: j, columns: 0..<hidden)]) : part
  }
}
