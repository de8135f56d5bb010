import LinearAlgebra
import RecurrentCells

/// Records log10 of the norms of the total and immediate ∂L/∂h_t and of the total ∂L/∂c_t.
///
/// *Total* is the loss at t and at all later steps; *immediate* the direct loss term alone. Under a loss at
/// every step they differ, and only the total one has travelled through time.
///
/// During the pass a step leaves its norms and exponents; their logarithms are taken for many steps at once.
///
/// Of sequences of different lengths, norms at t are over those that have a state there, ``SequenceShape/states(at:)``: an
/// initial one has gone through as many steps as the others, T − t.
///
/// - Complexity: O(B) a step beside what the pass measures for its own scaling, O(B·H) more for a cell with c.
public struct StateGradientNorms<Element: Scalar>: BackwardProbe, ~Copyable {
  /// B.
  public let batch: Int
  /// By step and batch element [T+1, B]; of c empty for a cell without c.
  @usableFromInline var hiddenNorms, cellNorms: NormSeries
  /// log10 of the norm of the immediate ∂L/∂h_t for t = 0…T.
  public private(set) var immediate: [Double]
  /// B norms.
  private let norms: AlignedBuffer<Double>
  /// log10 of what a clip left, by step, NaN where none did; nothing without a clip.
  private var clipped: [Double] = []
  package let shape: SequenceShape
  private let carriesCellState: Bool

  @inlinable public static var seesInputs: Bool { false }

  public init(shape: SequenceShape, carriesCellState: Bool) {
    let rows = shape.steps + 1
    let isRagged = shape.lengths != nil
    batch = shape.batch
    self.shape = shape
    self.carriesCellState = carriesCellState
    hiddenNorms = NormSeries(rows: 0..<rows, width: batch, startsAtZero: isRagged)
    cellNorms = NormSeries(rows: 0..<(carriesCellState ? rows : 0), width: batch, startsAtZero: isRagged)
    immediate = Array(repeating: -.infinity, count: rows)
    norms = AlignedBuffer(uninitializedCount: batch)
    // Nothing is allocated in a step; what is never used takes no memory.
    clipped.reserveCapacity(rows)
  }

  /// log10 ‖∂L/∂h_t‖_F for t = 0…T, the batch included, as it arrives at t; −∞ for an exact zero.
  public var hidden: [Double] { hiddenNorms.combined }
  /// The same after clipping at t (equal where nothing was clipped).
  public var hiddenAfterClip: [Double] { clipped.isEmpty ? hidden : clipped }
  /// log10 ‖∂L/∂h_t[b]‖ of each batch element, [T+1, B]; NaN where it has no state.
  public var hiddenByExample: [Double] { hiddenNorms.logarithms }
  /// log10 ‖∂L/∂c_t‖_F for t = 0…T; empty for a cell without c.
  public var cell: [Double] { cellNorms.combined }
  /// log10 ‖∂L/∂c_t[b]‖, [T+1, B]; NaN where there is no state, empty for a cell without c.
  public var cellByExample: [Double] { cellNorms.logarithms }

  @inlinable @inline(__always)
  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    let first = hiddenNorms.place(of: arrival.time)
    hiddenNorms.norms.base.advanced(by: first).update(from: arrival.totalNorms, count: arrival.batch)
    hiddenNorms.exponents.base.advanced(by: first).update(
      from: arrival.total.exponents, count: arrival.batch)
    if let direct = arrival.immediate {
      recordDirect(direct, arrival.initial.lowerBound, at: arrival.time)
    }
    if let initial = arrival.initialCell { recordCell(initial, arrival.initial, at: arrival.time) }
  }

  @usableFromInline
  mutating func recordDirect(_ direct: GradientRows<Element>, _ count: Int, at t: Int) {
    let width = direct.width
    Element.rowNorms(count: count, width: width, stride: width, direct.values, into: norms.base)
    log10CombinedNorms(
      rows: 1, count: count, norms.base, exponents: direct.exponents, into: &immediate[t])
  }

  @inlinable @inline(__always)
  public mutating func step(_ step: GradientStep<Element>) {
    if let coefficients = step.clipCoefficients {
      record(coefficients, step.tape.batch, at: step.tape.time)
    }
    if let kappa = step.cell { recordCell(kappa, 0..<step.tape.batch, at: step.tape.time) }
  }

  public mutating func finish() {
    hiddenNorms.takeLogarithms()
    cellNorms.takeLogarithms()
    if shape.lengths != nil {
      for t in 0...shape.steps {
        hiddenNorms.leaveOut(row: t, from: shape.states(at: t))
        if carriesCellState { cellNorms.leaveOut(row: t, from: shape.states(at: t)) }
      }
    }
    for t in clipped.indices where clipped[t].isNaN { clipped[t] = hiddenNorms.combined(row: t) }
  }

  /// The arriving norm of each element times its own coefficient; initial states are not clipped.
  @usableFromInline
  mutating func record(_ coefficients: UnsafePointer<ScaledNumber>, _ count: Int, at t: Int) {
    if clipped.isEmpty { clipped.append(contentsOf: repeatElement(.nan, count: shape.steps + 1)) }
    var sum = ScaledNumber.zero
    for b in 0..<shape.states(at: t) {
      let (norm, exponent) = hiddenNorms.norm(t, b)
      let part = ScaledNumber(norm, exponent: exponent) * (b < count ? coefficients[b] : ScaledNumber(1))
      sum = sum + part * part
    }
    clipped[t] = sum.squareRoot().log10
  }

  @inlinable
  mutating func recordCell(_ cell: GradientRows<Element>, _ rows: Range<Int>, at t: Int) {
    let (first, width) = (cellNorms.place(of: t) + rows.lowerBound, cell.width)
    Element.rowNorms(
      count: rows.count, width: width, stride: width, cell.values + rows.lowerBound * width,
      into: cellNorms.norms.base + first)
    (cellNorms.exponents.base + first).update(from: cell.exponents + rows.lowerBound, count: rows.count)
  }
}
