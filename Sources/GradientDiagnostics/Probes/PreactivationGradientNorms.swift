import LinearAlgebra
import RecurrentCells

/// Records log10 of the norms of ∂L/∂a_t: of all gates together, of each gate, and, for a cell that keeps
/// its two currents apart (GRU), of the hidden side ∂L/∂(W_hh h_{t−1} + b_hh).
///
/// - Complexity: O(G·B·H) a step.
public struct PreactivationGradientNorms<Element: Scalar>: BackwardProbe, ~Copyable {
  /// G.
  public let gateCount: Int
  /// Norms and exponents by step and gate [T, G] of the input side and of the hidden side (one row if they are the
  /// same); logarithms after ``finish()``.
  @usableFromInline let gateNorms, hiddenGateNorms: AlignedBuffer<Double>
  @usableFromInline let gateExponents, hiddenGateExponents: AlignedBuffer<Int>
  @usableFromInline let totals, hiddenTotals, norms: AlignedBuffer<Double>
  @usableFromInline let steps: Int
  @usableFromInline var apart = false

  public init(shape: SequenceShape, gateCount: Int, keepsCurrentsApart: Bool) {
    self.gateCount = gateCount
    steps = shape.steps
    let hiddenSteps = keepsCurrentsApart ? steps : 0
    gateNorms = AlignedBuffer(uninitializedCount: steps * gateCount)
    gateExponents = AlignedBuffer(uninitializedCount: steps * gateCount)
    hiddenGateNorms = AlignedBuffer(uninitializedCount: hiddenSteps * gateCount)
    hiddenGateExponents = AlignedBuffer(uninitializedCount: hiddenSteps * gateCount)
    totals = AlignedBuffer(uninitializedCount: steps)
    hiddenTotals = AlignedBuffer(uninitializedCount: hiddenSteps)
    norms = AlignedBuffer(count: shape.batch)
    apart = keepsCurrentsApart
  }

  /// log10 ‖∂L/∂(W_ih x_t + b_ih)‖_F over all gates; index t − 1, t = 1…T.
  public var all: [Double] { totals.array() }
  /// The same by gate, [T, G] in the cell's gate order.
  public var byGate: [Double] { gateNorms.array() }
  /// log10 ‖∂L/∂(W_hh h_{t−1} + b_hh)‖_F; differs from ``all`` for a GRU only.
  public var recurrent: [Double] { apart ? hiddenTotals.array() : all }

  @inlinable
  public mutating func arrive(_ arrival: GradientArrival<Element>) {}

  @inlinable
  public mutating func step(_ step: GradientStep<Element>) {
    let row = (step.time - 1) * gateCount
    measure(step.preactivation, of: step, gateNorms.base + row, gateExponents.base + row)
    if apart {
      measure(
        step.recurrentPreactivation, of: step, hiddenGateNorms.base + row,
        hiddenGateExponents.base + row)
    }
  }

  public mutating func finish() {
    if gateCount > 1 {
      log10CombinedNorms(
        rows: steps, count: gateCount, gateNorms.base, exponents: gateExponents.base,
        into: totals.base)
    }
    log10Scaled(
      steps * gateCount, gateNorms.base, exponents: gateExponents.base, into: gateNorms.base)
    if gateCount == 1 { totals.base.update(from: gateNorms.base, count: steps) }
    if apart {
      log10CombinedNorms(
        rows: steps, count: gateCount, hiddenGateNorms.base, exponents: hiddenGateExponents.base,
        into: hiddenTotals.base)
    }
  }

  @inlinable
  func measure(
    _ gamma: UnsafePointer<Element>, of step: GradientStep<Element>,
    _ gates: UnsafeMutablePointer<Double>, _ exponents: UnsafeMutablePointer<Int>
  ) {
    Element.gateNorms(
      batch: step.batch, gates: gateCount, hidden: step.hiddenSize, gamma,
      exponents: step.exponents, into: gates, normExponents: exponents, scratch: norms.base)
  }
}
