import Foundation
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

  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    let count = arrival.batch * arrival.hiddenSize
    for k in 0..<count {
      gradients.hidden[arrival.time * count + k] = scalbn(
        Double(arrival.total[k]), arrival.exponents[k / arrival.hiddenSize])
      if let c = arrival.initialCell {
        gradients.cell[arrival.time * count + k] = scalbn(
          Double(c[k]), arrival.exponents[k / arrival.hiddenSize])
      }
    }
  }

  public mutating func step(_ step: GradientStep<Element>) {
    let count = step.batch * step.hiddenSize
    let rows = step.gateCount * step.hiddenSize
    if let kappa = step.cell {
      for k in 0..<count {
        gradients.cell[step.time * count + k] = scalbn(
          Double(kappa[k]), step.exponents[k / step.hiddenSize])
      }
    }
    let first = (step.time - 1) * step.batch * rows
    for k in 0..<step.batch * rows {
      let e = step.exponents[k / rows]
      gradients.preactivation[first + k] = scalbn(Double(step.preactivation[k]), e)
      gradients.recurrentPreactivation[first + k] = scalbn(Double(step.recurrentPreactivation[k]), e)
    }
  }
}
