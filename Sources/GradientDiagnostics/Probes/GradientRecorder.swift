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

  public static var seesComponents: Bool { true }

  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    let (width, first) = (arrival.hiddenSize, arrival.time * arrival.batch * arrival.hiddenSize)
    for b in 0..<arrival.batch {
      for k in 0..<width {
        gradients.hidden[first + b * width + k] =
          arrival.wideTotal?[b, k].double
          ?? scalbn(Double(arrival.total[b * width + k]), arrival.exponents[b])
        if let c = arrival.initialCell {
          gradients.cell[first + b * width + k] =
            arrival.wideInitialCell?[b, k].double
            ?? scalbn(Double(c[b * width + k]), arrival.initialCellExponents[b])
        }
      }
    }
  }

  public mutating func step(_ step: GradientStep<Element>) {
    let (width, rows) = (step.hiddenSize, step.gateCount * step.hiddenSize)
    for b in 0..<step.batch {
      if let kappa = step.cell {
        for k in 0..<width {
          gradients.cell[(step.time * step.batch + b) * width + k] =
            step.wide?.cell?[b, k].double ?? scalbn(Double(kappa[b * width + k]), step.cellExponents[b])
        }
      }
      for k in 0..<rows {
        let to = ((step.time - 1) * step.batch + b) * rows + k
        gradients.preactivation[to] =
          step.wide?.preactivation[b, k].double
          ?? scalbn(Double(step.preactivation[b * rows + k]), step.exponents[b])
        gradients.recurrentPreactivation[to] =
          step.wide?.recurrentPreactivation[b, k].double
          ?? scalbn(Double(step.recurrentPreactivation[b * rows + k]), step.recurrentExponents[b])
      }
    }
  }
}
