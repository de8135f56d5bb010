import LinearAlgebra

/// How far rounding may have taken c_t from what exact arithmetic gives, by unit and in units of a relative rounding error:
///
///     e_t = |f_t| e_{t−1} + |f_t c_{t−1}| + |c_t − f_t c_{t−1}|,   e_0 = 0,   f_t = ∂c_t/∂c_{t−1}
///
/// Where two saturated terms cancel, c_t may be nothing but such an error, and so may what the output gate makes of it.
///
/// - Complexity: O(H) a step.
public struct CellStateErrors<Cell: RecurrentCell>: ~Copyable where Cell.Element == Double {
  private let hiddenSize, kept: Int
  /// e_t [kept, H], at t modulo `kept`.
  private let rows: AlignedBuffer<Double>
  private let factors: AlignedBuffer<ScaledNumber>

  /// - Parameter kept: how many of the last times are asked for, 2 and more.
  public init(hiddenSize: Int, kept: Int) {
    self.hiddenSize = hiddenSize
    self.kept = kept
    rows = AlignedBuffer(count: Cell.carriesCellState ? kept * hiddenSize : 0)
    factors = AlignedBuffer(count: 2 * max(1, Cell.factorCount))
  }

  /// Takes the next step, from 1 on; nothing for a cell without c.
  public mutating func add(_ step: TapeStep<Double>, element: Int) {
    guard let before = step.previousCell, let after = step.cell else { return }
    let (last, next) = (row(step.time - 1), row(step.time))
    for k in 0..<hiddenSize {
      let state = element * hiddenSize + k
      step.copyFactors(Cell.factorCount, of: state, into: factors.base)
      let unit = Cell.unitJacobian(factors.base, remainder: factors.base + Cell.factorCount)
      let forget = (unit.carry * unit.cell).double
      let carried = forget * before[state]
      next[k] = forget.magnitude * last[k] + carried.magnitude + (after[state] - carried).magnitude
    }
  }

  /// e_t [H] of one of the last times.
  func row(_ time: Int) -> UnsafeMutablePointer<Double> { rows.base + time % kept * hiddenSize }
}
