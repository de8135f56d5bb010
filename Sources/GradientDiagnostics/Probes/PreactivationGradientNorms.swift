import LinearAlgebra
import RecurrentCells

/// Records log10 of the norms of ∂L/∂a_t: of all gates together, of each gate, and, for a cell that keeps
/// its two currents apart (GRU), of the hidden side ∂L/∂(W_hh h_{t−1} + b_hh).
///
/// - Complexity: O(G·B·H) a step.
public struct PreactivationGradientNorms<Element: Scalar>: BackwardProbe, ~Copyable {
  /// G.
  public let gateCount: Int
  /// By step and gate [T, G], of the input side and, where it differs, of the hidden side.
  @usableFromInline let gates, hiddenGates: NormSeries
  @usableFromInline let scratch: AlignedBuffer<Double>
  @usableFromInline let apart: Bool

  public init(shape: SequenceShape, gateCount: Int, keepsCurrentsApart: Bool) {
    self.gateCount = gateCount
    apart = keepsCurrentsApart
    gates = NormSeries(rows: shape.steps, width: gateCount)
    hiddenGates = NormSeries(rows: apart ? shape.steps : 0, width: gateCount)
    scratch = AlignedBuffer(uninitializedCount: shape.batch)
  }

  /// log10 ‖∂L/∂(W_ih x_t + b_ih)‖_F over all gates; index t − 1, t = 1…T.
  public var all: [Double] { gates.combined }
  /// The same by gate, [T, G] in the cell's gate order.
  public var byGate: [Double] { gates.logarithms }
  /// log10 ‖∂L/∂(W_hh h_{t−1} + b_hh)‖_F; differs from ``all`` for a GRU only.
  public var recurrent: [Double] { apart ? hiddenGates.combined : all }

  @inlinable
  public mutating func step(_ step: GradientStep<Element>) {
    measure(step.preactivation, of: step, into: gates)
    if apart { measure(step.recurrentPreactivation, of: step, into: hiddenGates) }
  }

  public mutating func finish() {
    gates.takeLogarithms()
    hiddenGates.takeLogarithms()
  }

  @inlinable
  func measure(
    _ gamma: GradientRows<Element>, of step: GradientStep<Element>, into series: borrowing NormSeries
  ) {
    let (tape, row) = (step.tape, (step.tape.time - 1) * gateCount)
    if let wide = gamma.wide { return measure(wide, of: tape, into: series) }
    Element.gateNorms(
      batch: tape.batch, gates: gateCount, hidden: tape.hiddenSize, gamma.values, exponents: gamma.exponents,
      into: series.norms.base + row, normExponents: series.exponents.base + row, scratch: scratch.base)
  }

  /// Gates whose components lie anywhere below those of other gates.
  @usableFromInline
  func measure(
    _ gamma: WideRowsView, of tape: TapeStep<Element>, into series: borrowing NormSeries
  ) {
    for gate in 0..<gateCount {
      let columns = gate * tape.hiddenSize..<(gate + 1) * tape.hiddenSize
      let norm = ScaledNumber.euclideanNorm((0..<tape.batch).map { gamma.norm(row: $0, columns: columns) })
      series[(tape.time - 1) * gateCount + gate] = (norm.mantissa, norm.exponent)
    }
  }
}
