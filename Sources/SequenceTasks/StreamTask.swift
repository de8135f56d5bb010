import Language
import LinearAlgebra

/// A task without separate sequences: readers that go on from chunk to chunk, as truncated backpropagation through time
/// wants them.
public protocol StreamTask: LearningTask {
  /// Consecutive pieces of what is read, a reader a batch element; after the end comes the beginning.
  ///
  /// - Parameter index: the number of the chunk, from 0; chunk i + 1 begins where chunk i ends.
  func chunk<Element: Scalar>(_ type: Element.Type, steps: Int, batch: Int, index: Int) -> TaskSample<Element>
  /// A part that nothing is trained on and that is read in order, in place of test sequences; nil where those are drawn.
  func heldOut(_ part: HeldOutPart) -> HeldOutStream?
}

extension StreamTask {
  public func heldOut(_ part: HeldOutPart) -> HeldOutStream? { nil }
}
