import Foundation
import LinearAlgebra

/// What forward keeps for BPTT: states and factors of consecutive steps, and the states at checkpoints.
///
/// Without checkpoints the rows cover t = 0…T; with checkpoints, one segment at a time. Of sequences of different lengths,
/// the states after step t are those of its own sequences and, behind them, the initial ones of the sequences that begin
/// with step t + 1 (``join(_:)``): so the states before step t stand in the order of its rows.
@usableFromInline
struct Tape<Element: Scalar>: ~Copyable {
  /// Elements of one state of all sequences, B·H.
  @usableFromInline let stateCount: Int
  /// T, B and H.
  @usableFromInline let steps, batch, width: Int
  /// Numbers that a unit leaves at each step.
  @usableFromInline let factorCount: Int
  @usableFromInline let carriesCellState: Bool
  /// By step 0…T + 1: how many rows come before those of the step; empty where every step has B.
  @usableFromInline let firstRows: AlignedBuffer<Int>
  /// Whether steps differ in how many sequences have them.
  @usableFromInline let isRagged: Bool
  /// h and c of steps first−1…first−1+capacity, rows of H.
  @usableFromInline let hiddenRows, cellRows: AlignedBuffer<Element>
  @usableFromInline let factorRows: AlignedBuffer<Element>
  /// By step: whether a factor of it fell below the range, and stands there as 0.
  @usableFromInline let losses: AlignedBuffer<Bool>
  /// h and c where each segment starts [segments, B, H]; empty without checkpoints.
  private let savedHidden, savedCell: AlignedBuffer<Element>
  /// h_0 and c_0 of every sequence [B, H], for those that begin later; empty where none does.
  private let initialHidden, initialCell: AlignedBuffer<Element>
  /// 1 − |h| beside every h above; made when first needed.
  @usableFromInline private(set) var complements: StateComplements<Element>?
  /// Whether they are carried along.
  @usableFromInline private(set) var carriesComplements = false
  /// The state before this step is in row 0.
  @usableFromInline private(set) var firstStep = 1

  /// - Parameter factorCount: numbers that a unit leaves at each step.
  @usableFromInline
  init(plan: SegmentPlan, shape: SequenceShape, factorCount: Int, carriesCellState: Bool) {
    stateCount = shape.stateCount
    (steps, batch, width) = (shape.steps, shape.batch, shape.hiddenSize)
    self.factorCount = factorCount
    self.carriesCellState = carriesCellState
    let rows = plan.checkpoints ? plan.largestRowCount(of: shape) : shape.rowCount
    let states = (rows + shape.batch) * shape.hiddenSize
    let saved = plan.checkpoints ? plan.count : 0
    let later = shape.lengths == nil ? 0 : stateCount
    let cells = carriesCellState ? 1 : 0
    firstRows = AlignedBuffer(count: shape.lengths == nil ? 0 : shape.steps + 2)
    isRagged = shape.lengths != nil
    for t in 0..<firstRows.count { firstRows.base[t] = shape.firstRow(of: t) }
    hiddenRows = AlignedBuffer(uninitializedCount: states)
    cellRows = AlignedBuffer(uninitializedCount: cells * states)
    factorRows = AlignedBuffer(uninitializedCount: rows * factorCount * shape.hiddenSize)
    losses = AlignedBuffer(count: plan.checkpoints ? plan.length : shape.steps)
    savedHidden = AlignedBuffer(uninitializedCount: saved * stateCount)
    savedCell = AlignedBuffer(uninitializedCount: cells * saved * stateCount)
    initialHidden = AlignedBuffer(uninitializedCount: later)
    initialCell = AlignedBuffer(uninitializedCount: cells * later)
  }

  // MARK: - Where rows stand

  /// Where the rows of step t begin, 1…T + 1, among those of all steps.
  @inlinable @inline(__always)
  func firstRow(of t: Int) -> Int { isRagged ? firstRows.base[t] : (t - 1) * batch }

  /// How many sequences have step t, 1…T.
  @inlinable @inline(__always)
  func count(at t: Int) -> Int { isRagged ? firstRows.base[t + 1] - firstRows.base[t] : batch }

  /// How many sequences have a state after step t, 0…T.
  @inlinable @inline(__always)
  func states(at t: Int) -> Int { isRagged && t < steps ? count(at: t + 1) : batch }

  /// Elements before the states after step t.
  @inlinable @inline(__always)
  func stateOffset(_ t: Int) -> Int {
    isRagged
      ? (firstRows.base[t + 1] - firstRows.base[firstStep]) * width : (t - firstStep + 1) * stateCount
  }

  /// h_t [states(at: t), H].
  @inlinable @inline(__always)
  func hidden(_ t: Int) -> UnsafeMutablePointer<Element> { hiddenRows.base + stateOffset(t) }

  /// c_t, likewise; for a cell without c, memory that no one reads.
  @inlinable @inline(__always)
  func cell(_ t: Int) -> UnsafeMutablePointer<Element> {
    carriesCellState ? cellRows.base + stateOffset(t) : cellRows.base
  }

  /// 1 − |h_t|, likewise; nil where they are not carried.
  @inlinable @inline(__always)
  func complement(_ t: Int) -> UnsafeMutablePointer<ScaledNumber>? {
    carriesComplements ? complements?.row(stateOffset(t)) : nil
  }

  /// The factors of step t [factorCount, count(at: t), H].
  @inlinable @inline(__always)
  func factors(_ t: Int) -> UnsafeMutablePointer<Element> {
    factorRows.base
      + (isRagged
        ? (firstRows.base[t] - firstRows.base[firstStep]) * width : (t - firstStep) * stateCount)
      * factorCount
  }

  // MARK: - Initial states

  /// Moves the tape to its start, with h_0 and c_0 in row 0; zero if nil.
  @usableFromInline
  mutating func start(_ initial: InitialState<Element>?) {
    firstStep = 1
    let count = states(at: 0) * width
    set(hidden(0), initial?.hidden, count)
    if carriesCellState { set(cell(0), initial?.cell, count) }
    if isRagged {
      set(initialHidden.base, initial?.hidden, stateCount)
      if carriesCellState { set(initialCell.base, initial?.cell, stateCount) }
    }
    // Where the last pass on this memory needed them, the next one carries them from the start.
    carriesComplements = carriesComplements && complements?.wereNeeded == true
    startComplements()
  }

  /// Moves the tape back to its start, and carries 1 − |h| along from there.
  @usableFromInline
  mutating func startWithComplements(gateCount: Int) {
    if savedHidden.count > 0 { restore(segment: 0, before: 1) }
    let complements =
      self.complements
      ?? StateComplements(
        rowElements: hiddenRows.count, savedElements: savedHidden.count, stateCount: stateCount,
        gateCount: gateCount, factorCount: factorCount)
    self.complements = complements
    carriesComplements = true
    startComplements()
  }

  private func startComplements() {
    guard let complements else { return }
    complements.wereNeeded = false
    complement(0, 0..<states(at: 0))
  }

  /// 1 − |h_t| of initial states among those after step t.
  private func complement(_ t: Int, _ rows: Range<Int>) {
    guard let row = complement(t) else { return }
    for k in rows.lowerBound * width..<rows.upperBound * width {
      row[k] = ScaledNumber(1 - Double(hidden(t)[k].magnitude))
    }
  }

  /// Puts the initial states of the sequences that begin with step t + 1 behind the states after step t.
  @inlinable @inline(__always)
  func join(_ t: Int) {
    if isRagged { joinInitial(t, count(at: t)..<states(at: t)) }
  }

  @usableFromInline
  func joinInitial(_ t: Int, _ rows: Range<Int>) {
    if rows.isEmpty { return }
    let (first, count) = (rows.lowerBound * width, rows.count * width)
    (hidden(t) + first).update(from: initialHidden.base + first, count: count)
    if carriesCellState { (cell(t) + first).update(from: initialCell.base + first, count: count) }
    complement(t, rows)
  }

  private func set(_ row: UnsafeMutablePointer<Element>, _ values: [Element]?, _ count: Int) {
    if let values {
      row.update(from: values, count: count)
    } else {
      memset(row, 0, count * MemoryLayout<Element>.stride)
    }
  }

  // MARK: - Lost factors

  /// Whether a factor of step t fell below the range.
  @inlinable
  func hasLostFactors(_ t: Int) -> Bool { losses.base[t - firstStep] }

  /// Says so of step t.
  @inlinable
  func note(lostFactors: Bool, _ t: Int) { losses.base[t - firstStep] = lostFactors }

  /// Says of every one of them that none did.
  @usableFromInline
  func noteNoLosses(_ steps: ClosedRange<Int>) {
    (losses.base + steps.lowerBound - firstStep).update(repeating: false, count: steps.count)
  }

  /// Whether a factor of any of them did.
  @usableFromInline
  func hasLosses(_ steps: ClosedRange<Int>) -> Bool { steps.contains { losses.base[$0 - firstStep] } }

  // MARK: - Checkpoints

  /// Saves the state before `step`, where segment `index` starts.
  @usableFromInline
  func save(segment index: Int, before step: Int) {
    let (first, count) = (index * stateCount, states(at: step - 1) * width)
    (savedHidden.base + first).update(from: hidden(step - 1), count: count)
    if carriesCellState { (savedCell.base + first).update(from: cell(step - 1), count: count) }
    if let row = complement(step - 1) { complements?.saved(first).update(from: row, count: count) }
  }

  /// Moves the tape so that its rows start at `step`, with the last state of the segment before in row 0.
  @usableFromInline
  mutating func slide(to step: Int) {
    let count = states(at: step - 1) * width
    let (lastHidden, lastCell, lastComplement) = (hidden(step - 1), cell(step - 1), complement(step - 1))
    firstStep = step
    hidden(step - 1).update(from: lastHidden, count: count)
    if carriesCellState { cell(step - 1).update(from: lastCell, count: count) }
    if let lastComplement { complement(step - 1)?.update(from: lastComplement, count: count) }
  }

  /// Moves the tape to the start of segment `index`, with its saved state in row 0.
  @usableFromInline
  mutating func restore(segment index: Int, before step: Int) {
    firstStep = step
    let (first, count) = (index * stateCount, states(at: step - 1) * width)
    hidden(step - 1).update(from: savedHidden.base + first, count: count)
    if carriesCellState { cell(step - 1).update(from: savedCell.base + first, count: count) }
    if let row = complement(step - 1), let complements {
      row.update(from: complements.saved(first), count: count)
    }
  }
}
