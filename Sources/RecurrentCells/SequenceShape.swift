/// The sizes of one batch of sequences. Letters as everywhere in the package: T steps, B batch, I inputs,
/// H hidden units.
public struct SequenceShape: Sendable, Equatable {
  /// T ≥ 1.
  public let steps: Int
  /// B ≥ 1.
  public let batch: Int
  /// I ≥ 1.
  public let inputSize: Int
  /// H ≥ 1.
  public let hiddenSize: Int

  /// - Precondition: every size is at least 1.
  public init(steps: Int, batch: Int, inputSize: Int, hiddenSize: Int) {
    precondition(
      steps >= 1 && batch >= 1 && inputSize >= 1 && hiddenSize >= 1,
      "sizes must be at least 1, not T = \(steps), B = \(batch), I = \(inputSize), H = \(hiddenSize)")
    self.steps = steps
    self.batch = batch
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
  }

  /// Elements of one state, B · H.
  @inlinable public var stateCount: Int { batch * hiddenSize }
  /// Elements of all inputs, T · B · I.
  @inlinable public var inputCount: Int { steps * batch * inputSize }
}
