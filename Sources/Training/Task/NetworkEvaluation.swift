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

  /// How many sequences there are.
  public var count: Int { min(task.testLimit ?? .max, TaskEvaluation.size(of: task, wanted: size)) }

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

  /// The outputs after each step, row by row as inputs are packed [rows, O], y_t = W_o h_t + b_o; nil where a state leaves
  /// the range.
  public func outputs(on inputs: NetworkInputs<Float>) -> [Double]? {
    cell.accept(Outputs(network: self, inputs: inputs))
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

  /// The outputs after each step, row by row as inputs are packed [rows, O]:
  ///
  ///     y_t = W_o h_t + b_o
  ///
  /// nil where a state leaves the range. Of both directions h_t has the states at step t; a loss at the end alone reads
  /// that of each direction's own end.
  ///
  /// - Complexity: a forward pass, O(rows · O) memory.
  public func outputs(on inputs: NetworkInputs<Double>) -> [Double]? {
    cell.accept(Outputs(network: self, inputs: inputs))
  }
}

extension Network where Element == Float {
  /// The distribution over classes after each step, ŷ_t = softmax(y_t) of the ``outputs(on:)``.
  public func distributions(on inputs: NetworkInputs<Float>) -> [Double]? {
    outputs(on: inputs)?.softmax(by: readout.outputSize)
  }
}

extension Network where Element == Double {
  /// The distribution over classes after each step, row by row as inputs are packed [rows, O]:
  ///
  ///     ŷ_t = softmax(y_t)
  ///
  /// of the ``outputs(on:)``; nil where a state leaves the range.
  public func distributions(on inputs: NetworkInputs<Double>) -> [Double]? {
    outputs(on: inputs)?.softmax(by: readout.outputSize)
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

private struct Outputs<Element: Scalar>: CellVisitor {
  let network: Network<Element>
  let inputs: NetworkInputs<Element>

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [Double]? where Cell.Element == Element {
    let pass = NetworkPass<Cell>()
    pass.run(network, on: inputs)
    return pass.divergence == nil ? pass.outputs(network.readout, inputs.shape) : nil
  }
}

extension NetworkPass {
  /// What a readout makes of each row that a loss reads [rows, O].
  func outputs(
    _ readout: Readout<Element>, _ shape: BatchShape, _ placement: LossPlacement = .everyStep
  ) -> [Double] {
    let size = readout.outputSize
    var workspace = ReadoutWorkspace(
      readout: readout, shape: shape.with(inputSize: 1, hiddenSize: readout.weight.columns),
      placement: placement)
    var outputs: [Double] = []
    visitOutputs(placement: placement) { _, count, _, hidden in
      workspace.forward(readout, batch: count, hidden: hidden)
      outputs += Element.doubles(Array(workspace.outputs[0..<count * size]))
    }
    return outputs
  }
}

extension [Double] {
  /// The same for each row of so many numbers.
  fileprivate func softmax(by size: Int) -> [Double] {
    stride(from: 0, to: count, by: size).flatMap { Array(self[$0..<$0 + size]).softmax }
  }

  /// e^x_k / Σ_j e^x_j.
  var softmax: [Double] {
    let top = self.max() ?? 0
    let powers = map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// −ln of one of ``softmax``, also where that is below the range.
  func crossEntropy(_ target: Int) -> Double {
    let top = self.max() ?? 0
    return top - self[target] + log(reduce(0) { $0 + exp($1 - top) })
  }
}
