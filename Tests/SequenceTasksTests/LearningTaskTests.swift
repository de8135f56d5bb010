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
    #expect(sample.inputs.count == steps * batch * task.inputSize)
    let rows = task.placement(steps: steps) == .finalStep ? batch : steps * batch
    switch task.objective {
    case .classification:
      #expect(task.classCount == task.outputSize)
      #expect(sample.classes.count == rows && sample.values.isEmpty)
      #expect(sample.classes.allSatisfy { (0..<task.outputSize).contains($0) })
      #expect(task.success?.tolerance == nil)
    case .regression:
      #expect(task.classCount == nil)
      #expect(sample.values.count == rows * task.outputSize && sample.classes.isEmpty)
      #expect(task.success?.tolerance == 0.04)
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
    #expect(single.inputs == double.inputs.map { Float($0) })
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

  // About 20,000 rows whose square norms lie in [0, 1]: 5 standard errors are at most 0.018.
  @Test(arguments: TaskCase.all)
  func meanInputSquareIsThatOfTheInputs(_ tested: TaskCase) throws {
    let (task, steps) = (tested.task, tested.steps)
    let batch = 20_000 / steps
    let sample = try task.drawn(steps: steps, batch: batch, use: .training(iteration: 1))
    var mean = sample.inputs.reduce(0) { $0 + $1 * $1 } / Double(steps * batch)
    // Without the two marks of a sequence.
    if task.inputSize == 2 { mean -= 2 / Double(steps) }
    #expect((mean - task.meanInputSquare).magnitude < 0.02)
  }
}
