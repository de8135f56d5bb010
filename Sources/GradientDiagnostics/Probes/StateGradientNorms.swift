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
  /// Norms and exponents by step and batch element [T+1, B]; logarithms after ``finish()``.
  @usableFromInline let hiddenNorms, cellNorms: AlignedBuffer<Double>
  @usableFromInline let hiddenExponents, cellExponents: AlignedBuffer<Int>
  /// log10 of the norms over the batch [T+1].
  @usableFromInline let hiddenTotals, hiddenTotalsAfterClip, immediateTotals,
    cellTotals: AlignedBuffer<Double>
  @usableFromInline let norms: AlignedBuffer<Double>
  @usableFromInline let zeroExponents: AlignedBuffer<Int>
  @usableFromInline let carriesCellState: Bool
  @usableFromInline let rows: Int
  /// Whether a step was clipped; all others have the norm they arrived with.
  @usableFromInline let isClipped: AlignedBuffer<Bool>

  public init(shape: SequenceShape, carriesCellState: Bool) {
    batch = shape.batch
    rows = shape.steps + 1
    self.carriesCellState = carriesCellState
    let cells = carriesCellState ? rows : 0
    hiddenNorms = AlignedBuffer(uninitializedCount: rows * batch)
    hiddenExponents = AlignedBuffer(uninitializedCount: rows * batch)
    cellNorms = AlignedBuffer(uninitializedCount: cells * batch)
    cellExponents = AlignedBuffer(uninitializedCount: cells * batch)
    hiddenTotals = AlignedBuffer(uninitializedCount: rows)
    hiddenTotalsAfterClip = AlignedBuffer(uninitializedCount: rows)
    immediateTotals = AlignedBuffer(uninitializedCount: rows)
    cellTotals = AlignedBuffer(uninitializedCount: cells)
    isClipped = AlignedBuffer(count: rows)
    norms = AlignedBuffer(count: batch)
    zeroExponents = AlignedBuffer(count: batch)
    immediateTotals.base.update(repeating: -.infinity, count: rows)
  }

  /// log10 ‖∂L/∂h_t‖_F for t = 0…T, the batch included, as it arrives at t; −∞ for an exact zero.
  public var hidden: [Double] { hiddenTotals.array() }
  /// The same after clipping at t (equal where nothing was clipped).
  public var hiddenAfterClip: [Double] { hiddenTotalsAfterClip.array() }
  /// log10 ‖∂L/∂h_t[b]‖ of each batch element, [T+1, B].
  public var hiddenByExample: [Double] { hiddenNorms.array() }
  /// log10 of the norm of the immediate ∂L/∂h_t for t = 0…T.
  public var immediate: [Double] { immediateTotals.array() }
  /// log10 ‖∂L/∂c_t‖_F for t = 0…T; empty for a cell without c.
  public var cell: [Double] { cellTotals.array() }
  /// log10 ‖∂L/∂c_t[b]‖, [T+1, B]; empty for a cell without c.
  public var cellByExample: [Double] { cellNorms.array() }

  @inlinable
  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    let first = arrival.time * batch
    for b in 0..<batch {
      hiddenNorms.base[first + b] = arrival.totalNorms[b]
      hiddenExponents.base[first + b] = arrival.exponents[b]
    }
    if let direct = arrival.immediate {
      Element.rowNorms(
        count: batch, width: arrival.hiddenSize, stride: arrival.hiddenSize, direct, into: norms.base)
      immediateTotals.base[arrival.time] = log10CombinedNorm(
        batch, norms.base, exponents: zeroExponents.base)
    }
    if let initial = arrival.initialCell {
      recordCell(
        initial, at: arrival.time, width: arrival.hiddenSize, exponents: arrival.exponents)
    }
  }

  @inlinable
  public mutating func step(_ step: GradientStep<Element>) {
    if let coefficients = step.clipCoefficients { record(coefficients, at: step.time) }
    if let kappa = step.cell {
      recordCell(kappa, at: step.time, width: step.hiddenSize, exponents: step.exponents)
    }
  }

  public mutating func finish() {
    takeLogarithms(hiddenNorms.base, hiddenExponents.base, totals: hiddenTotals.base)
    if carriesCellState {
      takeLogarithms(cellNorms.base, cellExponents.base, totals: cellTotals.base)
    }
    for t in 0..<rows where !isClipped.base[t] {
      hiddenTotalsAfterClip.base[t] = hiddenTotals.base[t]
    }
  }

  /// Of all elements, in place, and of the batch.
  private func takeLogarithms(
    _ norms: UnsafeMutablePointer<Double>, _ exponents: UnsafePointer<Int>,
    totals: UnsafeMutablePointer<Double>
  ) {
    if batch > 1 {
      log10CombinedNorms(rows: rows, count: batch, norms, exponents: exponents, into: totals)
    }
    log10Scaled(rows * batch, norms, exponents: exponents, into: norms)
    if batch == 1 { totals.update(from: norms, count: rows) }
  }

  /// The arriving norm of each element times its own coefficient.
  @usableFromInline
  mutating func record(_ coefficients: UnsafePointer<ScaledNumber>, at t: Int) {
    var sum = ScaledNumber.zero
    for b in 0..<batch {
      let k = t * batch + b
      let part =
        ScaledNumber(hiddenNorms.base[k], exponent: hiddenExponents.base[k]) * coefficients[b]
      sum = sum + part * part
    }
    hiddenTotalsAfterClip.base[t] = sum.squareRoot().log10
    isClipped.base[t] = true
  }

  @inlinable
  func recordCell(
    _ x: UnsafePointer<Element>, at t: Int, width: Int, exponents: UnsafePointer<Int>
  ) {
    let first = t * batch
    Element.rowNorms(
      count: batch, width: width, stride: width, x, into: cellNorms.base + first)
    for b in 0..<batch { cellExponents.base[first + b] = exponents[b] }
  }
}
