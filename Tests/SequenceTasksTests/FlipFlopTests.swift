import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Flip-flop")
struct FlipFlopTests {
  @Test(arguments: [1, 3, 4], [2, 3, 20])
  func targetsAreTheLastPulses(bits: Int, steps: Int) throws {
    let (task, batch) = (FlipFlop(bits: bits), 1_000)
    #expect(task.inputSize == bits && task.outputSize == bits && task.leastSteps == 2)
    let sample = try task.drawn(steps: steps, batch: batch)
    let inputs = sample.inputs.dense
    for b in 0..<batch {
      for j in 0..<bits {
        var last = 0.0
        for t in 0..<steps {
          let k = (t * batch + b) * bits + j
          #expect([-1, 0, 1].contains(inputs[k]) && (t > 0 || inputs[k] != 0))
          if inputs[k] != 0 { last = inputs[k] }
          #expect(sample.values[k] == last)
        }
      }
    }
    #expect(task.scoredSteps(steps: steps) == 1...steps && task.placement(steps: steps) == .everyStep)
  }

  @Test func pulsesAreRareAndOfBothSigns() throws {
    let (steps, batch) = (11, 2_000)
    let inputs = try FlipFlop().drawn(steps: steps, batch: batch).inputs.dense
    let (first, later) = (inputs.prefix(3 * batch), inputs.dropFirst(3 * batch))
    #expect(agrees(Double(first.count { $0 == 1 }) / Double(first.count), 0.5, count: first.count))
    for sign in [-1.0, 1] {
      #expect(agrees(Double(later.count { $0 == sign }) / Double(later.count), 1 / 8, count: later.count))
    }
    // Channels and steps next to each other are set independently.
    let isSet = later.map { $0 != 0 }
    for distance in [1, 3 * batch] {
      let both = Double(zip(isSet, isSet.dropFirst(distance)).count { $0 && $1 })
      #expect(agrees(both / Double(isSet.count - distance), 1 / 16, count: isSet.count - distance))
    }
  }

  // The best prediction from the input of a step alone: the pulse, or the mean of what is kept, which is 0.
  @Test(arguments: [2, 5, 30])
  func whoRemembersNothingReachesChance(steps: Int) throws {
    let (task, batch) = (FlipFlop(bits: 2), 120_000 / steps)
    let sample = try task.drawn(steps: steps, batch: batch)
    let squares = zip(sample.inputs.dense, sample.values).map { ($0 - $1) * ($0 - $1) }
    let chance = task.chance(steps: steps)
    // Losses of 0 and 1: of each step, an independent coin.
    #expect(agrees(squares.reduce(0, +) / Double(squares.count), chance.loss, count: squares.count))
    let wrong = (0..<batch).count { b in
      (0..<steps).contains { t in (0..<2).contains { squares[(t * batch + b) * 2 + $0] > 0.25 } }
    }
    #expect(agrees(Double(wrong) / Double(batch), try #require(chance.errorRate), count: batch))
    let constant = sample.values.reduce(0) { $0 + ($1 - chance.outputs[0]) * ($1 - chance.outputs[0]) }
    #expect(constant == Double(sample.values.count) && chance.outputs == [0, 0])
  }
}
