import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Copy memory and memorising bits")
struct MemoryTaskTests {
  /// A task that has data said again, and how it is laid out.
  struct Layout: Sendable, CustomTestStringConvertible {
    let task: any LearningTask
    let steps: Int
    /// Number of symbols to be remembered, and of different ones.
    let length, symbolCount: Int
    /// What fills the inputs and the classes, and what comes before the recall.
    let filler, cue: Int
    var testDescription: String { "\(length) of \(symbolCount) symbols in \(steps) steps" }

    static func copy(delay: Int) -> Layout {
      Layout(task: CopyMemory(), steps: delay + 20, length: 10, symbolCount: 8, filler: 8, cue: 9)
    }

    static func bits(_ n: Int, delay: Int) -> Layout {
      Layout(
        task: BitMemorisation(bits: n), steps: delay + 2 * n, length: n, symbolCount: 2, filler: 2, cue: 3)
    }

    static let all = [
      copy(delay: 1), copy(delay: 2), copy(delay: 37), bits(1, delay: 1), bits(3, delay: 2),
      bits(5, delay: 1), bits(5, delay: 20), bits(30, delay: 3),
    ]
  }

  @Test(arguments: Layout.all)
  func dataAreFollowedByDelayCueAndRecall(_ layout: Layout) throws {
    let (steps, batch, n) = (layout.steps, 7, layout.length)
    let sample = try layout.task.drawn(steps: steps, batch: batch)
    let symbols = try #require(columns(sample.inputs.dense, width: layout.task.inputSize))
    for b in 0..<batch {
      let sequence = (0..<steps).map { symbols[$0 * batch + b] }
      let classes = (0..<steps).map { sample.classes[$0 * batch + b] }
      let data = Array(sequence.prefix(n))
      #expect(data.allSatisfy { (0..<layout.symbolCount).contains($0) })
      // The delay T counts from the last datum to the cue: T − 1 fillers lie between them.
      let delay = steps - 2 * n
      #expect(Array(sequence[n..<n + delay - 1]) == Array(repeating: layout.filler, count: delay - 1))
      #expect(sequence[n + delay - 1] == layout.cue)
      #expect(Array(sequence.suffix(n)) == Array(repeating: layout.filler, count: n))
      #expect(classes == Array(repeating: layout.filler, count: n + delay) + data)
    }
    #expect(layout.task.scoredSteps(steps: steps) == n + (steps - 2 * n) + 1...steps)
    #expect(layout.task.leastSteps == 2 * n + 1)
  }

  @Test(arguments: [Layout.copy(delay: 1), .bits(3, delay: 1), .bits(5, delay: 1)])
  func symbolsAreUniformAtEveryPlace(_ layout: Layout) throws {
    let batch = 4_000
    let sample = try layout.task.drawn(steps: layout.steps, batch: batch)
    let recall = (layout.steps - layout.length) * batch
    var earlier: ArraySlice<Int> = []
    for k in 0..<layout.length {
      let data = sample.classes[recall + k * batch..<recall + (k + 1) * batch]
      for symbol in 0..<layout.symbolCount {
        let share = Double(data.filter { $0 == symbol }.count) / Double(batch)
        #expect(agrees(share, 1 / Double(layout.symbolCount), count: batch))
      }
      // Nor does a symbol depend on the one before, in its sequence or in the batch.
      for others in [earlier, data.dropFirst()] where !others.isEmpty {
        let equal = Double(zip(data, others).filter { $0 == $1 }.count) / Double(others.count)
        #expect(agrees(equal, 1 / Double(layout.symbolCount), count: others.count))
      }
      earlier = data
    }
  }

  // e^−1000 is 0: a logit of 1000 above or below all others is certainty.
  @Test(arguments: Layout.all)
  func whoRemembersNothingReachesChance(_ layout: Layout) throws {
    let (steps, n, m) = (layout.steps, layout.length, layout.symbolCount)
    let task = layout.task
    let sample = try task.drawn(steps: steps, batch: 20)
    let filler = Array(repeating: 0.0, count: m) + [1_000]
    let guess = Array(repeating: 0.0, count: m) + [-1_000]
    let measured = loss(of: task, sample, steps: steps, batch: 20) { $0 <= steps - n ? filler : guess }
    let chance = task.chance(steps: steps)
    #expect((measured - chance.loss).magnitude < 1e-12)
    #expect((chance.loss - Double(n) * log(Double(m)) / Double(steps)).magnitude < 1e-15)
    #expect(chance.errorRate == 1 - pow(Double(m), -Double(n)))
  }

  // A guess of three bits is right in 1 of 8 sequences.
  @Test func theErrorRateIsThatOfAGuess() throws {
    let (layout, batch) = (Layout.bits(3, delay: 1), 4_000)
    let sample = try layout.task.drawn(steps: layout.steps, batch: batch)
    let recall = (layout.steps - 3) * batch
    let right = (0..<batch).filter { b in (0..<3).allSatisfy { sample.classes[recall + $0 * batch + b] == 1 }
    }
    let chance = layout.task.chance(steps: layout.steps)
    #expect(agrees(1 - Double(right.count) / Double(batch), try #require(chance.errorRate), count: batch))
  }

  // Of constant outputs none is better than the frequencies, whose loss is their entropy.
  @Test(arguments: Layout.all)
  func constantOutputsReachTheEntropyOfTheClasses(_ layout: Layout) throws {
    let (steps, n, m) = (Double(layout.steps), Double(layout.length), Double(layout.symbolCount))
    let outputs = layout.task.chance(steps: layout.steps).outputs
    #expect((outputs.reduce(0) { $0 + exp($1) } - 1).magnitude < 1e-14)
    let sample = try layout.task.drawn(steps: layout.steps, batch: 20)
    func constantLoss(_ outputs: [Double]) -> Double {
      loss(of: layout.task, sample, steps: layout.steps, batch: 20) { _ in outputs }
    }
    let entropy = -(n / steps) * log(n / steps / m) - (1 - n / steps) * log(1 - n / steps)
    #expect((constantLoss(outputs) - entropy).magnitude < 1e-12)
    for change in [-0.1, 0.1] {
      #expect(constantLoss(outputs.dropLast() + [outputs[layout.symbolCount] + change]) > entropy)
    }
  }
}
