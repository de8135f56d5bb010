import LinearAlgebra
import RecurrentCells

/// Records log10 of the norms of ∂L/∂a_t: of all gates together, of each gate, and, for a cell that keeps
/// its two currents apart (GRU), of the hidden side ∂L/∂(W_hh h_{t−1} + b_hh).
///
/// - Complexity: O(G·B·H) a step.
public struct PreactivationGradientNorms<Element: Scalar>: BackwardProbe, ~Copyable {
  /// log10 ‖∂L/∂(W_ih x_t + b_ih)‖_F over all gates; index t − 1, t = 1…T.
  public private(set) var all: [Double]
  /// The same by gate, [T, G] in the cell's gate order.
  public private(set) var byGate: [Double]
  /// log10 ‖∂L/∂(W_hh h_{t−1} + b_hh)‖_F; differs from ``all`` for a GRU only.
  public private(set) var recurrent: [Double]
  /// G.
  public let gateCount: Int

  private let norms: AlignedBuffer<Double>

  public init(shape: SequenceShape, gateCount: Int) {
    self.gateCount = gateCount
    all = Array(repeating: -.infinity, count: shape.steps)
    byGate = Array(repeating: -.infinity, count: shape.steps * gateCount)
    recurrent = all
    norms = AlignedBuffer(count: shape.batch)
  }

  public mutating func arrive(_ arrival: GradientArrival<Element>) {}

  public mutating func step(_ step: GradientStep<Element>) {
    let row = step.time - 1
    var total = ScaledNumber.zero
    for gate in 0..<gateCount {
      let norm = measure(step.preactivation, gate: gate, of: step)
      byGate[row * gateCount + gate] = norm.log10
      total = total + norm * norm
    }
    all[row] = total.squareRoot().log10
    if step.recurrentPreactivation == step.preactivation {
      recurrent[row] = all[row]
    } else {
      var sum = ScaledNumber.zero
      for gate in 0..<gateCount {
        let norm = measure(step.recurrentPreactivation, gate: gate, of: step)
        sum = sum + norm * norm
      }
      recurrent[row] = sum.squareRoot().log10
    }
  }

  private func measure(
    _ gamma: UnsafePointer<Element>, gate: Int, of step: GradientStep<Element>
  ) -> ScaledNumber {
    Element.rowNorms(
      count: step.batch, width: step.hiddenSize, stride: gateCount * step.hiddenSize,
      gamma + gate * step.hiddenSize, into: norms.base)
    return BatchGradientNorm(batch: step.batch, norms: norms.base, exponents: step.exponents).total
  }
}
