import LinearAlgebra
import RecurrentCells

extension SequenceTask {
  /// A batch of sequences of different lengths.
  ///
  /// The sequences of one length are drawn together, by ``SampleDraw/of(length:)``, and packed as ``SequenceLengths`` says:
  /// at each step the rows of one group follow those of the longer ones. Every sequence is what the task makes of its own
  /// length.
  ///
  /// - Parameter lengths: of the sequences; of a task whose decoder says another sequence, of those that its encoder reads.
  /// - Throws: ``SequenceTaskError`` when the task cannot make sequences of these lengths.
  /// - Complexity: O(rows · I), and a copy for each step of each group.
  public func sample<Element: Scalar>(
    _ type: Element.Type, lengths: SequenceLengths, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    guard allowsLengths else { throw .lengthsAreFixed(task: name) }
    var groups: [TaskSample<Element>] = []
    let runs = lengths.runs
    for run in runs {
      groups.append(try sample(type, steps: run.length, batch: run.count, draw: draw.of(length: run.length)))
    }
    return TaskSample(
      packing: groups, runs.map { .init(length: outputSteps(steps: $0.length), count: $0.count) },
      hasTargetOfEachStep: hasTargetOfEachStep)
  }
}

extension LearningTask {
  /// The steps whose outputs the loss of a batch reads. Steps that are counted from the start are others for each length:
  /// there the loss reads every step, and the rows that it is to leave out have ``ignoredClass``.
  ///
  /// - Parameters:
  ///   - steps: T, of the longest sequence.
  ///   - lengths: nil where all have T steps.
  public func placement(steps: Int, lengths: SequenceLengths?) -> LossPlacement {
    guard let lengths, !lengths.areEqual else { return placement(steps: lengths?.steps ?? steps) }
    if case .finalStep = placement(steps: steps) { return .finalStep }
    return .everyStep
  }

  /// The steps that decide whether a sequence of a batch is right, counted as those of the longest.
  ///
  /// - Parameter length: of the sequence.
  public func scoredSteps(of length: Int, steps: Int) -> ClosedRange<Int> {
    let own = scoredSteps(steps: length)
    let start = outputSteps(steps: steps) - outputSteps(steps: length)
    return start + own.lowerBound...start + own.upperBound
  }
}

extension SequenceLengths {
  /// Sequences of one length that follow each other.
  struct Run {
    let length, count: Int
  }

  /// Longest first.
  var runs: [Run] {
    var runs: [Run] = []
    for length in values {
      if let last = runs.last, last.length == length {
        runs[runs.count - 1] = Run(length: length, count: last.count + 1)
      } else {
        runs.append(Run(length: length, count: 1))
      }
    }
    return runs
  }
}
