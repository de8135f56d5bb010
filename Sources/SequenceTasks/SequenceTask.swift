import LinearAlgebra
import RecurrentCells

/// Where inputs and targets come from.
///
/// Samples depend on the draw and nothing else, so that every cell and radius sees the same sequences;
/// and the first steps of a long sample are those of a short one where the task allows it.
public protocol SequenceTask: Sendable {
  /// I.
  var inputSize: Int { get }
  /// E‖x_t‖², by which input weights are scaled.
  var meanInputSquare: Double { get }
  /// Number of classes of the targets; nil if the task has none.
  var classCount: Int? { get }
  /// V: how many tokens its inputs are made of, which an embedding has a row for each; nil where they are numbers.
  var tokenCount: Int? { get }
  /// Whether each step has a target, and not the final one alone.
  var hasTargetOfEachStep: Bool { get }
  /// Steps of what is said, for a source of that many steps; the same but for ``SequenceTopology/encoderDecoder``.
  func outputSteps(steps: Int) -> Int
  /// Whether sequences of a batch may have different lengths.
  var allowsLengths: Bool { get }
  /// As messages call it.
  var name: String { get }
  /// A batch of sequences.
  ///
  /// - Throws: ``SequenceTaskError`` when the task cannot make sequences of that length.
  func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element>
}

extension SequenceTask {
  public var tokenCount: Int? { nil }
  public var hasTargetOfEachStep: Bool { true }
  public func outputSteps(steps: Int) -> Int { steps }
  public var allowsLengths: Bool { false }
  public var name: String { "this task" }

  /// The batch that gradients are diagnosed on.
  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, rootSeed: UInt64, seed: UInt64
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try sample(type, steps: steps, batch: batch, draw: SampleDraw(rootSeed: rootSeed, seed: seed))
  }
}

/// A batch of sequences, row by row as ``SequenceShape`` packs them.
public struct TaskSample<Element: Scalar>: Sendable, Equatable {
  /// x: numbers [rows, I], or token ids [rows]. Of a task that says another sequence, what its decoder reads in training.
  public var inputs: SequenceInputs<Element>
  /// Classes: [B] for a loss at the final step alone, else of each row; empty if the task has none. A row with
  /// ``ignoredClass`` has no part in the loss.
  public var classes: [Int]
  /// Target values of a regression, [B, O] for a loss at the final step alone, else [rows, O]; empty if the task has
  /// none.
  public var values: [Element]
  /// Of the sequences, longest first; nil where all have as many steps as were asked for.
  public var lengths: SequenceLengths?
  /// What an encoder reads before; nil for most tasks.
  public var source: Source?

  /// A source sequence.
  public struct Source: Sendable, Equatable {
    public var shape: BatchShape
    public var inputs: SequenceInputs<Element>

    public init(shape: BatchShape, inputs: SequenceInputs<Element>) {
      self.shape = shape
      self.inputs = inputs
    }
  }

  public init(
    _ inputs: SequenceInputs<Element>, classes: [Int] = [], values: [Element] = [],
    lengths: SequenceLengths? = nil, source: Source? = nil
  ) {
    self.inputs = inputs
    self.classes = classes
    self.values = values
    self.lengths = lengths
    self.source = source
  }
  /// Sequences of numbers, of one length.
  public init(inputs: [Element], classes: [Int] = [], values: [Element] = []) {
    self.init(.dense(inputs), classes: classes, values: values)
  }
}
