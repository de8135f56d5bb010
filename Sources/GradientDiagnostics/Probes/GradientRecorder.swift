import LinearAlgebra
import RecurrentCells

/// The gradients of every step, as plain numbers.
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

  public init(shape: SequenceShape, gateCount: Int, carriesCellState: Bool) {
    let states = Array(repeating: 0.0, count: (shape.steps + 1) * shape.stateCount)
    let rows = Array(repeating: 0.0, count: shape.steps * gateCount * shape.stateCount)
    gradients = RecordedGradients(
      hidden: states, cell: carriesCellState ? states : [], preactivation: rows,
      recurrentPreactivation: rows)
  }

  public static var seesComponents: Bool { true }

  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    keep(arrival.total, arrival.batch, at: arrival.time, in: &gradients.hidden)
    if let initial = arrival.initialCell { keep(initial, arrival.batch, at: 0, in: &gradients.cell) }
  }

  public mutating func step(_ step: GradientStep<Element>) {
    let (batch, row) = (step.tape.batch, step.tape.time - 1)
    if let cell = step.cell { keep(cell, batch, at: step.tape.time, in: &gradients.cell) }
    keep(step.preactivation, batch, at: row, in: &gradients.preactivation)
    keep(step.recurrentPreactivation, batch, at: row, in: &gradients.recurrentPreactivation)
  }

  private func keep(
    _ rows: GradientRows<Element>, _ batch: Int, at index: Int, in list: inout [Double]
  ) {
    for b in 0..<batch {
      for k in 0..<rows.width { list[(index * batch + b) * rows.width + k] = rows[b, k].double }
    }
  }
}
