import Foundation
import LinearAlgebra
import RecurrentCells

/// Symbols at the start, to be said again in their order after a cue.
///
/// A = 2^b symbols 0…A − 1 are data, A is blank, A + 1 the cue. With n data, S steps have the delay T₀ = S − 2n ≥ 1:
///
///     steps         1…n       n + 1…n + T₀ − 1   n + T₀     n + T₀ + 1…T₀ + 2n
///     input         data      blank              cue        blank
///     class         blank     blank              blank      data, in their order
///
/// The data are independent and uniform. Inputs are one-hot, [S, B, A + 2]; classes [S, B], in 0..<A + 1, for the cue is
/// never one. A sequence is right if all of the last n steps are.
///
/// A predictor that remembers no data, but knows when they are due, says blank for certain and guesses the data:
///
///     loss = n ln A / S = n ln A / (T₀ + 2n),   wrong sequences 1 − A⁻ⁿ
///
/// Constant outputs reach at best the entropy of the class frequencies over all steps, (S − n)/S for blank and n/(A S)
/// for each of the others. The logarithms of these are ``ChanceLevel/outputs``.
public protocol RecallTask: LearningTask {
  /// n.
  var dataCount: Int { get }
  /// b.
  var bitsPerSymbol: Int { get }
}

extension RecallTask {
  private var symbolCount: Int { 1 << bitsPerSymbol }
  public var inputSize: Int { symbolCount + 2 }
  public var tokenCount: Int? { inputSize }
  public var allowsLengths: Bool { true }
  public var meanInputSquare: Double { 1 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { symbolCount + 1 }
  /// 2n + 1, of which the delay is 1.
  public var leastSteps: Int { 2 * dataCount + 1 }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01) }

  public func placement(steps: Int) -> LossPlacement { .everyStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { steps - dataCount + 1...steps }

  public func name(ofToken token: Int) -> String {
    token < symbolCount ? "\(token)" : token == symbolCount ? "blank" : "cue"
  }
  public func name(ofClass label: Int) -> String { name(ofToken: label) }

  public func chance(steps: Int) -> ChanceLevel {
    let (recalled, count) = (Double(dataCount) / Double(steps), Double(symbolCount))
    let outputs = Array(repeating: log(recalled / count), count: symbolCount) + [log(1 - recalled)]
    return ChanceLevel(
      loss: recalled * log(count), errorRate: 1 - pow(count, -Double(dataCount)), outputs: outputs)
  }

  /// ln A for those of the sequences whose last n steps have step t, and 0 for the others.
  public func chanceLoss(at t: Int, lengths: ClosedRange<Int>) -> Double? {
    let first = max(t, lengths.lowerBound)
    guard first <= lengths.upperBound else { return nil }
    let recalling = max(0, min(lengths.upperBound, t + dataCount - 1) - first + 1)
    return log(Double(symbolCount)) * Double(recalling) / Double(lengths.upperBound - first + 1)
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps)
    var stream = draw.inputs
    let data = stream.integers(dataCount * batch, bits: bitsPerSymbol)
    var symbols = [Int](repeating: symbolCount, count: steps * batch)
    var classes = symbols
    let recall = (steps - dataCount) * batch
    for k in data.indices {
      symbols[k] = data[k]
      classes[recall + k] = data[k]
    }
    for b in 0..<batch { symbols[recall - batch + b] = symbolCount + 1 }
    return TaskSample(.tokens(symbols, count: inputSize), classes: classes)
  }
}
