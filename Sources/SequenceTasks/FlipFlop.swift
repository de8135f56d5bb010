import Foundation
import LinearAlgebra
import RecurrentCells

/// The k-bit flip-flop: to keep the last sign of each of k channels, which are set now and then.
///
///     x_tj = ±1 with probability 1/8 each, else 0;   x_1j = ±1
///     target_tj = x_sj,   s = max {s ≤ t: x_sj ≠ 0}
///
/// Channels and steps are independent. At the first step each channel is set for certain. Inputs [T, B, k]; values
/// [T, B, k]. A sequence is right if every output of every step is within 0.5 of its target: nearer to it than to the
/// other sign.
///
/// A predictor without memory knows the target of a channel that is set at this step, p = 1/4 of them after the first
/// step, and says 0, the mean, for one that is not:
///
///     loss = (1 − p)(T − 1)/T,   wrong sequences 1 − p^(k(T − 1))
///
/// The best constant is 0, with a loss of 1.
///
/// - Note: Source: Sussillo & Barak, Neural Computation 25 (2013) 626; with a pulse in each channel at the start as in
///   Golub & Sussillo, Journal of Open Source Software 3 (2018) 1003.
public struct FlipFlop: LearningTask {
  /// k.
  public let bits: Int

  /// p.
  private static let pulseRate = 0.25

  public var name: String { "the flip-flop task" }
  public var inputSize: Int { bits }
  /// k p: the first step is left out, whose k (1 − p)/T vanishes for long sequences.
  public var meanInputSquare: Double { Double(bits) * Self.pulseRate }
  public var objective: TaskObjective { .regression }
  public var outputSize: Int { bits }
  /// 2: at the first step there is nothing to keep.
  public var leastSteps: Int { 2 }
  public var allowsLengths: Bool { true }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01, tolerance: 0.5) }

  /// - Precondition: there is one channel at least.
  public init(bits: Int = 3) {
    precondition(bits >= 1, "a flip-flop has at least one bit")
    self.bits = bits
  }

  public func placement(steps: Int) -> LossPlacement { .everyStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { 1...steps }

  public func chance(steps: Int) -> ChanceLevel {
    let p = Self.pulseRate
    return ChanceLevel(
      loss: (1 - p) * Double(steps - 1) / Double(steps),
      errorRate: 1 - pow(p, Double(bits * (steps - 1))), outputs: Array(repeating: 0, count: bits))
  }

  /// 0 at the first step, 1 − p after it.
  public func chanceLoss(at t: Int, lengths: ClosedRange<Int>) -> Double? { t == 1 ? 0 : 1 - Self.pulseRate }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps)
    let width = batch * bits
    var stream = draw.inputs
    // Two bits say whether a channel is set, one says to which sign.
    let draws = stream.integers(steps * width, bits: 3)
    var inputs = [Double](repeating: 0, count: steps * width)
    var targets = inputs
    for k in draws.indices {
      let isSet = k < width || draws[k] & 3 == 0
      if isSet { inputs[k] = draws[k] >> 2 == 0 ? -1 : 1 }
      targets[k] = isSet ? inputs[k] : targets[k - width]
    }
    return TaskSample(inputs: Element.array(inputs), values: Element.array(targets))
  }
}
