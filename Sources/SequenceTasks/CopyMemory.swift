import Foundation
import LinearAlgebra
import RecurrentCells

/// The copying memory problem: ten symbols at the start, to be said again after a delay.
///
/// Ten symbols, one-hot: 0…7 are data, 8 is blank, 9 the delimiter. S steps have the delay T = S − 20 ≥ 1:
///
///     steps         1…10      11…T + 9   T + 10      T + 11…T + 20
///     input         data      blank      delimiter   blank
///     class         blank     blank      blank       data, in their order
///
/// The data are independent and uniform. Inputs [S, B, 10]; classes [S, B], in 0..<9, for the delimiter is
/// never one. A sequence is right if all of the last ten steps are.
///
/// Who remembers no data, but knows when they are due, says blank for certain and guesses the data:
///
///     loss = 10 ln 8 / S = 10 ln 8 / (T + 20),   wrong sequences 1 − 8⁻¹⁰
///
/// Constant outputs reach at best the entropy of the class frequencies over all steps, (S − 10)/S for
/// blank and 10/(8 S) for each of the others. The logarithms of these are ``ChanceLevel/outputs``.
///
/// - Note: Source: Arjovsky, Shah & Bengio, ICML 2016 (arXiv 1511.06464), §5.1; after Hochreiter &
///   Schmidhuber, Neural Computation 9 (1997) 1735.
public struct CopyMemory: LearningTask {
  private static let length = 10
  private static let blank = 8
  private static let delimiter = 9

  public var inputSize: Int { 10 }
  public var meanInputSquare: Double { 1 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { 9 }
  /// 21, of which the delay is 1.
  public var leastSteps: Int { 21 }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01) }

  public init() {}

  public func placement(steps: Int) -> LossPlacement { .everyStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { steps - Self.length + 1...steps }

  public func chance(steps: Int) -> ChanceLevel {
    let recalled = Double(Self.length) / Double(steps)
    let outputs = Array(repeating: log(recalled / 8), count: 8) + [log(1 - recalled)]
    return ChanceLevel(
      loss: recalled * log(8), errorRate: 1 - pow(8, -Double(Self.length)), outputs: outputs)
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps, "the copy memory task")
    var stream = draw.inputs
    let data = stream.integers(Self.length * batch, bits: 3)
    var symbols = [Int](repeating: Self.blank, count: steps * batch)
    var classes = symbols
    let recall = (steps - Self.length) * batch
    for k in data.indices {
      symbols[k] = data[k]
      classes[recall + k] = data[k]
    }
    for b in 0..<batch { symbols[recall - batch + b] = Self.delimiter }
    return TaskSample(inputs: oneHotRows(symbols, width: inputSize), classes: classes)
  }
}
