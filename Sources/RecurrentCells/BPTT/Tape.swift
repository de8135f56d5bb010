import LinearAlgebra

/// What forward keeps for BPTT: states and factors of consecutive steps, and the states at checkpoints.
///
/// Without checkpoints the rows cover t = 0…T; with checkpoints, one segment at a time.
@usableFromInline
struct Tape<Element: Scalar>: ~Copyable {
  @usableFromInline let stateCount, factorCount: Int
  @usableFromInline let carriesCellState: Bool
  /// h and c of steps first−1…first−1+capacity [·, B, H].
  @usableFromInline let hiddenRows, cellRows: AlignedBuffer<Element>
  @usableFromInline let factorRows: AlignedBuffer<Element>
  /// By step: whether a factor of it fell below the range, and stands there as 0.
  @usableFromInline let losses: AlignedBuffer<Bool>
  /// h and c where each segment starts [segments, B, H]; empty without checkpoints.
  private let savedHidden, savedCell: AlignedBuffer<Element>
  /// 1 − |h| beside every h above; made when first needed.
  @usableFromInline private(set) var complements: StateComplements<Element>?
  /// Whether they are carried along.
  @usableFromInline private(set) var carriesComplements = false
  /// The state before this step is in row 0.
  @usableFromInline private(set) var firstStep = 1

  @usableFromInline
  init(plan: SegmentPlan, steps: Int, stateCount: Int, factorCount: Int, carriesCellState: Bool) {
    self.stateCount = stateCount
    self.factorCount = factorCount
    self.carriesCellState = carriesCellState
    let capacity = plan.checkpoints ? plan.length : steps
    let saved = plan.checkpoints ? plan.count : 0
    let cells = carriesCellState ? 1 : 0
    hiddenRows = AlignedBuffer(uninitializedCount: (capacity + 1) * stateCount)
    cellRows = AlignedBuffer(uninitializedCount: cells * (capacity + 1) * stateCount)
    factorRows = AlignedBuffer(uninitializedCount: capacity * factorCount)
    losses = AlignedBuffer(count: capacity)
    savedHidden = AlignedBuffer(uninitializedCount: saved * stateCount)
    savedCell = AlignedBuffer(uninitializedCount: cells * saved * stateCount)
  }

  /// Moves the tape to its start, with h_0 and c_0 in row 0; zero if nil.
  @usableFromInline
  mutating func start(_ initial: InitialState<Element>?) {
    firstStep = 1
    set(hidden(0), initial?.hidden)
    if carriesCellState { set(cell(0), initial?.cell) }
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
        rows: hiddenRows.count / stateCount, saved: savedHidden.count / stateCount, stateCount: stateCount,
        gateCount: gateCount, factorCount: factorCount)
    self.complements = complements
    carriesComplements = true
    startComplements()
  }

  private func startComplements() {
    guard let complements, let row = complement(0) else { return }
    complements.wereNeeded = false
    for k in 0..<stateCount { row[k] = ScaledNumber(1 - Double(hidden(0)[k].magnitude)) }
  }

  private func set(_ row: UnsafeMutablePointer<Element>, _ values: [Element]?) {
    if let values {
      row.update(from: values, count: stateCount)
    } else {
      row.update(repeating: 0, count: stateCount)
    }
  }

  /// h_t [B, H].
  @inlinable
  func hidden(_ t: Int) -> UnsafeMutablePointer<Element> {
    hiddenRows.base + (t - firstStep + 1) * stateCount
  }

  /// c_t [B, H]; for a cell without c, memory that no one reads.
  @inlinable
  func cell(_ t: Int) -> UnsafeMutablePointer<Element> {
    carriesCellState ? cellRows.base + (t - firstStep + 1) * stateCount : cellRows.base
  }

  /// 1 − |h_t| [B, H]; nil where they are not carried.
  @inlinable
  func complement(_ t: Int) -> UnsafeMutablePointer<ScaledNumber>? {
    carriesComplements ? complements?.row(t - firstStep + 1) : nil
  }

  /// The factors of step t.
  @inlinable
  func factors(_ t: Int) -> UnsafeMutablePointer<Element> {
    factorRows.base + (t - firstStep) * factorCount
  }

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

  /// Saves the state before `step`, where segment `index` starts.
  @usableFromInline
  func save(segment index: Int, before step: Int) {
    (savedHidden.base + index * stateCount).update(from: hidden(step - 1), count: stateCount)
    if carriesCellState {
      (savedCell.base + index * stateCount).update(from: cell(step - 1), count: stateCount)
    }
    if let row = complement(step - 1) {
      complements?.saved(index).update(from: row, count: stateCount)
    }
  }

  /// Moves the tape so that its rows start at `step`, with the last state of the segment before in row 0.
  @usableFromInline
  mutating func slide(to step: Int) {
    let (lastHidden, lastCell, lastComplement) = (hidden(step - 1), cell(step - 1), complement(step - 1))
    firstStep = step
    hidden(step - 1).update(from: lastHidden, count: stateCount)
    if carriesCellState { cell(step - 1).update(from: lastCell, count: stateCount) }
    if let lastComplement { complement(step - 1)?.update(from: lastComplement, count: stateCount) }
  }

  /// Moves the tape to the start of segment `index`, with its saved state in row 0.
  @usableFromInline
  mutating func restore(segment index: Int, before step: Int) {
    firstStep = step
    hidden(step - 1).update(from: savedHidden.base + index * stateCount, count: stateCount)
    if carriesCellState {
      cell(step - 1).update(from: savedCell.base + index * stateCount, count: stateCount)
    }
    if let row = complement(step - 1), let complements {
      row.update(from: complements.saved(index), count: stateCount)
    }
  }
}
