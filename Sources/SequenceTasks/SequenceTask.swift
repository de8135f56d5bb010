import LinearAlgebra

/// Where inputs and targets come from.
///
/// Samples depend on the two seeds and nothing else, so that every cell and radius sees the same sequences;
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
    _ type: Element.Type, steps: Int, batch: Int, rootSeed: UInt64, seed: UInt64
  ) throws(SequenceTaskError) -> TaskSample<Element>
}

/// A batch of sequences.
public struct TaskSample<Element: Scalar>: Sendable, Equatable {
  /// x [T, B, I], time-major.
  public var inputs: [Element]
  /// Class of each step [T, B]; empty if the task has none.
  public var classes: [Int]

  public init(inputs: [Element], classes: [Int] = []) {
    self.inputs = inputs
    self.classes = classes
  }
}

/// Why a task cannot be made or sampled.
public enum SequenceTaskError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text is too short for the sequence length: T + 1 characters are needed.
  case textTooShort(characters: Int, needed: Int)

  public var description: String {
    switch self {
    case .textTooShort(let characters, let needed):
      return "the text has \(characters) characters, a sequence of \(needed - 1) steps and the character "
        + "after it need \(needed); use a longer text or a shorter sequence_length"
    }
  }
}
