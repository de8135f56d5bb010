import LinearAlgebra

/// What the tape holds of step t. All [B, ·], row-major, B the number of sequences that have the step; borrowed: valid
/// during the call, not to be kept.
public struct TapeStep<Element: Scalar> {
  /// 1…T.
  public let time: Int
  /// Sizes; B of the step.
  public let batch, hiddenSize, inputSize: Int
  /// h_{t−1} and h_t [B, H].
  public let previousHidden, hidden: UnsafePointer<Element>
  /// c_{t−1} and c_t [B, H]; nil for a cell without c.
  public let previousCell, cell: UnsafePointer<Element>?
  /// 1 − |h_{t−1}| [B, H] with more digits than h_{t−1} has; nil where no factor needs them.
  @usableFromInline let previousComplement: UnsafePointer<ScaledNumber>?
  /// x_t [B, I], for a probe that ``BackwardProbe/seesInputs``, or for a visit that reads inputs.
  public let input: UnsafePointer<Element>
  /// The columns of the ones [B], where the rows of x_t are one-hot.
  public let tokens: UnsafePointer<Int32>?
  /// The factors of the backward step [factorCount, B, H].
  public let factors: UnsafePointer<Element>
  /// Whether a factor fell below the range of `Element` and stands among them as 0.
  public let hasLostFactors: Bool

  /// Step t, which is on the tape; `inputs` are those of all steps.
  @inlinable @inline(__always)
  init(_ t: Int, on tape: borrowing Tape<Element>, inputs: InputRows<Element>, inputSize: Int) {
    let hasCell = tape.carriesCellState
    let (before, after) = (tape.stateOffset(t - 1), tape.stateOffset(t))
    time = t
    batch = tape.count(at: t)
    hiddenSize = tape.width
    self.inputSize = inputSize
    previousHidden = UnsafePointer(tape.hiddenRows.base + before)
    hidden = UnsafePointer(tape.hiddenRows.base + after)
    previousCell = hasCell ? UnsafePointer(tape.cellRows.base + before) : nil
    cell = hasCell ? UnsafePointer(tape.cellRows.base + after) : nil
    previousComplement = tape.complement(t - 1).map { UnsafePointer($0) }
    input = inputs.rows + tape.firstRow(of: t) * inputSize
    tokens = inputs.tokens.map { $0 + tape.firstRow(of: t) }
    factors = UnsafePointer(tape.factors(t))
    hasLostFactors = tape.hasLostFactors(t)
  }
}

/// In which order the steps of a tape are visited.
public enum TimeOrder: Sendable {
  /// t = 1, …, T.
  case ascending
  /// t = T, …, 1.
  case descending
}

extension TapeStep where Element == Double {
  /// The factors of one unit, at place `state` of [B, H], as numbers of any size.
  func copyFactors(_ count: Int, of state: Int, into factors: UnsafeMutablePointer<ScaledNumber>) {
    for f in 0..<count {
      (factors + f).initialize(to: ScaledNumber(self.factors[f * batch * hiddenSize + state]))
    }
  }
}

extension SequencePass {
  /// Visits the steps of the forward pass, computing again what checkpoints left out.
  ///
  /// - Parameter readsInputs: whether ``TapeStep/input`` is looked at.
  /// - Precondition: the forward pass did not diverge.
  /// - Complexity: the visits; with checkpoints one more forward pass.
  @inlinable
  public mutating func visitSteps<Failure: Error>(
    _ order: TimeOrder, readsInputs: Bool = true, _ visit: (TapeStep<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(divergedAt == nil, "no tape: the forward pass diverged at step \(divergedAt!)")
    if readsInputs { writeTokensOut() }
    for k in 0..<plan.count {
      let index = order == .ascending ? k : plan.count - 1 - k
      let steps = plan.steps(of: index, total: shape.steps)
      if plan.checkpoints {
        tape.restore(segment: index, before: steps.lowerBound)
        // As in the forward pass, or denormal states would come out otherwise than there.
        withDenormalsFlushed { _ = forward(steps) }
      }
      try withInputs { x throws(Failure) in
        for k in 0..<steps.count {
          let t = order == .ascending ? steps.lowerBound + k : steps.upperBound - k
          try visit(TapeStep(t, on: tape, inputs: x, inputSize: shape.inputSize))
        }
      }
    }
  }
}
