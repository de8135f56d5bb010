import LinearAlgebra
import RecurrentCells

/// The gradients of every step, as plain numbers; NaN where a sequence does not have a step.
public struct RecordedGradients: Sendable, Equatable {
  /// Total ∂L/∂h_t as it arrives, [T+1, B, H].
  public internal(set) var hidden: [Double]
  /// Total ∂L/∂c_t, [T+1, B, H]; empty for a cell without c.
  public internal(set) var cell: [Double]
  /// ∂L/∂(W_ih x_t + b_ih), [T, B, G·H].
  public internal(set) var preactivation: [Double]
  /// ∂L/∂(W_hh h_{t−1} + b_hh), [T, B, G·H].
  public internal(set) var recurrentPreactivation: [Double]
}

/// Keeps every gradient of a backward pass whole, as plain numbers: for small networks, tests and export.
///
/// Values outside the range of `Double` come out as 0 or ±∞; the norms of the other probes do not.
///
/// - Complexity: O(T·G·B·H) memory.
public struct GradientRecorder<Element: Scalar>: BackwardProbe {
  /// What was recorded so far.
  public private(set) var gradients: RecordedGradients
  private let batch: Int

  public init(shape: SequenceShape, gateCount: Int, carriesCellState: Bool) {
    batch = shape.batch
    let empty = shape.lengths == nil ? 0.0 : .nan
    let states = Array(repeating: empty, count: (shape.steps + 1) * shape.stateCount)
    let rows = Array(repeating: empty, count: shape.steps * gateCount * shape.stateCount)
    gradients = RecordedGradients(
      hidden: states, cell: carriesCellState ? states : [], preactivation: rows,
      recurrentPreactivation: rows)
  }

  public static var seesComponents: Bool { true }

  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    keep(arrival.total, 0..<arrival.batch, at: arrival.time, in: &gradients.hidden)
    if let initial = arrival.initialCell {
      keep(initial, arrival.initial, at: arrival.time, in: &gradients.cell)
    }
  }

  public mutating func step(_ step: GradientStep<Element>) {
    let (own, row) = (0..<step.tape.batch, step.tape.time - 1)
    if let cell = step.cell { keep(cell, own, at: step.tape.time, in: &gradients.cell) }
    keep(step.preactivation, own, at: row, in: &gradients.preactivation)
    keep(step.recurrentPreactivation, own, at: row, in: &gradients.recurrentPreactivation)
  }

  private func keep(
    _ rows: GradientRows<Element>, _ own: Range<Int>, at index: Int, in list: inout [Double]
  ) {
    for b in own {
      for k in 0..<rows.width { list[(index * batch + b) * rows.width + k] = rows[b, k].double }
    }
  }
}
