/// Which steps the loss reads. Of sequences of different lengths, steps are counted as ``SequenceLengths`` does: they all end
/// at T.
public enum LossPlacement: Sendable, Equatable {
  /// h_T only.
  case finalStep
  /// Every h_t, t = 1…T. Total gradient norms then look flat even where gradients vanish, because every
  /// step has a fresh immediate term.
  case everyStep
  /// Chosen steps, each in 1…T.
  case steps(Set<Int>)

  /// Whether step `t` of `steps` is read.
  @inlinable @inline(__always)
  public func includes(_ t: Int, of steps: Int) -> Bool {
    switch self {
    case .finalStep: return t == steps
    case .everyStep: return true
    case .steps(let chosen): return chosen.contains(t)
    }
  }

  /// Number of steps read.
  public func count(of steps: Int) -> Int {
    switch self {
    case .finalStep: return 1
    case .everyStep: return steps
    case .steps(let chosen): return chosen.count { (1...steps).contains($0) }
    }
  }

  /// Number of rows read, of all sequences.
  public func rowCount(of shape: SequenceShape) -> Int {
    switch self {
    case .finalStep: return shape.batch
    case .everyStep: return shape.rowCount
    case .steps(let chosen):
      return chosen.reduce(0) { (1...shape.steps).contains($1) ? $0 + shape.count(at: $1) : $0 }
    }
  }
}
