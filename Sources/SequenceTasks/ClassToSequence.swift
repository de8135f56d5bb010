import Foundation
import LinearAlgebra
import RecurrentCells

/// Class to sequence: a class is read at the first step, and decides what is said at every step: a square wave.
///
///     s_t = ⌊(t − 1)/(j + 1)⌋ mod 2,   t = 1…T
///
/// with a class j that is uniform in 0..<c: j + 1 zeros, j + 1 ones, and so on. Which class it is, and how far its wave has
/// come, has to be remembered to the end. Classes [T, B], in 0..<2; a sequence is right if all its steps are.
///
/// After the first step the network reads, as ``feedback`` says,
///
/// - its own output: the symbol of the step before, in training the right one. Inputs are one-hot, [T, B, c + 2]: c
///   tokens for the classes, then two for the symbols.
/// - nothing: zeros. Inputs [T, B, c], a 1 for the class at the first step.
///
/// A predictor without memory knows which step it is and what is read there: at the first step the class, then the
/// symbol before or nothing. With the c classes in groups by what is read at t, those that say the more frequent symbol
/// of their group are right, and the loss of a step is the entropy in its group. The classes are counted; there is no closed
/// form. ``ChanceLevel/outputs`` are the logarithms of the frequencies over all steps.
///
/// - Note: A task of this package: Gers, Schraudolph & Schmidhuber, Journal of Machine Learning Research 3 (2002) 115, have
///   networks generate one periodic wave without input.
public struct ClassToSequence: LearningTask {
  /// c.
  public let inputClassCount: Int
  /// What is read after the first step.
  public let feedback: SequenceTopology.NextInput

  public var name: String { "the class-to-sequence task" }
  public var inputSize: Int { feedback == .ownOutput ? inputClassCount + 2 : inputClassCount }
  public var tokenCount: Int? { feedback == .ownOutput ? inputSize : nil }
  /// Of a step at which something is read.
  public var meanInputSquare: Double { 1 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { 2 }
  /// c: from there on no two classes have the same wave, and two steps at least.
  public var leastSteps: Int { inputClassCount }
  public var topology: SequenceTopology { .oneToMany(feedback) }
  public var allowsLengths: Bool { true }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01) }

  /// - Precondition: there are two classes at least.
  public init(classes: Int = 4, feedback: SequenceTopology.NextInput = .ownOutput) {
    precondition(classes >= 2, "\(classes) classes decide nothing")
    inputClassCount = classes
    self.feedback = feedback
  }

  /// The symbol that a class says at step t, from 1.
  public func symbol(ofClass j: Int, at t: Int) -> Int { (t - 1) / (j + 1) % 2 }

  public func placement(steps: Int) -> LossPlacement { .everyStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { 1...steps }
  public func nextToken(afterClass said: Int) -> Int { inputClassCount + said }
  public func name(ofToken token: Int) -> String {
    token < inputClassCount ? "class \(token)" : "\(token - inputClassCount)"
  }

  public func chance(steps: Int) -> ChanceLevel { chance(lengths: steps...steps) }

  /// - Complexity: O(c · the longest).
  public func chance(lengths: ClosedRange<Int>) -> ChanceLevel {
    let count = Double(inputClassCount)
    var isRight = [Bool](repeating: true, count: inputClassCount)
    // Sums over the steps so far, and of them over the lengths.
    var (entropy, ones) = (0.0, 0.0)
    var (entropies, onesOfAll, errorRates, rows) = (0.0, 0.0, 0.0, 0.0)
    for t in 1...lengths.upperBound {
      entropy += self.entropy(at: t)
      for group in groups(at: t) {
        let saying = group.count { symbol(ofClass: $0, at: t) == 1 }
        ones += Double(saying) / count
        let frequent = 2 * saying > group.count ? 1 : 0
        for j in group where symbol(ofClass: j, at: t) != frequent { isRight[j] = false }
      }
      guard lengths.contains(t) else { continue }
      entropies += entropy
      onesOfAll += ones
      errorRates += Double(isRight.count { !$0 }) / count
      rows += Double(t)
    }
    let share = onesOfAll / rows
    return ChanceLevel(
      loss: entropies / rows, errorRate: errorRates / Double(lengths.count),
      outputs: [log(1 - share), log(share)])
  }

  /// - Complexity: O(c).
  public func chanceLoss(at t: Int, lengths: ClosedRange<Int>) -> Double? { entropy(at: t) }

  /// Of what is said at step t, given what is read there.
  private func entropy(at t: Int) -> Double {
    groups(at: t).reduce(0) { sum, group in
      let saying = group.count { symbol(ofClass: $0, at: t) == 1 }
      return [saying, group.count - saying].reduce(sum) { sum, share in
        let (part, size) = (Double(share), Double(group.count))
        return share > 0 ? sum - part / Double(inputClassCount) * log(part / size) : sum
      }
    }
  }

  /// The classes, by what is read at step t.
  private func groups(at t: Int) -> [[Int]] {
    let classes = Array(0..<inputClassCount)
    if t == 1 { return classes.map { [$0] } }
    guard feedback == .ownOutput else { return [classes] }
    return [0, 1].map { said in classes.filter { symbol(ofClass: $0, at: t - 1) == said } }
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps)
    var stream = draw.inputs
    let first = (0..<batch).map { _ in stream.integer(below: inputClassCount) }
    let said = (1...steps).flatMap { t in first.map { symbol(ofClass: $0, at: t) } }
    switch feedback {
    case .ownOutput:
      let tokens = first + said.dropLast(batch).map { nextToken(afterClass: $0) }
      return TaskSample(.tokens(tokens, count: inputSize), classes: said)
    case .nothing:
      var inputs = [Double](repeating: 0, count: steps * batch * inputSize)
      for (b, j) in first.enumerated() { inputs[b * inputSize + j] = 1 }
      return TaskSample(inputs: Element.array(inputs), classes: said)
    }
  }
}
