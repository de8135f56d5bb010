import LinearAlgebra

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
  /// A batch of sequences.
  ///
  /// - Throws: ``SequenceTaskError`` when the task cannot make sequences of that length.
  func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element>
}

extension SequenceTask {
  /// The batch that gradients are diagnosed on.
  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, rootSeed: UInt64, seed: UInt64
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try sample(type, steps: steps, batch: batch, draw: SampleDraw(rootSeed: rootSeed, seed: seed))
  }
}

/// A batch of sequences.
public struct TaskSample<Element: Scalar>: Sendable, Equatable {
  /// x [T, B, I], time-major.
  public var inputs: [Element]
  /// Classes: [B] for a loss at the final step alone, else of each step [T, B]; empty if the task has none.
  public var classes: [Int]
  /// Target values of a regression, [B, O] for a loss at the final step alone, else [T, B, O]; empty if the task has
  /// none.
  public var values: [Element]

  public init(inputs: [Element], classes: [Int] = [], values: [Element] = []) {
    self.inputs = inputs
    self.classes = classes
    self.values = values
  }
}
