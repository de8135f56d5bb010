/// The sizes of one batch of sequences. Letters as everywhere in the package: T steps, B batch, I inputs,
/// H hidden units.
///
/// Sequences of different lengths are packed as ``SequenceLengths`` says; all of them end at step T.
public struct SequenceShape: Sendable, Equatable {
  /// T ≥ 1, of the longest sequence.
  public let steps: Int
  /// B ≥ 1.
  public let batch: Int
  /// I ≥ 1.
  public let inputSize: Int
  /// H ≥ 1.
  public let hiddenSize: Int
  /// nil where all sequences have T steps.
  public let lengths: SequenceLengths?

  /// - Parameter lengths: of the sequences; equal ones are as nil.
  /// - Precondition: every size is at least 1; lengths are of `batch` sequences, the longest of `steps` steps.
  public init(
    steps: Int, batch: Int, inputSize: Int, hiddenSize: Int, lengths: SequenceLengths? = nil
  ) {
    precondition(
      steps >= 1 && batch >= 1 && inputSize >= 1 && hiddenSize >= 1,
      "sizes must be at least 1, not T = \(steps), B = \(batch), I = \(inputSize), H = \(hiddenSize)")
    precondition(
      lengths.map { $0.steps == steps && $0.batch == batch } ?? true,
      "lengths of \(lengths?.batch ?? 0) sequences of up to \(lengths?.steps ?? 0) steps, not T = \(steps), "
        + "B = \(batch)")
    self.steps = steps
    self.batch = batch
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.lengths = lengths?.areEqual ?? true ? nil : lengths
  }

  /// The same sequences with other widths.
  public func with(inputSize: Int? = nil, hiddenSize: Int? = nil) -> SequenceShape {
    SequenceShape(
      steps: steps, batch: batch, inputSize: inputSize ?? self.inputSize,
      hiddenSize: hiddenSize ?? self.hiddenSize, lengths: lengths)
  }

  /// Elements of one state of all sequences, B · H.
  @inlinable public var stateCount: Int { batch * hiddenSize }
  /// Steps of all sequences: T · B, or Σ_b T_b.
  @inlinable public var rowCount: Int { lengths?.rowCount ?? steps * batch }
  /// Elements of all inputs: I times ``rowCount``.
  @inlinable public var inputCount: Int { rowCount * inputSize }

  /// How many sequences have step t, 1…T: the first ones.
  @inlinable
  public func count(at t: Int) -> Int { lengths?.counts[t] ?? batch }
  /// How many sequences have a state after step t, 0…T: those that have step t, and those whose initial state it is.
  @inlinable
  public func states(at t: Int) -> Int {
    guard let lengths else { return batch }
    return t == steps ? batch : lengths.counts[t + 1]
  }
  /// The numbers below B of sequences that have a step.
  var smallerCounts: Set<Int> {
    guard let lengths else { return [] }
    return Set(lengths.counts.dropFirst()).subtracting([batch])
  }
  /// Where the rows of step t begin, 1…T + 1, in packed rows.
  @inlinable
  public func firstRow(of t: Int) -> Int { lengths?.firstRows[t] ?? (t - 1) * batch }
  /// T_b.
  @inlinable
  public func length(of b: Int) -> Int { lengths?.values[b] ?? steps }
  /// Where sequence b has the state before its first step: T − T_b.
  @inlinable
  public func start(of b: Int) -> Int { steps - length(of: b) }
}
