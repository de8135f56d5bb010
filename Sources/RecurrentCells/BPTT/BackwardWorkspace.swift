import LinearAlgebra

/// The memory of a walk back through time, kept for the next one: many walks of one pass, as training makes them, would
/// otherwise have the system hand it out anew each time.
@usableFromInline
struct BackwardWorkspace<Element: Scalar>: ~Copyable {
  @usableFromInline var vector: BackwardVector<Element>
  @usableFromInline var weights: WeightGradientAccumulator<Element>
  /// The immediate gradient of a step [B, H], and its powers of two [B].
  @usableFromInline let immediate: AlignedBuffer<Element>
  @usableFromInline let powers: AlignedBuffer<Int>

  /// - Parameters:
  ///   - capacity: rows of the largest segment.
  ///   - gamma: memory for as many rows of γ.
  @usableFromInline
  init(
    shape: SequenceShape, rows: Int, capacity: Int, carriesCellState: Bool, apart: Bool,
    gamma: UnsafeMutablePointer<Element>
  ) {
    vector = BackwardVector(
      batch: shape.batch, width: shape.hiddenSize, carriesCellState: carriesCellState)
    weights = WeightGradientAccumulator(
      shape: shape, rows: rows, capacity: capacity, apart: apart, gamma: gamma)
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
  /// An ordinary step, whose rows begin with `row` of the segment.
  @inlinable @inline(__always)
  func step(
    _ row: Int, factors: UnsafePointer<Element>
  ) -> BackwardStep<Element> {
    BackwardStep(
      batch: vector.count, hiddenSize: vector.width, delta: vector.delta, factors: factors,
      carry: vector.carry, nextCarry: vector.nextCarry, kappa: vector.kappa.base, gamma: weights.gamma(row),
      gammaHidden: weights.gammaHidden(row), bypass: vector.next)
  }

  /// Whether what a step lost is nothing beside what leaves it.
  @usableFromInline
  func leavesInFull(_ step: BackwardStep<Element>, gates: Int) -> Bool {
    vector.leavesInFull(step.gamma, step.gammaHidden, gates: gates)
  }

  /// Notes γ_t, from row `row` of the segment on, and tells the probe of the step.
  @inlinable @inline(__always)
  func report<Probe: BackwardProbe & ~Copyable, Cell: RecurrentCell>(
    _ tape: TapeStep<Element>, _ row: Int, wide: WideRecursion<Cell>?,
    coefficients: UnsafePointer<ScaledNumber>?, to probe: inout Probe
  ) where Probe.Element == Element, Cell.Element == Element {
    let step = GradientStep(tape, self, row: row, clipCoefficients: coefficients, wide: wide)
    weights.note(
      row, batch: tape.batch, gamma: step.preactivation.exponents,
      gammaHidden: step.recurrentPreactivation.exponents,
      trueExponents: wide == nil ? UnsafePointer(vector.trueExponents.base) : nil)
    probe.step(step)
  }
}
