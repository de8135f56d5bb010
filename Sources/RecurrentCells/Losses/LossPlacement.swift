/// Which steps the loss reads.
public enum LossPlacement: Sendable, Equatable {
  /// h_T only.
  case finalStep
  /// Every h_t, t = 1…T. Total gradient norms then look flat even where gradients vanish, because every
  /// step has a fresh immediate term.
  case everyStep
  /// Chosen steps, each in 1…T.
  case steps(Set<Int>)

  /// Whether step `t` of `steps` is read.
  @inlinable
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
}
