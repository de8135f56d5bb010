import Foundation
import LinearAlgebra
import RecurrentCells

/// Echo: to say at each step the symbol that was read d steps before.
///
///     class_t = x_(t − d),   t = d + 1…T
///
/// with symbols x_t that are independent and uniform in 0..<k. Inputs are one-hot, [T, B, k]; classes [T, B], ``ignoredClass``
/// in the first d steps, which have nothing to say. A sequence is right if all other steps are.
///
/// What is read at a step says nothing about its class: without memory the loss is ln k, and 1 − k^−(T − d) of the
/// sequences are wrong.
///
/// - Note: Source: Jaeger, "Short term memory in echo state networks", GMD report 152, whose delayed input has
///   numbers; with symbols here.
public struct Echo: LearningTask {
  /// d.
  public let delay: Int
  /// k.
  public let symbolCount: Int

  public var name: String { "the echo task" }
  public var inputSize: Int { symbolCount }
  public var tokenCount: Int? { symbolCount }
  public var meanInputSquare: Double { 1 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { symbolCount }
  /// d + 1, with one symbol to say.
  public var leastSteps: Int { delay + 1 }
  public var allowsLengths: Bool { true }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01) }

  /// - Precondition: the delay is at least 1, and there are two symbols at least.
  public init(delay: Int = 10, symbols: Int = 8) {
    precondition(delay >= 1 && symbols >= 2, "no echo of \(symbols) symbols after \(delay) steps")
    self.delay = delay
    symbolCount = symbols
  }

  public func placement(steps: Int) -> LossPlacement { .steps(Set(scoredSteps(steps: steps))) }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { min(delay + 1, steps)...steps }

  public func chance(steps: Int) -> ChanceLevel {
    ChanceLevel(
      loss: log(Double(symbolCount)), errorRate: 1 - pow(Double(symbolCount), -Double(steps - delay)),
      outputs: Array(repeating: 0, count: symbolCount))
  }

  public func chanceLoss(at t: Int, lengths: ClosedRange<Int>) -> Double? { log(Double(symbolCount)) }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps)
    var stream = draw.inputs
    let symbols = (0..<steps * batch).map { _ in stream.integer(below: symbolCount) }
    let silent = Array(repeating: ignoredClass, count: delay * batch)
    return TaskSample(
      .tokens(symbols, count: symbolCount), classes: silent + symbols.dropLast(delay * batch))
  }
}
