import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Echo")
struct EchoTests {
  @Test(arguments: [(1, 2, 2), (1, 5, 9), (3, 8, 4), (10, 3, 25)])
  func whatWasReadIsSaidLater(delay: Int, symbols: Int, steps: Int) throws {
    let (task, batch) = (Echo(delay: delay, symbols: symbols), 1_000)
    #expect(task.leastSteps == delay + 1 && task.inputSize == symbols && task.outputSize == symbols)
    let sample = try task.drawn(steps: steps, batch: batch)
    let read = try #require(columns(sample.inputs.dense, width: symbols))
    for t in 1...steps {
      for b in 0..<batch {
        let said = sample.classes[(t - 1) * batch + b]
        #expect(said == (t > delay ? read[(t - 1 - delay) * batch + b] : -100))
      }
      #expect(task.placement(steps: steps).includes(t, of: steps) == (t > delay))
    }
    #expect(task.scoredSteps(steps: steps) == delay + 1...steps)
    for symbol in 0..<symbols {
      let share = Double(read.filter { $0 == symbol }.count) / Double(read.count)
      #expect(agrees(share, 1 / Double(symbols), count: read.count))
    }
  }

  // What is read now says nothing: for each symbol that is read, all symbols are equally often due.
  @Test func whatIsReadSaysNothingAboutWhatIsDue() throws {
    let (symbols, steps, batch) = (3, 12, 2_000)
    let sample = try Echo(delay: 4, symbols: symbols).drawn(steps: steps, batch: batch)
    let read = try #require(columns(sample.inputs.dense, width: symbols))
    var counts = [Int](repeating: 0, count: symbols * symbols)
    for row in 4 * batch..<steps * batch { counts[symbols * read[row] + sample.classes[row]] += 1 }
    let total = counts.reduce(0, +)
    #expect(counts.allSatisfy { agrees(Double($0) / Double(total), 1 / 9, count: total) })
  }

  @Test func chanceIsAGuessAmongTheSymbols() throws {
    let (task, steps, batch) = (Echo(delay: 4, symbols: 3), 6, 4_000)
    let chance = task.chance(steps: steps)
    let sample = try task.drawn(steps: steps, batch: batch)
    let measured = crossEntropy(sample.classes) { _ in chance.outputs }
    #expect((measured - chance.loss).magnitude < 1e-12 && (chance.loss - log(3)).magnitude < 1e-15)
    let wrong = (0..<batch).filter { b in (4..<steps).contains { sample.classes[$0 * batch + b] != 0 } }
    #expect(agrees(Double(wrong.count) / Double(batch), try #require(chance.errorRate), count: batch))
    #expect(task.success == SuccessRule(errorRate: 0.01))
  }
}
