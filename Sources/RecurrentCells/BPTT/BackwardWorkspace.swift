import LinearAlgebra

/// The memory of a walk back through time, kept for the next one: many walks of one pass, as training makes them, would
/// otherwise have the system hand it out anew each time.
@usableFromInline
struct BackwardWorkspace<Element: Scalar>: ~Copyable {
  @usableFromInline var vector: BackwardVector<Element>
  @usableFromInline var weights: WeightGradientAccumulator<Element>
  /// The immediate gradient of a step [B, H], and its powers of two.
  @usableFromInline let immediate: AlignedBuffer<Element>
  @usableFromInline let powers: AlignedBuffer<Int>

  @usableFromInline
  init(shape: SequenceShape, rows: Int, capacity: Int, carriesCellState: Bool, apart: Bool) {
    vector = BackwardVector(
      batch: shape.batch, width: shape.hiddenSize, carriesCellState: carriesCellState)
    weights = WeightGradientAccumulator(shape: shape, rows: rows, capacity: capacity, apart: apart)
    immediate = AlignedBuffer(count: shape.stateCount)
    powers = AlignedBuffer(count: shape.batch)
  }

  /// As new.
  @inlinable
  mutating func reset() {
    vector.reset()
    weights.reset()
  }
}

// What the walk hands on, as methods so that nothing of the workspace is copied.
extension BackwardWorkspace {
  /// The rows of an ordinary step, row `row` of the segment.
  @inlinable @inline(__always)
  func step(
    _ row: Int, _ shape: SequenceShape, factors: UnsafePointer<Element>
  ) -> BackwardStep<Element> {
    BackwardStep(
      batch: shape.batch, hiddenSize: shape.hiddenSize, delta: vector.delta, factors: factors,
      carry: vector.carry, nextCarry: vector.nextCarry, kappa: vector.kappa.base, gamma: weights.gamma(row),
      gammaHidden: weights.gammaHidden(row), bypass: vector.next)
  }

  /// Whether what a step lost is nothing beside what leaves it.
  @usableFromInline
  func leavesInFull(_ step: BackwardStep<Element>, gates: Int) -> Bool {
    vector.leavesInFull(step.gamma, step.gammaHidden, gates: gates)
  }

  /// Tells the probe what arrives at step t.
  @inlinable @inline(__always)
  func announce<Probe: BackwardProbe & ~Copyable, Cell: RecurrentCell>(
    _ t: Int, _ shape: SequenceShape, isRead: Bool, hasPowers: Bool, wide: WideRecursion<Cell>?,
    to probe: inout Probe
  ) where Probe.Element == Element, Cell.Element == Element {
    let exponents = UnsafePointer(vector.exponents.base)
    let isStart = t == 0 && Cell.carriesCellState
    probe.arrive(
      GradientArrival(
        time: t, batch: shape.batch, hiddenSize: shape.hiddenSize, total: vector.delta,
        totalNorms: vector.norms.base, exponents: exponents,
        immediate: isRead ? UnsafePointer(immediate.base) : nil,
        immediateExponents: hasPowers ? UnsafePointer(powers.base) : nil,
        initialCell: isStart ? UnsafePointer(vector.carry) : nil,
        initialCellExponents: wide.map { UnsafePointer($0.carryPowers.base) } ?? exponents,
        wideTotal: wide?.delta.view, wideInitialCell: isStart ? wide?.carry.view : nil))
  }

  /// Notes γ_t in row `row` of the segment, and tells the probe of step t.
  @inlinable @inline(__always)
  func report<Probe: BackwardProbe & ~Copyable, Cell: RecurrentCell>(
    _ t: Int, _ row: Int, _ shape: SequenceShape, wide: WideRecursion<Cell>?,
    coefficients: UnsafePointer<ScaledNumber>?, input: UnsafePointer<Element>,
    previousHidden: UnsafePointer<Element>, factors: UnsafePointer<Element>, to probe: inout Probe
  ) where Probe.Element == Element, Cell.Element == Element {
    let (batch, hidden) = (shape.batch, shape.hiddenSize)
    let (gamma, gammaHidden) = (weights.gamma(row), weights.gammaHidden(row))
    // An ordinary step has one set of exponents.
    let exponents = UnsafePointer(vector.exponents.base)
    let gammaPowers = wide.map { UnsafePointer($0.gammaPowers.base) } ?? exponents
    let gammaHiddenPowers = wide.map { UnsafePointer($0.gammaHiddenPowers.base) } ?? exponents
    weights.note(
      row, gamma: gammaPowers, gammaHidden: gammaHiddenPowers,
      trueExponents: wide == nil ? UnsafePointer(vector.trueExponents.base) : nil)
    probe.step(
      GradientStep(
        time: t, batch: batch, hiddenSize: hidden, inputSize: shape.inputSize, gateCount: Cell.gateCount,
        exponents: gammaPowers, recurrentExponents: gammaHiddenPowers,
        cellExponents: wide.map { UnsafePointer($0.kappaPowers.base) } ?? exponents,
        leavingExponents: wide.map { UnsafePointer($0.leavingPowers.base) } ?? exponents,
        wide: wide?.gradients, clipCoefficients: coefficients,
        cell: Cell.carriesCellState ? UnsafePointer(vector.kappa.base) : nil, preactivation: gamma,
        recurrentPreactivation: gammaHidden, leaving: vector.next, previousHidden: previousHidden,
        input: input, factors: factors))
  }
}
