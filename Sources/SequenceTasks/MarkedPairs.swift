import LinearAlgebra

/// Sequences of values, two of which are marked: one in the first half, one in the second.
///
/// Inputs [T, B, 2]: the value in channel 0; in channel 1 a 1 where it is marked, else 0. The places are
/// uniform in 0..<⌊T/2⌋ and ⌊T/2⌋..<T.
struct MarkedPairs {
  /// T of the shortest sequences, with a place in each half.
  static let leastSteps = 2

  let inputs: [Double]
  /// The marked values of each sequence [B].
  let first, second: [Double]

  /// - Parameter values: [T, B].
  /// - Precondition: at least two steps.
  init(values: [Double], steps: Int, batch: Int, places: inout RandomStream) {
    var inputs = [Double](repeating: 0, count: 2 * steps * batch)
    for k in 0..<steps * batch { inputs[2 * k] = values[k] }
    var first: [Double] = []
    var second: [Double] = []
    first.reserveCapacity(batch)
    second.reserveCapacity(batch)
    for b in 0..<batch {
      let p = places.integer(below: steps / 2) * batch + b
      let q = (steps / 2 + places.integer(below: steps - steps / 2)) * batch + b
      inputs[2 * p + 1] = 1
      inputs[2 * q + 1] = 1
      first.append(values[p])
      second.append(values[q])
    }
    self.inputs = inputs
    self.first = first
    self.second = second
  }
}

/// A regression to a function of two marked values that are uniform in [0, 1): inputs [T, B, 2], values [B, 1]. A sequence
/// counts as right within 0.04.
public protocol MarkedPairRegression: LearningTask {
  /// The function.
  func target(_ first: Double, _ second: Double) -> Double
}

extension MarkedPairRegression {
  public var inputSize: Int { 2 }
  public var allowsLengths: Bool { true }
  /// E u² = 1/3: the two marks are left out, whose 2/T vanishes for long sequences.
  public var meanInputSquare: Double { 1 / 3 }
  public var objective: TaskObjective { .regression }
  public var outputSize: Int { 1 }
  public var leastSteps: Int { MarkedPairs.leastSteps }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01, tolerance: 0.04) }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps)
    var (numbers, places) = (draw.inputs, draw.targets)
    let values = (0..<steps * batch).map { _ in numbers.uniform() }
    let pairs = MarkedPairs(values: values, steps: steps, batch: batch, places: &places)
    return TaskSample(
      inputs: Element.array(pairs.inputs), values: Element.array(zip(pairs.first, pairs.second).map(target)))
  }
}
