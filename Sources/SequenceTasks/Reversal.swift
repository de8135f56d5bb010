import Foundation
import LinearAlgebra
import RecurrentCells

/// Reversal: an encoder reads a sequence of symbols, a decoder says it backwards.
///
///     source x_1…x_T,   class_t = x_(T + 1 − t),   t = 1…T
///     the decoder reads ⟨start⟩, class_1, …, class_(T − 1)
///
/// with symbols that are independent and uniform in 0..<k; k is the start token, which the source never has. In training
/// the decoder reads the right classes, in a test what it has said itself. Inputs of both are one-hot, [T, B, k + 1];
/// classes [T, B]. A sequence is right if all its steps are.
///
/// What was said before says nothing about what comes: without memory of the source the loss is ln k, and 1 − k^−T of the
/// sequences are wrong.
///
/// The symbol that is said first was read last: what is read at the source's step s is said T + 1 − s steps into the
/// decoder, 2(T − s) + 1 steps later.
///
/// - Note: Source: Sutskever, Vinyals & Le, NeurIPS 2014 (arXiv 1409.3215), §3.3, whose sources are read backwards; the task
///   as in Grefenstette et al., NeurIPS 2015 (arXiv 1506.02516).
public struct Reversal: LearningTask {
  /// k.
  public let symbolCount: Int

  public var name: String { "the reversal task" }
  public var inputSize: Int { symbolCount + 1 }
  public var tokenCount: Int? { inputSize }
  public var meanInputSquare: Double { 1 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { symbolCount }
  public var leastSteps: Int { 1 }
  public var topology: SequenceTopology { .encoderDecoder }
  public var allowsLengths: Bool { true }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01) }

  /// - Precondition: there are two symbols at least.
  public init(symbols: Int = 8) {
    precondition(symbols >= 2, "\(symbols) symbols say nothing")
    symbolCount = symbols
  }

  public func placement(steps: Int) -> LossPlacement { .everyStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { 1...steps }
  public func name(ofToken token: Int) -> String { token == symbolCount ? "start" : "\(token)" }

  public func chance(steps: Int) -> ChanceLevel {
    ChanceLevel(
      loss: log(Double(symbolCount)), errorRate: 1 - pow(Double(symbolCount), -Double(steps)),
      outputs: Array(repeating: 0, count: symbolCount))
  }

  public func chanceLoss(at t: Int, lengths: ClosedRange<Int>) -> Double? { log(Double(symbolCount)) }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps)
    var stream = draw.inputs
    let symbols = (0..<steps * batch).map { _ in stream.integer(below: symbolCount) }
    let classes = stride(from: steps - 1, through: 0, by: -1).flatMap {
      symbols[$0 * batch..<($0 + 1) * batch]
    }
    let start = Array(repeating: symbolCount, count: batch)
    return TaskSample(
      .tokens(start + classes.dropLast(batch), count: inputSize), classes: classes,
      source: .init(
        shape: BatchShape(steps: steps, batch: batch), inputs: .tokens(symbols, count: inputSize)))
  }
}
