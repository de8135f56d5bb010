import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Reversal")
struct ReversalTests {
  @Test(arguments: [(2, 1), (3, 2), (8, 10), (10, 40)])
  func theSourceIsSaidBackwards(symbols: Int, steps: Int) throws {
    let (task, batch) = (Reversal(symbols: symbols), 1_000)
    let sample = try task.drawn(steps: steps, batch: batch)
    let source = try #require(sample.source)
    #expect(source.shape == BatchShape(steps: steps, batch: batch) && task.outputSteps(steps: steps) == steps)
    let read = try #require(columns(source.inputs.dense, width: symbols + 1))
    let spoken = try #require(columns(sample.inputs.dense, width: symbols + 1))
    #expect(task.inputSize == symbols + 1 && task.tokenCount == symbols + 1 && task.outputSize == symbols)
    for b in 0..<batch {
      let sequence = (0..<steps).map { read[$0 * batch + b] }
      let classes = (0..<steps).map { sample.classes[$0 * batch + b] }
      #expect(classes == sequence.reversed() && classes.allSatisfy { (0..<symbols).contains($0) })
      #expect((0..<steps).map { spoken[$0 * batch + b] } == [symbols] + classes.dropLast())
    }
    for symbol in 0..<symbols {
      let share = Double(read.filter { $0 == symbol }.count) / Double(read.count)
      #expect(agrees(share, 1 / Double(symbols), count: read.count))
    }
  }

  // What was said before says nothing about what comes.
  @Test func whoHasNotReadTheSourceReachesChance() throws {
    let (task, steps, batch) = (Reversal(symbols: 3), 2, 20_000)
    let sample = try task.drawn(steps: steps, batch: batch)
    let chance = task.chance(steps: steps)
    let pairs = zip(sample.classes, sample.classes.dropFirst(batch)).map { 3 * $0 + $1 }
    for pair in 0..<9 {
      #expect(agrees(Double(pairs.count { $0 == pair }) / Double(batch), 1 / 9, count: batch))
    }
    #expect((crossEntropy(sample.classes) { _ in chance.outputs } - chance.loss).magnitude < 1e-12)
    #expect((chance.loss - log(3)).magnitude < 1e-15)
    let wrong = pairs.count { $0 != 0 }
    #expect(agrees(Double(wrong) / Double(batch), try #require(chance.errorRate), count: batch))
  }
}
