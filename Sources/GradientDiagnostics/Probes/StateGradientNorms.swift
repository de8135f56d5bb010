import Foundation
import LinearAlgebra
import RecurrentCells

/// Records log10 of the norms of the total and immediate ∂L/∂h_t and of the total ∂L/∂c_t.
///
/// *Total* is the loss at t and at all later steps; *immediate* the direct loss term alone. Under a loss at
/// every step they differ, and only the total one has travelled through time.
///
/// - Complexity: O(B·H) a step.
public struct StateGradientNorms<Element: Scalar>: BackwardProbe, ~Copyable {
  /// log10 ‖∂L/∂h_t‖_F for t = 0…T, the batch included, as it arrives at t; −∞ for an exact zero.
  public private(set) var hidden: [Double]
  /// The same after clipping at t (equal where nothing was clipped).
  public private(set) var hiddenAfterClip: [Double]
  /// log10 ‖∂L/∂h_t[b]‖ of each batch element, [T+1, B].
  public private(set) var hiddenByExample: [Double]
  /// log10 of the norm of the immediate ∂L/∂h_t for t = 0…T.
  public private(set) var immediate: [Double]
  /// log10 ‖∂L/∂c_t‖_F for t = 0…T; empty for a cell without c.
  public private(set) var cell: [Double]
  /// log10 ‖∂L/∂c_t[b]‖, [T+1, B]; empty for a cell without c.
  public private(set) var cellByExample: [Double]
  /// B.
  public let batch: Int

  private let norms: AlignedBuffer<Double>
  private let zeroExponents: AlignedBuffer<Int>
  private let arriving: AlignedBuffer<ScaledNumber>

  public init(shape: SequenceShape, carriesCellState: Bool) {
    batch = shape.batch
    let rows = shape.steps + 1
    hidden = Array(repeating: -.infinity, count: rows)
    hiddenAfterClip = hidden
    immediate = hidden
    hiddenByExample = Array(repeating: -.infinity, count: rows * batch)
    cell = carriesCellState ? hidden : []
    cellByExample = carriesCellState ? hiddenByExample : []
    norms = AlignedBuffer(count: batch)
    zeroExponents = AlignedBuffer(count: batch)
    arriving = AlignedBuffer(count: batch)
  }

  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    let t = arrival.time
    let norm = BatchGradientNorm(batch: batch, norms: arrival.totalNorms, exponents: arrival.exponents)
    hidden[t] = norm.total.log10
    hiddenAfterClip[t] = hidden[t]
    for b in 0..<batch {
      arriving.base[b] = norm.example(b)
      hiddenByExample[t * batch + b] = arriving.base[b].log10
    }
    if let direct = arrival.immediate {
      measure(direct, width: arrival.hiddenSize)
      immediate[t] =
        BatchGradientNorm(batch: batch, norms: norms.base, exponents: zeroExponents.base).total.log10
    }
    if let initial = arrival.initialCell {
      recordCell(initial, at: t, width: arrival.hiddenSize, exponents: arrival.exponents)
    }
  }

  public mutating func step(_ step: GradientStep<Element>) {
    if let coefficients = step.clipCoefficients {
      // The arriving norm of each element times its own coefficient.
      var sum = ScaledNumber.zero
      for b in 0..<batch {
        let part = arriving.base[b] * coefficients[b]
        sum = sum + part * part
      }
      hiddenAfterClip[step.time] = sum.squareRoot().log10
    }
    if let kappa = step.cell {
      recordCell(kappa, at: step.time, width: step.hiddenSize, exponents: step.exponents)
    }
  }

  private mutating func measure(_ x: UnsafePointer<Element>, width: Int) {
    Element.rowNorms(count: batch, width: width, stride: width, x, into: norms.base)
  }

  private mutating func recordCell(
    _ x: UnsafePointer<Element>, at t: Int, width: Int, exponents: UnsafePointer<Int>
  ) {
    measure(x, width: width)
    let norm = BatchGradientNorm(batch: batch, norms: norms.base, exponents: exponents)
    cell[t] = norm.total.log10
    for b in 0..<batch { cellByExample[t * batch + b] = norm.example(b).log10 }
  }
}
