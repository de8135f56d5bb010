import LinearAlgebra

/// How far states are from ±1, beside the states of a tape: 1 − |h_t| with all its digits, where h_t itself has few of them
/// or none.
///
/// A GRU's update gate passes δ (h_{t−1} − n) z′. Of a saturated unit both are ±1 to rounding, and their difference is
///
///     h_{t−1} − n = s ((1 − |n|) − (1 − |h_{t−1}|)),   s the sign of both
///     1 − |h_t| = z (1 − s h_{t−1}) + (1 − z) (1 − s n)
///
/// in which nothing cancels but what the states have in common. A pass carries these numbers along, from its first step, only
/// where a difference has lost its digits.
///
/// - Complexity: about that of a forward step, and 200 ns for each unit whose 1 − |h_t| or derivatives are below the range of
///   `Element`. 16 bytes a state of the tape.
@usableFromInline
final class StateComplements<Element: Scalar> {
  /// Whether a factor may have been 0 since the start.
  var wereNeeded = false
  private let rows, savedRows: AlignedBuffer<ScaledNumber>
  /// Those of the last state and of the next in `Element` [B, H]; below its range they have no digits.
  let last, next: AlignedBuffer<Element>
  /// The same in double.
  let lastValues, nextValues: AlignedBuffer<Double>
  /// What the cell read and wrote in one step: preactivations of both sides [B, G·H], h_{t−1} and h_t, factors.
  let currents, recurrentCurrents, before, after, factors: AlignedBuffer<Double>
  /// The factors with those that the cell has computed anew.
  let completed: AlignedBuffer<Double>

  /// - Parameters:
  ///   - rowElements: states on the tape, and `savedElements` those at its checkpoints.
  ///   - factorCount: numbers that a unit leaves at each step.
  init(rowElements: Int, savedElements: Int, stateCount: Int, gateCount: Int, factorCount: Int) {
    rows = AlignedBuffer(count: rowElements)
    savedRows = AlignedBuffer(count: savedElements)
    last = AlignedBuffer(count: stateCount)
    next = AlignedBuffer(count: stateCount)
    lastValues = AlignedBuffer(count: stateCount)
    nextValues = AlignedBuffer(count: stateCount)
    currents = AlignedBuffer(count: gateCount * stateCount)
    recurrentCurrents = AlignedBuffer(count: gateCount * stateCount)
    before = AlignedBuffer(count: stateCount)
    after = AlignedBuffer(count: stateCount)
    factors = AlignedBuffer(count: factorCount * stateCount)
    completed = AlignedBuffer(count: factorCount * stateCount)
  }

  /// Those of the tape from a state on.
  @usableFromInline
  func row(_ offset: Int) -> UnsafeMutablePointer<ScaledNumber> { rows.base + offset }
  /// Those of the checkpoints from a state on.
  func saved(_ offset: Int) -> UnsafeMutablePointer<ScaledNumber> { savedRows.base + offset }

  /// Makes so many states of the tape the last ones.
  func load(_ row: UnsafePointer<ScaledNumber>, count: Int) {
    for k in 0..<count { last.base[k] = Element(row[k].double) }
  }
}

extension SequencePass {
  /// Carries 1 − |h| to the step that the cell has taken, t, and computes the factors anew that it left at 0.
  ///
  /// - Parameters:
  ///   - isFirst: whether this is the first step of a segment.
  ///   - mayBeLost: whether a factor may be 0.
  /// - Returns: whether one of the factors is below the range of `Element`.
  @usableFromInline
  func complete(_ t: Int, _ step: ForwardStep<Element>, isFirst: Bool, mayBeLost: Bool) -> Bool {
    guard let complements = tape.complements, let last = tape.complement(t - 1), let next = tape.complement(t)
    else { return false }
    let (count, states) = (Cell.factorCount, step.batch * shape.hiddenSize)
    if isFirst || tape.count(at: t - 1) != step.batch { complements.load(last, count: states) }
    if mayBeLost { complements.wereNeeded = true }
    if mayBeLost { Element.widen(count * states, step.factors, into: complements.factors.base) }
    cell.complement(step, last: complements.last.base, next: complements.next.base)
    if mayBeLost { Element.widen(count * states, step.factors, into: complements.completed.base) }
    Element.widen(states, complements.last.base, into: complements.lastValues.base)
    Element.widen(states, complements.next.base, into: complements.nextValues.base)
    let (from, to, completed) = (
      complements.lastValues.base, complements.nextValues.base, complements.completed.base
    )
    // What was lost below the range is nothing beside this.
    let least = Double(Element.leastNormalMagnitude) / Double(Element.ulpOfOne)
    var (isWidened, isLost) = (false, false)
    for state in 0..<states {
      var isWhole = from[state].magnitude >= least && to[state].magnitude >= least
      if mayBeLost {
        for f in 0..<count where completed[f * states + state] == 0 { isWhole = false }
      }
      if isWhole {
        next[state] = ScaledNumber(to[state])
        continue
      }
      if !isWidened {
        isWidened = true
        let currents = Cell.gateCount * states
        Element.widen(currents, step.current, into: complements.currents.base)
        Element.widen(currents, step.recurrentCurrent, into: complements.recurrentCurrents.base)
        Element.widen(states, step.previousHidden, into: complements.before.base)
        Element.widen(states, step.hidden, into: complements.after.base)
      }
      if completeWidely(state, complements, step, last[state], &next[state], mayBeLost: mayBeLost) {
        isLost = true
      }
    }
    complements.last.base.update(from: complements.next.base, count: states)
    return isLost
  }

  /// The same of one unit, in numbers of any size.
  private func completeWidely(
    _ state: Int, _ complements: StateComplements<Element>, _ step: ForwardStep<Element>,
    _ last: ScaledNumber, _ next: inout ScaledNumber, mayBeLost: Bool
  ) -> Bool {
    let (size, count, gates) = (shape.hiddenSize, Cell.factorCount, Cell.gateCount)
    let states = step.batch * size
    let first = state / size * gates * size + state % size
    let unit = WideUnit(
      currents: complements.currents.base + first,
      recurrentCurrents: complements.recurrentCurrents.base + first, stride: size,
      previousHidden: complements.before.base[state], previousCell: 0, cell: 0, complement: last, error: 0)
    next = Cell.complement(of: unit, hidden: complements.after.base[state])
    complements.next.base[state] = Element(next.double)
    let factors = complements.factors.base
    guard mayBeLost, (0..<count).contains(where: { factors[$0 * states + state] == 0 }) else { return false }
    return withUnsafeTemporaryAllocation(of: ScaledNumber.self, capacity: count) { own in
      Cell.wideFactors(of: unit, into: own.baseAddress!)
      var isLost = false
      for f in 0..<count where factors[f * states + state] == 0 && !own[f].isZero {
        let value = Element(own[f].double)
        let isBelow = value.magnitude < Element.leastNormalMagnitude
        step.factors[f * states + state] = isBelow ? 0 : value
        if isBelow { isLost = true }
      }
      return isLost
    }
  }
}
