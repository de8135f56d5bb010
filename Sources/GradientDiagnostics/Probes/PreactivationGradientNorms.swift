import LinearAlgebra
import RecurrentCells

/// Records log10 of the norms of ∂L/∂a_t: of all gates together, of each gate, and, for a cell that keeps
/// its two currents apart (GRU), of the hidden side ∂L/∂(W_hh h_{t−1} + b_hh).
///
/// - Complexity: O(G·B·H) a step.
public struct PreactivationGradientNorms<Element: Scalar>: BackwardProbe, ~Copyable {
  /// G.
  public let gateCount: Int
  /// By step and gate, of the input side and, where it differs, of the hidden side.
  @usableFromInline var gates, hiddenGates: NormSeries
  @usableFromInline let scratch: AlignedBuffer<Double>
  @usableFromInline let apart: Bool

  public init(shape: SequenceShape, gateCount: Int, keepsCurrentsApart: Bool) {
    self.gateCount = gateCount
    apart = keepsCurrentsApart
    let rows = 1..<shape.steps + 1
    gates = NormSeries(rows: rows, width: gateCount, separates: true)
    hiddenGates = NormSeries(rows: apart ? rows : 0..<0, width: gateCount, separates: true)
    scratch = AlignedBuffer(uninitializedCount: shape.batch)
  }

  /// log10 ‖∂L/∂(W_ih x_t + b_ih)‖_F over all gates, t = 0…T; NaN at 0, which is no step.
  public var all: [Double] { gates.combined }
  /// The same of each gate, in the cell's gate order.
  public var byGate: [[Double]] { gates.lists }
  /// log10 ‖∂L/∂(W_hh h_{t−1} + b_hh)‖_F; differs from ``all`` for a GRU only.
  public var recurrent: [Double] { apart ? hiddenGates.combined : all }

  @inlinable
  public mutating func step(_ step: GradientStep<Element>) {
    let place = gates.place(of: step.tape.time)
    measure(step.preactivation, of: step.tape, into: gates, at: place)
    if apart {
      let place = hiddenGates.place(of: step.tape.time)
      measure(step.recurrentPreactivation, of: step.tape, into: hiddenGates, at: place)
    }
  }

  public mutating func finish() {
    gates.takeLogarithms()
    hiddenGates.takeLogarithms()
  }

  @inlinable
  func measure(
    _ gamma: GradientRows<Element>, of tape: TapeStep<Element>, into series: borrowing NormSeries,
    at place: Int
  ) {
    if let wide = gamma.wide { return measure(wide, of: tape, into: series, at: place) }
    Element.gateNorms(
      batch: tape.batch, gates: gateCount, hidden: tape.hiddenSize, gamma.values, exponents: gamma.exponents,
      into: series.norms.base + place, normExponents: series.exponents.base + place, scratch: scratch.base)
  }

  /// Gates whose components lie anywhere below those of other gates.
  @usableFromInline
  func measure(
    _ gamma: WideRowsView, of tape: TapeStep<Element>, into series: borrowing NormSeries, at place: Int
  ) {
    for gate in 0..<gateCount {
      let columns = gate * tape.hiddenSize..<(gate + 1) * tape.hiddenSize
      let norm = ScaledNumber.euclideanNorm((0..<tape.batch).map { gamma.norm(row: $0, columns: columns) })
      (series.norms.base[place + gate], series.exponents.base[place + gate]) = (norm.mantissa, norm.exponent)
    }
  }
}
