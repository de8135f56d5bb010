import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Learning tasks")
struct LearningTaskTests {
  @Test(arguments: TaskCase.all)
  func shapesAreThoseOfThePlacement(_ tested: TaskCase) throws {
    let (task, steps, batch) = (tested.task, tested.steps, 5)
    let sample = try task.drawn(steps: steps, batch: batch)
    #expect(sample.inputs.dense.count == steps * batch * task.inputSize)
    #expect(sample.lengths == nil && task.outputSteps(steps: steps) == steps)
    switch sample.inputs {
    case .tokens(let ids, let count):
      #expect(task.tokenCount == count && count == task.inputSize)
      #expect(ids.allSatisfy { (0..<count).contains($0) })
    case .dense: #expect(task.tokenCount == nil)
    }
    let rows = task.placement(steps: steps) == .finalStep ? batch : steps * batch
    switch task.objective {
    case .classification:
      #expect(task.classCount == task.outputSize)
      #expect(sample.classes.count == rows && sample.values.isEmpty)
      #expect(sample.classes.allSatisfy { $0 == ignoredClass || (0..<task.outputSize).contains($0) })
      #expect(task.success?.tolerance == nil)
    case .regression:
      #expect(task.classCount == nil)
      #expect(sample.values.count == rows * task.outputSize && sample.classes.isEmpty)
      #expect(task.success?.tolerance != nil)
    }
  }

  @Test(arguments: TaskCase.all)
  func scoredStepsAreReadByTheLoss(_ tested: TaskCase) {
    let (placement, steps) = (tested.task.placement(steps: tested.steps), tested.steps)
    let scored = tested.task.scoredSteps(steps: steps)
    #expect(scored.upperBound == steps && scored.lowerBound >= 1)
    #expect(scored.allSatisfy { placement.includes($0, of: steps) })
    #expect(tested.task.chance(steps: steps).outputs.count == tested.task.outputSize)
    #expect(tested.task.leastSteps <= steps)
  }

  @Test(arguments: TaskCase.all)
  func aSampleDependsOnItsDrawOnly(_ tested: TaskCase) throws {
    let task = tested.task
    func inputs(_ root: UInt64, _ seed: UInt64, _ use: SampleDraw.Use) throws -> TaskSample<Double> {
      try task.drawn(steps: tested.steps, batch: 6, root: root, seed: seed, use: use)
    }
    let uses: [SampleDraw.Use] = [
      .diagnosis, .training(iteration: 1), .training(iteration: 2), .evaluation(part: 0),
      .evaluation(part: 1),
    ]
    let samples = try uses.map { try inputs(1, 2, $0) }
    #expect(try uses.map { try inputs(1, 2, $0) } == samples)
    for a in uses.indices {
      for b in 0..<a { #expect(samples[a].inputs != samples[b].inputs, "\(uses[a]) and \(uses[b])") }
    }
    for use in uses.prefix(3) {
      #expect(try inputs(1, 3, use).inputs != inputs(1, 2, use).inputs)
      #expect(try inputs(2, 2, use).inputs != inputs(1, 2, use).inputs)
    }
  }

  @Test(arguments: TaskCase.all)
  func theTestSetIsTheSameForEveryTrialSeed(_ tested: TaskCase) throws {
    for part in [0, 3] {
      let samples = try [2, 3, 99].map {
        try tested.task.drawn(steps: tested.steps, batch: 4, seed: $0, use: .evaluation(part: part))
      }
      #expect(samples[0] == samples[1] && samples[0] == samples[2])
    }
  }

  @Test(arguments: TaskCase.all)
  func singlePrecisionIsTheRoundedSample(_ tested: TaskCase) throws {
    let double = try tested.task.drawn(steps: tested.steps, batch: 6)
    let single = try tested.task.sample(
      Float.self, steps: tested.steps, batch: 6, draw: SampleDraw(rootSeed: 1, seed: 2))
    #expect(single.inputs.dense == double.inputs.dense.map { Float($0) })
    #expect(single.values == double.values.map { Float($0) })
    #expect(single.classes == double.classes)
  }

  @Test(arguments: TaskCase.all.filter { !($0.task is NextCharacter || $0.task is SequentialDigits) })
  func tooShortSequencesAreRefused(_ tested: TaskCase) throws {
    let least = tested.task.leastSteps
    _ = try tested.task.drawn(steps: least, batch: 2)
    for steps in [0, least - 1] {
      let error = #expect(throws: SequenceTaskError.self) { try tested.task.drawn(steps: steps, batch: 2) }
      guard case .sequenceTooShort(let name, steps, least) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      let text = error?.description ?? ""
      #expect(text.hasPrefix(name) && text.contains("at least \(least) steps, not \(steps)"))
    }
  }

  // A row whose class is left out is one that the loss does not read, and what is fed back is what was said.
  @Test(arguments: TaskCase.all)
  func rowsThatCountAreThoseOfThePlacement(_ tested: TaskCase) throws {
    let (task, steps, batch) = (tested.task, tested.steps, 5)
    let sample = try task.drawn(steps: steps, batch: batch)
    #expect(task.hasTargetOfEachStep == (task.placement(steps: steps) != .finalStep))
    guard task.hasTargetOfEachStep, task.objective == .classification else { return }
    for t in 1...steps {
      let isRead = task.placement(steps: steps).includes(t, of: steps)
      for row in (t - 1) * batch..<t * batch { #expect((sample.classes[row] != ignoredClass) == isRead) }
    }
    guard task.topology.feedsBack, case .tokens(let ids, _) = sample.inputs else { return }
    for row in batch..<steps * batch {
      #expect(ids[row] == task.nextToken(afterClass: sample.classes[row - batch]))
    }
  }

  @Test func topologiesAreThoseOfTheLectureNotes() {
    let found = Dictionary(uniqueKeysWithValues: TaskCase.all.map { ($0.name, $0.task.topology) })
    #expect(found["whole digits"] == .oneToOne && found["digits by rows"] == .manyToOne)
    #expect(found["own output"] == .oneToMany(.ownOutput) && found["no feedback"] == .oneToMany(.nothing))
    #expect(found["adding"] == .manyToOne && found["digits"] == .manyToOne)
    #expect(found["echo"] == .manyToMany && found["flip-flop"] == .manyToMany)
    #expect(found["copy memory"] == .manyToMany && found["text"] == .manyToMany)
    #expect(found["reversal"] == .encoderDecoder)
    let feedingBack = TaskCase.all.filter { $0.task.topology.feedsBack }.map(\.name)
    #expect(feedingBack == ["reversal", "own output"])
  }

  @Test(arguments: TaskCase.all)
  func tokensAndClassesHaveNamesOfTheirOwn(_ tested: TaskCase) {
    let task = tested.task
    let tokens = (0..<(task.tokenCount ?? 0)).map { task.name(ofToken: $0) }
    let classes = (0..<(task.classCount ?? 0)).map { task.name(ofClass: $0) }
    #expect(Set(tokens).count == tokens.count && Set(classes).count == classes.count)
    // A table shows them.
    #expect((tokens + classes).allSatisfy { !$0.isEmpty && !$0.contains(where: \.isNewline) })
    guard task.topology.feedsBack else { return }
    for label in 0..<task.outputSize {
      #expect(task.name(ofToken: task.nextToken(afterClass: label)) == task.name(ofClass: label))
    }
  }

  @Test func whatCannotBeSeenInATextHasAName() {
    let task = NextCharacter(text: "a \n\t\u{A0}\u{301}")
    #expect((0..<6).map { task.name(ofToken: $0) } == ["\\t", "\\n", "␣", "a", "U+00A0", "U+0301"])
  }

  @Test(arguments: TaskCase.all.filter { $0.task.hasTargetOfEachStep })
  func chanceByStepIsInTheMeanThatOfTheTask(_ tested: TaskCase) throws {
    let (task, steps) = (tested.task, tested.steps)
    for lengths in [steps...steps, task.leastSteps...steps] where task.allowsLengths || lengths.count == 1 {
      var (sum, count) = (0.0, 0)
      for length in lengths {
        for t in 1...length where task.placement(steps: length).includes(t, of: length) {
          sum += try #require(task.chanceLoss(at: t, lengths: lengths))
          count += 1
        }
      }
      #expect((sum / Double(count) - task.chance(lengths: lengths).loss).magnitude < 1e-12, "\(lengths)")
    }
  }

  // About 50,000 rows whose square norms lie in [0, 1], or are sums of three coins: 5 standard errors are 0.017.
  @Test(arguments: TaskCase.all)
  func meanInputSquareIsThatOfTheInputs(_ tested: TaskCase) throws {
    let (task, steps) = (tested.task, tested.steps)
    let batch = 50_000 / steps
    let sample = try task.drawn(steps: steps, batch: batch, use: .training(iteration: 1))
    let mean = sample.inputs.dense.reduce(0) { $0 + $1 * $1 } / Double(steps * batch)
    #expect((mean - tested.excess / Double(steps) - task.meanInputSquare).magnitude < 0.02)
  }
}
