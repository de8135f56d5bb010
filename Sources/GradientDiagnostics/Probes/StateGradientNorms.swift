import LinearAlgebra
import RecurrentCells

/// Records log10 of the norms of the total and immediate ∂L/∂h_t and of the total ∂L/∂c_t.
///
/// *Total* is the loss at t and at all later steps; *immediate* the direct loss term alone. Under a loss at
/// every step they differ, and only the total one has travelled through time.
///
/// During the pass a step leaves its norms and exponents; their logarithms are taken at the end, for all steps at
/// once.
///
/// - Complexity: O(B) a step beside what the pass measures for its own scaling, O(B·H) more for a cell with c.
public struct StateGradientNorms<Element: Scalar>: BackwardProbe, ~Copyable {
  /// B.
  public let batch: Int
  @usableFromInline let rows: Int
  @usableFromInline let carriesCellState: Bool
  /// One block each, in the parts that follow.
  private let numbers: AlignedBuffer<Double>
  private let powers: AlignedBuffer<Int>
  /// Norms and exponents by step and batch element [T+1, B]; logarithms after ``finish()``.
  @usableFromInline let hiddenNorms, cellNorms: UnsafeMutablePointer<Double>
  @usableFromInline let hiddenExponents, cellExponents: UnsafeMutablePointer<Int>
  /// log10 of the norms over the batch [T+1].
  @usableFromInline let hiddenTotals, immediateTotals, cellTotals: UnsafeMutablePointer<Double>
  /// B norms.
  @usableFromInline let norms: UnsafeMutablePointer<Double>
  /// log10 of what a clip left, by step; all other steps have the norm they arrived with.
  @usableFromInline let clipped: AlignedBuffer<Double>
  @usableFromInline var clips = false

  public init(shape: SequenceShape, carriesCellState: Bool) {
    batch = shape.batch
    rows = shape.steps + 1
    self.carriesCellState = carriesCellState
    let cells = carriesCellState ? rows : 0
    numbers = AlignedBuffer(uninitializedCount: (rows + cells) * (batch + 1) + rows + batch)
    powers = AlignedBuffer(uninitializedCount: (rows + cells) * batch)
    hiddenNorms = numbers.base
    cellNorms = hiddenNorms + rows * batch
    hiddenTotals = cellNorms + cells * batch
    cellTotals = hiddenTotals + rows
    immediateTotals = cellTotals + cells
    norms = immediateTotals + rows
    hiddenExponents = powers.base
    cellExponents = hiddenExponents + rows * batch
    clipped = AlignedBuffer(uninitializedCount: rows)
    immediateTotals.update(repeating: -.infinity, count: rows)
  }

  /// log10 ‖∂L/∂h_t‖_F for t = 0…T, the batch included, as it arrives at t; −∞ for an exact zero.
  public var hidden: [Double] { array(hiddenTotals, rows) }
  /// The same after clipping at t (equal where nothing was clipped).
  public var hiddenAfterClip: [Double] { clips ? clipped.array() : hidden }
  /// log10 ‖∂L/∂h_t[b]‖ of each batch element, [T+1, B].
  public var hiddenByExample: [Double] { array(hiddenNorms, rows * batch) }
  /// log10 of the norm of the immediate ∂L/∂h_t for t = 0…T.
  public var immediate: [Double] { array(immediateTotals, rows) }
  /// log10 ‖∂L/∂c_t‖_F for t = 0…T; empty for a cell without c.
  public var cell: [Double] { carriesCellState ? array(cellTotals, rows) : [] }
  /// log10 ‖∂L/∂c_t[b]‖, [T+1, B]; empty for a cell without c.
  public var cellByExample: [Double] {
    carriesCellState ? array(cellNorms, rows * batch) : []
  }

  @inlinable @inline(__always)
  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    let first = arrival.time * batch
    for b in 0..<batch {
      hiddenNorms[first + b] = arrival.totalNorms[b]
      hiddenExponents[first + b] = arrival.total.exponents[b]
    }
    if let direct = arrival.immediate { recordDirect(direct, at: arrival.time) }
    if let initial = arrival.initialCell { recordCell(initial, at: arrival.time) }
  }

  @usableFromInline
  func recordDirect(_ direct: GradientRows<Element>, at t: Int) {
    let width = direct.width
    Element.rowNorms(count: batch, width: width, stride: width, direct.values, into: norms)
    log10CombinedNorms(rows: 1, count: batch, norms, exponents: direct.exponents, into: immediateTotals + t)
  }

  @inlinable @inline(__always)
  public mutating func step(_ step: GradientStep<Element>) {
    if let coefficients = step.clipCoefficients { record(coefficients, at: step.tape.time) }
    if let kappa = step.cell { recordCell(kappa, at: step.tape.time) }
  }

  public mutating func finish() {
    logarithmsInPlace(
      rows: rows, width: batch, hiddenNorms, hiddenExponents, totals: hiddenTotals)
    if carriesCellState {
      logarithmsInPlace(rows: rows, width: batch, cellNorms, cellExponents, totals: cellTotals)
    }
    if clips {
      // NaN where no clip wrote.
      for t in 0..<rows where clipped.base[t].isNaN { clipped.base[t] = hiddenTotals[t] }
    }
  }

  private func array(_ start: UnsafePointer<Double>, _ count: Int) -> [Double] {
    Array(UnsafeBufferPointer(start: start, count: count))
  }

  /// The arriving norm of each element times its own coefficient.
  @usableFromInline
  mutating func record(_ coefficients: UnsafePointer<ScaledNumber>, at t: Int) {
    if !clips {
      clipped.base.update(repeating: .nan, count: rows)
      clips = true
    }
    var sum = ScaledNumber.zero
    for b in 0..<batch {
      let k = t * batch + b
      let part = ScaledNumber(hiddenNorms[k], exponent: hiddenExponents[k]) * coefficients[b]
      sum = sum + part * part
    }
    clipped.base[t] = sum.squareRoot().log10
  }

  @inlinable
  func recordCell(_ cell: GradientRows<Element>, at t: Int) {
    let (first, width) = (t * batch, cell.width)
    Element.rowNorms(count: batch, width: width, stride: width, cell.values, into: cellNorms + first)
    for b in 0..<batch { cellExponents[first + b] = cell.exponents[b] }
  }
}
