import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Class to sequence")
struct ClassToSequenceTests {
  /// The wave of a class: `half` zeros, as many ones, and so on.
  private static func wave(half: Int, steps: Int) -> [Int] {
    var wave: [Int] = []
    while wave.count < steps {
      wave += Array(repeating: 0, count: half) + Array(repeating: 1, count: half)
    }
    return Array(wave.prefix(steps))
  }

  @Test(arguments: [(2, 2), (4, 9), (7, 7), (10, 50)])
  func eachClassIsSaidAsItsWave(classes: Int, steps: Int) throws {
    let batch = 1_000
    let fed = try ClassToSequence(classes: classes).drawn(steps: steps, batch: batch)
    let unfed = try ClassToSequence(classes: classes, feedback: .nothing).drawn(steps: steps, batch: batch)
    #expect(fed.classes == unfed.classes)
    let tokens = try #require(columns(fed.inputs.dense, width: classes + 2))
    let first = try #require(columns(Array(unfed.inputs.dense.prefix(batch * classes)), width: classes))
    #expect(unfed.inputs.dense.dropFirst(batch * classes).allSatisfy { $0 == 0 })
    #expect(first == Array(tokens.prefix(batch)))
    for b in 0..<batch {
      let wave = Self.wave(half: tokens[b] + 1, steps: steps)
      #expect((0..<steps).map { fed.classes[$0 * batch + b] } == wave)
      #expect((1..<steps).map { tokens[$0 * batch + b] } == wave.dropLast().map { classes + $0 })
    }
    for label in 0..<classes {
      let share = Double(first.count { $0 == label }) / Double(batch)
      #expect(agrees(share, 1 / Double(classes), count: batch))
    }
  }

  @Test(arguments: [2, 3, 8])
  func wavesDifferFromTheShortestSequencesOn(classes: Int) {
    let least = ClassToSequence(classes: classes).leastSteps
    func count(_ steps: Int) -> Int { Set((1...classes).map { Self.wave(half: $0, steps: steps) }).count }
    #expect(count(least) == classes && count(least - 1) < classes)
  }

  /// What the best predictor reaches that knows the step and what is read there, from all waves.
  private static func chance(_ task: ClassToSequence, steps: Int) -> (loss: Double, errorRate: Double) {
    let classes = task.inputClassCount
    let waves = (1...classes).map { wave(half: $0, steps: steps) }
    var loss = 0.0
    var isRight = Array(repeating: true, count: classes)
    for t in 0..<steps {
      var counts: [String: [Int]] = [:]
      func read(_ j: Int) -> String {
        t == 0 ? "class \(j)" : task.feedback == .nothing ? "" : "\(waves[j][t - 1])"
      }
      for j in 0..<classes { counts[read(j), default: [0, 0]][waves[j][t]] += 1 }
      for j in 0..<classes {
        let count = counts[read(j)] ?? []
        loss -= log(Double(count[waves[j][t]]) / Double(count[0] + count[1])) / Double(classes * steps)
        if count[1 - waves[j][t]] > count[waves[j][t]] { isRight[j] = false }
        if count[0] == count[1], waves[j][t] == 1 { isRight[j] = false }
      }
    }
    return (loss, Double(isRight.count { !$0 }) / Double(classes))
  }

  @Test(arguments: [2, 4, 7], SequenceTopology.NextInput.allCases)
  func chanceIsThatOfTheBestPredictorWithoutMemory(
    classes: Int, feedback: SequenceTopology.NextInput
  ) throws {
    let task = ClassToSequence(classes: classes, feedback: feedback)
    for steps in [classes, classes + 1, 3 * classes + 2] {
      let (chance, expected) = (task.chance(steps: steps), Self.chance(task, steps: steps))
      #expect((chance.loss - expected.loss).magnitude < 1e-12 && chance.loss > 0)
      #expect((try #require(chance.errorRate) - expected.errorRate).magnitude < 1e-12)
      // Constants: the frequencies of the two symbols over all steps of all classes.
      let all = (1...classes).flatMap { Self.wave(half: $0, steps: steps) }
      let ones = Double(all.count { $0 == 1 }) / Double(all.count)
      #expect(difference(chance.outputs.map { exp($0) }, [1 - ones, ones], relative: 1e-12) == nil)
    }
    let range = classes...classes + 4
    let levels = range.map { (Double($0), task.chance(steps: $0)) }
    let rows = levels.reduce(0) { $0 + $1.0 }
    let mean = task.chance(lengths: range)
    #expect((mean.loss - levels.reduce(0) { $0 + $1.0 * $1.1.loss } / rows).magnitude < 1e-12)
    let share = levels.reduce(0) { $0 + $1.0 * exp($1.1.outputs[1]) } / rows
    #expect((exp(mean.outputs[1]) - share).magnitude < 1e-12)
    let rates = levels.compactMap(\.1.errorRate)
    #expect((try #require(mean.errorRate) - rates.reduce(0, +) / 5).magnitude < 1e-12)
  }
}
