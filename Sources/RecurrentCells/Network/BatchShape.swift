/// Steps and sequences, whatever a step holds.
public struct BatchShape: Sendable, Hashable {
  /// T of the longest, and B.
  public let steps: Int, batch: Int
  /// nil where all have T steps.
  public let lengths: SequenceLengths?

  public init(steps: Int, batch: Int, lengths: SequenceLengths? = nil) {
    self.steps = steps
    self.batch = batch
    self.lengths = lengths?.areEqual ?? true ? nil : lengths
  }

  /// Sequences of these lengths.
  public init(_ lengths: SequenceLengths) {
    self.init(steps: lengths.steps, batch: lengths.batch, lengths: lengths)
  }

  /// Σ_b T_b.
  public var rowCount: Int { lengths?.rowCount ?? steps * batch }

  /// How many sequences have step t, 1…T: the first ones.
  public func count(at t: Int) -> Int { lengths?.counts[t] ?? batch }

  /// Where the rows of step t begin, 1…T + 1, in packed rows.
  public func firstRow(of t: Int) -> Int { lengths?.firstRows[t] ?? (t - 1) * batch }

  /// T_b.
  public func length(of b: Int) -> Int { lengths?.values[b] ?? steps }

  /// With widths.
  public func with(inputSize: Int, hiddenSize: Int) -> SequenceShape {
    SequenceShape(
      steps: steps, batch: batch, inputSize: inputSize, hiddenSize: hiddenSize, lengths: lengths)
  }
}

extension SequenceShape {
  /// Its steps and sequences.
  public var batchShape: BatchShape { BatchShape(steps: steps, batch: batch, lengths: lengths) }
}
