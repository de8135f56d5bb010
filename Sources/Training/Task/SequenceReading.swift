import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// What a network makes of one sequence, step by step.
public struct SequenceReading: Sendable, Equatable {
  /// Something that is read at a step.
  public enum Input: Sendable, Equatable {
    case token(Int)
    case values([Double])
  }

  /// What is asked of the outputs of a step.
  public enum Target: Sendable, Equatable {
    case label(Int)
    case values([Double])
  }

  /// What is put out at a step.
  public struct Prediction: Sendable, Equatable {
    /// Read at this step.
    public let input: Input
    /// ŷ_t: of classes their distribution, softmax(W_o h_t + b_o), of a regression the outputs themselves [O].
    public let outputs: [Double]
    /// −ln ŷ_t of the target in nats, or the mean squared error; nil where nothing is asked.
    public let loss: Double?
    /// Whether the target has the largest output or, of a regression, all outputs are within the task's tolerance; nil where
    /// nothing is asked, or there is no tolerance.
    public let isRight: Bool?

    /// The class with the largest output.
    public var largest: Int { outputs.indices.max { outputs[$0] < outputs[$1] } ?? 0 }
  }

  /// One step.
  public struct Step: Sendable, Equatable {
    /// t, from 1.
    public let step: Int
    /// nil where nothing is asked.
    public let target: Target?
    /// Where outputs are read as inputs, with the right ones before (teacher forcing).
    public let forced: Prediction
    /// Where outputs are read as inputs, with the network's own before; nil for other tasks.
    public let own: Prediction?
  }

  /// What an encoder reads before; nil without one.
  public let source: [Input]?
  public let steps: [Step]

  /// Mean loss over the steps that are asked for something; nil where none is.
  public func meanLoss(_ prediction: (Step) -> Prediction?) -> Double? {
    let losses = steps.compactMap { prediction($0)?.loss }
    return losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count)
  }

  /// How many outputs are right, of those that can be; nil where none can.
  public func right(_ prediction: (Step) -> Prediction?) -> (count: Int, of: Int)? {
    let found = steps.compactMap { prediction($0)?.isRight }
    return found.isEmpty ? nil : (found.count { $0 }, found.count)
  }
}

// One function a precision: the compiler then makes one loop of each cell and precision.
extension Network where Element == Float {
  /// What the network makes of one sequence of a test set; nil where a state leaves the range.
  ///
  /// - Parameter sequence: from 0, in the order in which tests read them.
  /// - Throws: ``SequenceTaskError`` where the task has no sequences of that length.
  /// - Precondition: the test set has that many.
  public func reading(of test: TestSet, sequence: Int) throws(SequenceTaskError) -> SequenceReading? {
    try cell.accept(Reader(network: self, test: test, sequence: sequence)).get()
  }
}

extension Network where Element == Double {
  /// What the network makes of one sequence of a test set; nil where a state leaves the range.
  ///
  /// - Parameter sequence: from 0, in the order in which tests read them.
  /// - Throws: ``SequenceTaskError`` where the task has no sequences of that length.
  /// - Precondition: the test set has that many.
  /// - Complexity: draws the hundred sequences that are tested together, and reads one of them.
  public func reading(of test: TestSet, sequence: Int) throws(SequenceTaskError) -> SequenceReading? {
    try cell.accept(Reader(network: self, test: test, sequence: sequence)).get()
  }
}

private struct Reader<Element: Scalar>: CellVisitor {
  let network: Network<Element>
  let test: TestSet
  let sequence: Int

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Result<SequenceReading?, SequenceTaskError>
  where Cell.Element == Element {
    do throws(SequenceTaskError) {
      return .success(try read(type))
    } catch {
      return .failure(error)
    }
  }

  private func read<Cell: RecurrentCell>(
    _ type: Cell.Type
  ) throws(SequenceTaskError) -> SequenceReading? where Cell.Element == Element {
    precondition((0..<test.count).contains(sequence), "the test set has \(test.count) sequences")
    let task = test.task
    let (part, place) = sequence.quotientAndRemainder(dividingBy: TaskEvaluation.batch)
    let drawn = try DrawnSample<Element>(
      task, steps: test.steps, shortest: test.shortestLength, batch: TaskEvaluation.batch,
      draw: SampleDraw(rootSeed: test.rootSeed, use: .evaluation(part: part))
    ).alone(place, of: task)
    let pass = NetworkPass<Cell>()
    pass.run(network, on: drawn.inputs)
    guard pass.divergence == nil else { return nil }
    let read = drawn.sample.inputs.steps(drawn.shape.steps)
    var outputs = pass.outputs(network.readout, drawn.shape)
    if drawn.placement == .finalStep {
      // What is read of a reverse direction then is its own end.
      let last = pass.outputs(network.readout, drawn.shape, .finalStep)
      outputs.replaceSubrange(outputs.count - last.count..<outputs.count, with: last)
    }
    let forced = predictions(outputs, reading: read, drawn)
    var own: [SequenceReading.Prediction]?
    if task.topology.feedsBack {
      guard let said = OwnPredictions<Cell>().say(drawn, by: network, of: task) else { return nil }
      let outputs = self.outputs(of: said)
      let size = network.readout.outputSize
      let inputs = read.indices.map { k -> SequenceReading.Input in
        // What is read first, nobody has said.
        guard k > 0 else { return read[0] }
        return outputs.withUnsafeBufferPointer {
          .token(task.nextToken(afterClass: largest($0, k - 1, size)))
        }
      }
      own = predictions(outputs, reading: inputs, drawn)
    }
    return SequenceReading(
      source: drawn.sample.source.map { $0.inputs.steps($0.shape.steps) },
      steps: forced.indices.map { k in
        SequenceReading.Step(
          step: k + 1, target: target(k, drawn), forced: forced[k], own: own.map { $0[k] })
      })
  }

  /// What the readout makes of rows of the last layer.
  private func outputs(of hidden: [Element]) -> [Double] {
    let (width, readout) = (network.readout.weight.columns, network.readout)
    let count = hidden.count / width
    var workspace = ReadoutWorkspace(readout: readout, batch: count)
    workspace.forward(readout, batch: count, hidden: hidden)
    return Element.doubles(Array(workspace.outputs[0..<count * readout.outputSize]))
  }

  /// What is asked of step k, from 0.
  private func target(_ k: Int, _ drawn: DrawnSample<Element>) -> SequenceReading.Target? {
    let steps = drawn.shape.steps
    guard drawn.placement.includes(k + 1, of: steps) else { return nil }
    let row = drawn.placement == .finalStep ? 0 : k
    switch test.task.objective {
    case .classification:
      let found = drawn.sample.classes[row]
      return found == ignoredClass ? nil : .label(found)
    case .regression:
      let size = network.readout.outputSize
      return .values(Element.doubles(Array(drawn.sample.values[row * size..<(row + 1) * size])))
    }
  }

  private func predictions(
    _ outputs: [Double], reading inputs: [SequenceReading.Input], _ drawn: DrawnSample<Element>
  ) -> [SequenceReading.Prediction] {
    let size = network.readout.outputSize
    return inputs.indices.map { k in
      let own = Array(outputs[k * size..<(k + 1) * size])
      let target = target(k, drawn)
      switch target {
      case .label(let label)?:
        let isRight = own.withUnsafeBufferPointer { largest($0, 0, size) == label }
        return SequenceReading.Prediction(
          input: inputs[k], outputs: own.softmax, loss: own.crossEntropy(label), isRight: isRight)
      case .values(let values)?:
        let distances = zip(own, values).map { $0 - $1 }
        return SequenceReading.Prediction(
          input: inputs[k], outputs: own,
          loss: distances.reduce(0) { $0 + $1 * $1 } / Double(size),
          isRight: test.task.success?.tolerance.map { limit in distances.allSatisfy { $0.magnitude <= limit }
          })
      case nil:
        return SequenceReading.Prediction(
          input: inputs[k], outputs: test.task.objective == .classification ? own.softmax : own, loss: nil,
          isRight: nil)
      }
    }
  }
}

extension SequenceInputs {
  /// What one sequence reads at each of its steps.
  fileprivate func steps(_ count: Int) -> [SequenceReading.Input] {
    switch self {
    case .tokens(let ids, _): return ids.map { .token($0) }
    case .dense(let values):
      let width = values.count / count
      return (0..<count).map { k in .values(Element.doubles(Array(values[k * width..<(k + 1) * width]))) }
    }
  }
}
