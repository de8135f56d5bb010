import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Sequences of different lengths")
struct TaskLengthsTests {
  static let cases = TaskCase.all.filter { $0.task.allowsLengths }

  /// Two of the longest, one between, three of the shortest.
  private static func lengths(_ tested: TaskCase) -> SequenceLengths {
    let n = tested.steps
    return SequenceLengths([n + 5, n + 5, n + 2, n, n, n])
  }

  /// Rows of width `width`, those of each sequence, in its own order.
  private static func sequences<Value>(_ rows: [Value], width: Int, _ shape: BatchShape) -> [[Value]] {
    let packed = shape.with(inputSize: 1, hiddenSize: 1)
    return (0..<shape.batch).map { b in
      (packed.start(of: b) + 1...shape.steps).flatMap { t in
        let row = packed.firstRow(of: t) + b
        return rows[row * width..<(row + 1) * width]
      }
    }
  }

  @Test(arguments: cases)
  func eachSequenceIsWhatTheTaskMakesOfItsLength(_ tested: TaskCase) throws {
    let (task, lengths) = (tested.task, Self.lengths(tested))
    let draw = SampleDraw(rootSeed: 3, seed: 4, use: .training(iteration: 2))
    let sample = try task.sample(Double.self, lengths: lengths, draw: draw)
    #expect(sample.lengths == lengths)
    let shape = sample.shape(steps: 0, batch: 6)
    #expect(shape == BatchShape(steps: lengths.steps, batch: 6, lengths: lengths))
    var expected: [(inputs: [Double], classes: [Int], values: [Double], source: [Double])] = []
    for (length, count) in [(tested.steps + 5, 2), (tested.steps + 2, 1), (tested.steps, 3)] {
      let group = try task.sample(
        Double.self, steps: length, batch: count,
        draw: SampleDraw(rootSeed: 3, seed: 4, use: .training(iteration: 2), length: length))
      let equal = BatchShape(steps: length, batch: count)
      let inputs = Self.sequences(group.inputs.dense, width: task.inputSize, equal)
      let source = group.source.map {
        Self.sequences($0.inputs.dense, width: task.inputSize, $0.shape)
      }
      for b in 0..<count {
        var (classes, values) = (group.classes, group.values)
        if task.hasTargetOfEachStep {
          if !classes.isEmpty { classes = Self.sequences(classes, width: 1, equal)[b] }
          if !values.isEmpty { values = Self.sequences(values, width: task.outputSize, equal)[b] }
        } else {
          if !classes.isEmpty { classes = [classes[b]] }
          if !values.isEmpty { values = Array(values[b * task.outputSize..<(b + 1) * task.outputSize]) }
        }
        expected.append((inputs[b], classes, values, source?[b] ?? []))
      }
    }
    let width = task.hasTargetOfEachStep ? nil : 1
    func targets<Value>(_ values: [Value], _ size: Int) -> [[Value]] {
      if values.isEmpty { return Array(repeating: [], count: 6) }
      if width == nil { return Self.sequences(values, width: size, shape) }
      return (0..<6).map { Array(values[$0 * size..<($0 + 1) * size]) }
    }
    #expect(Self.sequences(sample.inputs.dense, width: task.inputSize, shape) == expected.map(\.inputs))
    #expect(targets(sample.classes, 1) == expected.map(\.classes))
    #expect(targets(sample.values, task.outputSize) == expected.map(\.values))
    if let source = sample.source {
      #expect(source.shape == shape)
      #expect(
        Self.sequences(source.inputs.dense, width: task.inputSize, source.shape) == expected.map(\.source))
    } else {
      #expect(task.topology != .encoderDecoder)
    }
    if case .tokens(_, let count) = sample.inputs { #expect(count == task.tokenCount) }
  }

  // What is counted from the start is another step of the batch for each length.
  @Test(arguments: cases)
  func placementsAndScoredStepsAreThoseOfEachLength(_ tested: TaskCase) throws {
    let (task, lengths) = (tested.task, Self.lengths(tested))
    let steps = lengths.steps
    let sample = try task.sample(Double.self, lengths: lengths, draw: SampleDraw())
    let placement = task.placement(steps: steps, lengths: lengths)
    #expect(placement == (task.hasTargetOfEachStep ? .everyStep : .finalStep))
    for (b, length) in lengths.values.enumerated() {
      let own = task.scoredSteps(steps: length)
      let scored = task.scoredSteps(of: length, steps: steps)
      #expect(scored.upperBound == steps && scored.count == own.count)
      #expect(scored.lowerBound == steps - length + own.lowerBound)
      guard task.hasTargetOfEachStep, task.objective == .classification else { continue }
      let classes = Self.sequences(sample.classes, width: 1, sample.shape(steps: steps, batch: 6))[b]
      for t in 1...length {
        let isRead = task.placement(steps: length).includes(t, of: length)
        #expect((classes[t - 1] != ignoredClass) == isRead)
      }
    }
    let equal = SequenceLengths([steps, steps])
    #expect(task.placement(steps: steps, lengths: equal) == task.placement(steps: steps))
    #expect(task.placement(steps: steps, lengths: nil) == task.placement(steps: steps))
  }

  @Test(arguments: cases)
  func lengthsOfADrawHaveStreamsOfTheirOwn(_ tested: TaskCase) throws {
    let (task, steps) = (tested.task, tested.steps)
    let one = try task.sample(Double.self, lengths: SequenceLengths([steps, steps]), draw: SampleDraw())
    let same = try task.sample(Double.self, lengths: SequenceLengths([steps, steps]), draw: SampleDraw())
    let mixed = try task.sample(
      Double.self, lengths: SequenceLengths([steps + 1, steps, steps]), draw: SampleDraw())
    #expect(one == same && one.lengths?.values == [steps, steps])
    let shape = BatchShape(steps: steps + 1, batch: 3, lengths: mixed.lengths)
    let equal = BatchShape(steps: steps, batch: 2)
    #expect(
      Self.sequences(mixed.inputs.dense, width: task.inputSize, shape).dropFirst()
        == Self.sequences(one.inputs.dense, width: task.inputSize, equal)[...])
  }

  @Test func noiseOfDifferentLengthsIsPackedToo() throws {
    let noise = GaussianNoise(inputSize: 3, classCount: 5)
    let lengths = SequenceLengths([4, 2, 1])
    let sample = try noise.sample(Float.self, lengths: lengths, draw: SampleDraw(seed: 9))
    #expect(sample.classes.count == 7 && sample.inputs.dense.count == 21)
    let shape = sample.shape(steps: 4, batch: 3)
    for (b, length) in lengths.values.enumerated() {
      let own = try noise.sample(
        Float.self, steps: length, batch: 1, draw: SampleDraw(seed: 9, length: length))
      #expect(Self.sequences(sample.inputs.dense, width: 3, shape)[b] == own.inputs.dense)
      #expect(Self.sequences(sample.classes, width: 1, shape)[b] == own.classes)
    }
  }

  @Test func tasksOfOneLengthRefuseOthers() {
    let task = TaskCase.digits(count: 30, pixelCount: 6)
    let error = #expect(throws: SequenceTaskError.self) {
      try task.sample(Double.self, lengths: SequenceLengths([6, 6]), draw: SampleDraw())
    }
    #expect(error == .lengthsAreFixed(task: task.name))
    #expect(error?.description.contains("one length only") == true)
  }

  @Test func aLengthThatIsTooShortIsRefused() {
    #expect(throws: SequenceTaskError.sequenceTooShort(task: "the adding task", steps: 1, least: 2)) {
      try AddingProblem().sample(Double.self, lengths: SequenceLengths([5, 1]), draw: SampleDraw())
    }
  }

  // MARK: - Lengths

  @Test func lengthsAreUniformAndSorted() {
    let batch = 20_000
    let lengths = SampleDraw(rootSeed: 1, seed: 2).lengths(shortest: 3, longest: 7, batch: batch).values
    #expect(lengths.count == batch && lengths == lengths.sorted(by: >))
    for length in 3...7 {
      #expect(agrees(Double(lengths.count { $0 == length }) / Double(batch), 1 / 5, count: batch))
    }
    #expect(SampleDraw().lengths(shortest: 4, longest: 4, batch: 3).values == [4, 4, 4])
    #expect(SampleDraw().lengths(shortest: 1, longest: 9, batch: 1).batch == 1)
  }

  // They do not depend on anything that the trials of a seed may differ in, nor move what else is drawn.
  @Test func lengthsDependOnTheDrawOnly() {
    func lengths(_ root: UInt64, _ seed: UInt64, _ use: SampleDraw.Use) -> [Int] {
      SampleDraw(rootSeed: root, seed: seed, use: use).lengths(shortest: 1, longest: 1_000, batch: 20).values
    }
    let uses: [SampleDraw.Use] = [
      .diagnosis, .training(iteration: 1), .training(iteration: 2), .evaluation(part: 0),
      .evaluation(part: 1),
    ]
    let drawn = uses.map { lengths(1, 2, $0) }
    #expect(Set(drawn).count == uses.count && uses.map { lengths(1, 2, $0) } == drawn)
    #expect(lengths(1, 3, .diagnosis) != drawn[0] && lengths(2, 2, .diagnosis) != drawn[0])
    #expect(lengths(1, 99, .evaluation(part: 1)) == drawn[4])
    #expect(lengths(1, 2, .washout) == drawn[0])
  }

  // MARK: - Chance

  // One sequence of each length in a batch has the loss that is the mean over the lengths.
  @Test func chanceOfARangeIsThatOfABatchOfAllItsLengths() throws {
    let (task, range) = (BitMemorisation(bits: 3), 8...19)
    let lengths = SequenceLengths(range.reversed())
    let sample = try task.sample(Double.self, lengths: lengths, draw: SampleDraw())
    let shape = sample.shape(steps: 19, batch: 12).with(inputSize: 4, hiddenSize: 1)
    let steps = (1...19).flatMap { t in Array(repeating: t, count: shape.count(at: t)) }
    let guess = Array(repeating: 0.0, count: 2) + [-1_000]
    let measured = crossEntropy(sample.classes) { steps[$0] > 16 ? guess : [0, 0, 1_000] }
    let chance = task.chance(lengths: range)
    #expect((measured - chance.loss).magnitude < 1e-12)
    #expect(chance.errorRate == task.chance(steps: 8).errorRate)
    // Constants: the frequencies of all rows.
    for k in 0..<2 {
      let due = Double(12 * 3) / Double(2 * lengths.rowCount)
      #expect((exp(chance.outputs[k]) - due).magnitude < 1e-15)
    }
    #expect((chance.outputs.reduce(0) { $0 + exp($1) } - 1).magnitude < 1e-14)
  }

  @Test(arguments: cases)
  func aRangeOfOneLengthHasItsChance(_ tested: TaskCase) {
    let chance = tested.task.chance(steps: tested.steps)
    #expect(tested.task.chance(lengths: tested.steps...tested.steps) == chance)
    let range = tested.task.chance(lengths: tested.steps...tested.steps + 3)
    #expect(range.outputs.count == tested.task.outputSize && range.loss > 0)
    #expect((range.errorRate == nil) == (chance.errorRate == nil))
  }

  // Echo has T − d rows of a sequence in its loss, and a loss at the end has one.
  @Test func lengthsAreWeightedByTheRowsThatCount() {
    struct Ramp: LearningTask {
      let last: Bool
      var inputSize: Int { 1 }
      var meanInputSquare: Double { 1 }
      var objective: TaskObjective { .regression }
      var outputSize: Int { 1 }
      var leastSteps: Int { 1 }
      var success: SuccessRule? { nil }
      func placement(steps: Int) -> LossPlacement { last ? .finalStep : .steps(Set(2...steps)) }
      func chance(steps: Int) -> ChanceLevel {
        ChanceLevel(loss: Double(steps), errorRate: Double(steps) / 10, outputs: [Double(steps)])
      }
      func sample<Element: Scalar>(
        _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
      ) throws(SequenceTaskError) -> TaskSample<Element> { TaskSample(inputs: []) }
    }
    let final = Ramp(last: true).chance(lengths: 2...4)
    #expect(final.loss == 3 && final.outputs == [3])
    // 1, 2 and 3 rows: (1·2 + 2·3 + 3·4)/6.
    let rows = Ramp(last: false).chance(lengths: 2...4)
    #expect((rows.loss - 20.0 / 6).magnitude < 1e-15 && (rows.outputs[0] - 20.0 / 6).magnitude < 1e-15)
    for level in [final, rows] { #expect((level.errorRate.map { ($0 - 0.3).magnitude } ?? 1) < 1e-15) }
  }
}
