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
  @usableFromInline
  mutating func reset() {
    vector.reset()
    weights.reset()
  }
}
