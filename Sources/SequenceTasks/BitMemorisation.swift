import Foundation
import LinearAlgebra
import RecurrentCells

/// The noiseless memory problem, for n = 5 the 5-bit problem: n bits at the start, to be said again at a cue.
///
/// Four channels, one of which is 1 at each step: 0 and 1 for a bit of that value, 2 for the distractor, 3
/// for the cue. S steps have the delay T₀ = S − 2n ≥ 1:
///
///     steps         1…n       n + 1…n + T₀ − 1   n + T₀     n + T₀ + 1…T₀ + 2n
///     channel       bit       distractor         cue        distractor
///     class         2         2                  2          bit, in their order
///
/// The bits are independent and 0 or 1 equally often. Inputs [S, B, 4]; classes [S, B], in 0..<3, where 2
/// means that no output is due. A sequence is right if all of the last n steps are.
///
/// A predictor that knows when the bits are due but not their values outputs 2 with certainty and guesses the bits:
///
///     loss = n ln 2 / S = n ln 2 / (T₀ + 2n),   wrong sequences 1 − 2⁻ⁿ
///
/// Constant outputs reach at best the entropy of the class frequencies over all steps, (S − n)/S for 2
/// and n/(2 S) for each of the others. The logarithms of these are ``ChanceLevel/outputs``.
///
/// - Note: Source: Martens & Sutskever, ICML 2011; Jaeger, "Long Short-Term Memory in Echo State Networks:
///   Details of a Simulation Study", Jacobs University, technical report 27 (2012); after Hochreiter &
///   Schmidhuber, Neural Computation 9 (1997) 1735.
public struct BitMemorisation: LearningTask {
  private static let nothing = 2
  private static let cue = 3

  /// n.
  public let bits: Int

  public var inputSize: Int { 4 }
  public var meanInputSquare: Double { 1 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { 3 }
  /// 2n + 1, of which the delay is 1.
  public var leastSteps: Int { 2 * bits + 1 }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01) }

  /// - Precondition: `bits` is in 1...30.
  public init(bits: Int = 5) {
    precondition((1...30).contains(bits), "1 to 30 bits can be memorised, not \(bits)")
    self.bits = bits
  }

  public func placement(steps: Int) -> LossPlacement { .everyStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { steps - bits + 1...steps }

  public func chance(steps: Int) -> ChanceLevel {
    let recalled = Double(bits) / Double(steps)
    return ChanceLevel(
      loss: recalled * log(2), errorRate: 1 - pow(2, -Double(bits)),
      outputs: [log(recalled / 2), log(recalled / 2), log(1 - recalled)])
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps, "the task of memorising \(bits) bits")
    var stream = draw.inputs
    let data = stream.integers(bits * batch, bits: 1)
    // The distractor's channel and the class of nothing have the same number.
    var channels = [Int](repeating: Self.nothing, count: steps * batch)
    var classes = channels
    let recall = (steps - bits) * batch
    for k in data.indices {
      channels[k] = data[k]
      classes[recall + k] = data[k]
    }
    for b in 0..<batch { channels[recall - batch + b] = Self.cue }
    return TaskSample(inputs: oneHotRows(channels, width: inputSize), classes: classes)
  }
}
