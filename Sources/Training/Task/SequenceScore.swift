import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// Compares the outputs of a batch of sequences with their targets, step by step.
struct SequenceScore<Element: Scalar> {
  private let task: any LearningTask
  private let drawn: DrawnSample<Element>
  private let readout: Readout<Element>
  private var workspace: ReadoutWorkspace<Element>
  private let countsErrors: Bool
  private var isWrong: [Bool]
  /// The steps that decide whether a sequence is right.
  private let scored: [ClosedRange<Int>]
  private let weight: Double

  /// Mean over the outputs that count.
  private(set) var loss = 0.0
  /// How many count.
  let count: Int
  /// By own step t = 0…T: sums of losses, right classes, and outputs that count.
  private(set) var losses: [Double]
  private(set) var right, counts: [Int]

  /// Sequences of which some scored step is wrong.
  var wrong: Int { isWrong.count { $0 } }

  init(
    _ drawn: DrawnSample<Element>, of task: any LearningTask, readout: Readout<Element>, countsErrors: Bool
  ) {
    self.task = task
    self.drawn = drawn
    self.readout = readout
    self.countsErrors = countsErrors
    let shape = drawn.shape
    workspace = ReadoutWorkspace(
      readout: readout,
      shape: shape.with(inputSize: 1, hiddenSize: readout.weight.columns), placement: drawn.placement)
    isWrong = Array(repeating: false, count: shape.batch)
    let steps = drawn.asked[0]
    scored = drawn.asked.map { task.scoredSteps(of: $0, steps: steps) }
    losses = Array(repeating: 0, count: shape.steps + 1)
    right = Array(repeating: 0, count: shape.steps + 1)
    counts = right
    let ignored = drawn.sample.classes.count { $0 == ignoredClass }
    if drawn.placement == .finalStep {
      count = shape.batch - ignored
    } else if ignored == 0, shape.lengths == nil {
      count = drawn.placement.count(of: shape.steps) * shape.batch
    } else {
      count = Self.count(drawn)
    }
    weight = 1 / Double(max(1, count))
  }

  /// The outputs that count, where some do not or lengths differ.
  private static func count(_ drawn: DrawnSample<Element>) -> Int {
    let shape = drawn.shape.with(inputSize: 1, hiddenSize: 1)
    return (1...shape.steps).reduce(0) { sum, t in
      guard drawn.placement.includes(t, of: shape.steps) else { return sum }
      let classes = drawn.sample.classes
      guard !classes.isEmpty else { return sum + shape.count(at: t) }
      let first = shape.firstRow(of: t)
      return sum + classes[first..<first + shape.count(at: t)].count { $0 != ignoredClass }
    }
  }

  /// Whether a step has outputs that are asked for.
  func reads(_ t: Int) -> Bool { drawn.placement.includes(t, of: drawn.shape.steps) }

  /// Takes in the outputs of a step.
  ///
  /// - Parameters:
  ///   - sequences: those that have the step, the first so many.
  ///   - hidden: what the last layer gives for them [sequences, D·H].
  mutating func add(step t: Int, sequences: Int, firstRow: Int, hidden: UnsafePointer<Element>) {
    guard reads(t) else { return }
    workspace.forward(readout, batch: sequences, hidden: hidden)
    let row = drawn.placement == .finalStep ? 0 : firstRow
    switch task.objective {
    case .classification: addClasses(t, sequences, row)
    case .regression: addValues(t, sequences, row)
    }
  }

  private mutating func addClasses(_ t: Int, _ sequences: Int, _ row: Int) {
    let size = readout.outputSize
    let classes = drawn.sample.classes
    var isWhole = drawn.shape.lengths == nil
    for b in 0..<sequences {
      let target = classes[row + b]
      guard target != ignoredClass else {
        isWhole = false
        continue
      }
      let isRight = workspace.outputs.withUnsafeBufferPointer { largest($0, b, size) == target }
      if countsErrors, !isRight, scored[b].contains(t) { isWrong[b] = true }
      let own = ownStep(t, of: b)
      counts[own] += 1
      if isRight { right[own] += 1 }
    }
    let weight = weight
    var scratch = [Double]()
    swap(&scratch, &workspace.scratch)
    defer { swap(&scratch, &workspace.scratch) }
    func term(_ first: Int, _ count: Int, _ outputs: UnsafeMutablePointer<Element>) -> Double {
      classes.withUnsafeBufferPointer { targets in
        guard let targets = targets.baseAddress else { return 0 }
        return Element.softmaxCrossEntropy(
          count: count, width: size, weight: weight, classes: targets + row + first, outputs + first * size,
          exponents: nil, scratch: &scratch)
      }
    }
    if isWhole {
      let found = term(0, sequences, &workspace.outputs)
      loss += found
      losses[t] += found / weight
      return
    }
    for b in 0..<sequences where classes[row + b] != ignoredClass {
      let found = term(b, 1, &workspace.outputs)
      loss += found
      losses[ownStep(t, of: b)] += found / weight
    }
  }

  private mutating func addValues(_ t: Int, _ sequences: Int, _ row: Int) {
    let size = readout.outputSize
    let values = drawn.sample.values
    if countsErrors, let tolerance = task.success?.tolerance {
      for k in 0..<sequences * size where scored[k / size].contains(t) {
        let distance = Double(workspace.outputs[k]) - Double(values[row * size + k])
        if !(distance.magnitude <= tolerance) { isWrong[k / size] = true }
      }
    }
    func mean(_ first: Int, _ count: Int, _ outputs: UnsafeMutablePointer<Element>) -> Double {
      values.withUnsafeBufferPointer { targets in
        guard let targets = targets.baseAddress else { return 0 }
        return Element.meanSquaredError(
          count * size, target: targets + (row + first) * size, outputs + first * size)
      }
    }
    guard drawn.shape.lengths == nil else {
      for b in 0..<sequences {
        let (own, square) = (ownStep(t, of: b), mean(b, 1, &workspace.outputs))
        loss += square * weight
        losses[own] += square
        counts[own] += 1
      }
      return
    }
    let square = mean(0, sequences, &workspace.outputs)
    loss += square / Double(drawn.placement.count(of: drawn.shape.steps))
    losses[t] += square * Double(sequences)
    counts[t] += sequences
  }

  /// t of a sequence from its own start.
  private func ownStep(_ t: Int, of b: Int) -> Int {
    drawn.shape.lengths.map { t - (drawn.shape.steps - $0.values[b]) } ?? t
  }
}

/// The class with the largest output of row b; the first of equals.
func largest<Element: Scalar>(_ outputs: UnsafeBufferPointer<Element>, _ b: Int, _ size: Int) -> Int {
  var best = 0
  for k in 1..<max(1, size) where outputs[b * size + k] > outputs[b * size + best] { best = k }
  return best
}
