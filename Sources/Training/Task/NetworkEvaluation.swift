import Foundation
import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// Which sequences of a task a network is tested on.
public struct TestSet: Sendable {
  public var task: any LearningTask
  /// T of the longest sequences; of an encoder's where another sequence is said.
  public var steps: Int
  /// Of the shortest ones, lengths being uniform between both; nil: all have T steps.
  public var shortestLength: Int?
  /// Sequences that are wanted.
  public var size: Int
  /// Of the streams that sequences are drawn from.
  public var rootSeed: UInt64

  public init(
    _ task: any LearningTask, steps: Int, shortestLength: Int? = nil, size: Int = 10_000, rootSeed: UInt64 = 0
  ) {
    self.task = task
    self.steps = steps
    self.shortestLength = shortestLength
    self.size = size
    self.rootSeed = rootSeed
  }
}

// One function a precision: the compiler then makes one loop of each cell and precision.
extension Network where Element == Float {
  /// What the network makes of a whole test set, which may have sequences of other lengths than it was trained on; nil where
  /// its state or loss leaves the range.
  ///
  /// - Throws: ``SequenceTaskError`` where the task has no sequences of that length.
  public func evaluation(on test: TestSet) throws(SequenceTaskError) -> TaskEvaluation? {
    try cell.accept(Evaluation(network: self, test: test)).get()
  }

  /// The distribution over classes after each step, row by row as inputs are packed [rows, O],
  /// ŷ_t = softmax(W_o h_t + b_o); nil where a state leaves the range.
  public func distributions(on inputs: NetworkInputs<Float>) -> [Double]? {
    cell.accept(Distributions(network: self, inputs: inputs))
  }
}

extension Network where Element == Double {
  /// What the network makes of a whole test set, which may have sequences of other lengths than it was trained on; nil where
  /// its state or loss leaves the range.
  ///
  /// - Throws: ``SequenceTaskError`` where the task has no sequences of that length.
  public func evaluation(on test: TestSet) throws(SequenceTaskError) -> TaskEvaluation? {
    try cell.accept(Evaluation(network: self, test: test)).get()
  }

  /// The distribution over classes after each step, row by row as inputs are packed [rows, O]:
  ///
  ///     ŷ_t = softmax(W_o h_t + b_o)
  ///
  /// nil where a state leaves the range.
  ///
  /// - Complexity: a forward pass, O(rows · O) memory.
  public func distributions(on inputs: NetworkInputs<Double>) -> [Double]? {
    cell.accept(Distributions(network: self, inputs: inputs))
  }
}

private struct Evaluation<Element: Scalar>: CellVisitor {
  let network: Network<Element>
  let test: TestSet

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Result<TaskEvaluation?, SequenceTaskError>
  where Cell.Element == Element {
    let evaluator = TaskEvaluator<Cell>(
      task: test.task, steps: test.steps, shortest: test.shortestLength, size: test.size,
      rootSeed: test.rootSeed)
    do throws(SequenceTaskError) {
      return .success(try evaluator.evaluate(network, isWhole: true))
    } catch {
      return .failure(error)
    }
  }
}

private struct Distributions<Element: Scalar>: CellVisitor {
  let network: Network<Element>
  let inputs: NetworkInputs<Element>

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [Double]? where Cell.Element == Element {
    let pass = NetworkPass<Cell>()
    pass.run(network, on: inputs)
    guard pass.divergence == nil else { return nil }
    let size = network.readout.outputSize
    var workspace = ReadoutWorkspace(
      readout: network.readout,
      shape: inputs.shape.with(inputSize: 1, hiddenSize: network.readout.weight.columns),
      placement: .everyStep)
    var probabilities: [Double] = []
    probabilities.reserveCapacity(inputs.shape.rowCount * size)
    pass.visitOutputs(placement: .everyStep) { _, count, _, hidden in
      workspace.forward(network.readout, batch: count, hidden: hidden)
      for b in 0..<count {
        probabilities += Element.doubles(Array(workspace.outputs[b * size..<(b + 1) * size])).softmax
      }
    }
    return probabilities
  }
}

extension [Double] {
  /// e^x_k / Σ_j e^x_j.
  fileprivate var softmax: [Double] {
    let top = self.max() ?? 0
    let powers = map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
