import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Temporal order")
struct TemporalOrderTests {
  /// The symbols of each sequence, from the inputs.
  private static func sequences(steps: Int, batch: Int) throws -> (symbols: [[Int]], classes: [Int]) {
    let sample = try TemporalOrder().drawn(steps: steps, batch: batch, use: .training(iteration: 1))
    let symbols = try #require(columns(sample.inputs.dense, width: 6))
    return ((0..<batch).map { b in (0..<steps).map { symbols[$0 * batch + b] } }, sample.classes)
  }

  // The ranges of the paper, 0-based and half-open, for lengths that are and are not multiples of ten.
  @Test(arguments: [
    (10, 1..<2, 5..<6), (19, 1..<2, 9..<10), (20, 2..<4, 10..<12), (59, 5..<10, 29..<34),
    (100, 10..<20, 50..<60),
  ])
  func symbolsStandAtEveryPlaceOfTheirRangeAndNoOther(steps: Int, first: Range<Int>, second: Range<Int>)
    throws
  {
    var places = (Set<Int>(), Set<Int>())
    let (symbols, classes) = try Self.sequences(steps: steps, batch: 400)
    for (sequence, label) in zip(symbols, classes) {
      let found = sequence.indices.filter { sequence[$0] < 2 }
      try #require(found.count == 2)
      places.0.insert(found[0])
      places.1.insert(found[1])
      #expect(label == sequence[found[0]] + 2 * sequence[found[1]])
    }
    #expect(places.0 == Set(first) && places.1 == Set(second))
  }

  @Test func classesPlacesAndDistractorsAreUniform() throws {
    let (steps, batch) = (20, 4_000)
    let (symbols, classes) = try Self.sequences(steps: steps, batch: batch)
    for label in 0..<4 {
      #expect(agrees(Double(classes.filter { $0 == label }.count) / Double(batch), 0.25, count: batch))
    }
    for place in [2, 3, 10, 11] {
      #expect(agrees(Double(symbols.filter { $0[place] < 2 }.count) / Double(batch), 0.5, count: batch))
    }
    // Of each of the other places, and of all together.
    for place in 0..<steps where ![2, 3, 10, 11].contains(place) {
      for symbol in 2..<6 {
        let share = Double(symbols.filter { $0[place] == symbol }.count) / Double(batch)
        #expect(agrees(share, 0.25, count: batch))
      }
    }
  }

  // Several symbols come from one random number: neighbours in a sequence and in a batch.
  @Test func neighbouringDistractorsAreIndependent() throws {
    let (symbols, _) = try Self.sequences(steps: 40, batch: 400)
    var (inTime, inBatch) = ([Int](repeating: 0, count: 16), [Int](repeating: 0, count: 16))
    for b in stride(from: 0, to: 400, by: 2) {
      for t in stride(from: 24, to: 40, by: 2) {
        let first = 4 * (symbols[b][t] - 2)
        inTime[first + symbols[b][t + 1] - 2] += 1
        inBatch[first + symbols[b + 1][t] - 2] += 1
      }
    }
    for pairs in [inTime, inBatch] {
      #expect(pairs.allSatisfy { agrees(Double($0) / 1_600, 1 / 16, count: 1_600) })
    }
  }

  @Test func chanceIsTheLossOfEqualOutputs() throws {
    let (task, batch) = (TemporalOrder(), 4_000)
    let chance = task.chance(steps: 20)
    let sample = try task.drawn(steps: 20, batch: batch)
    let measured = loss(of: task, sample, steps: 20, batch: batch) { _ in chance.outputs }
    #expect((measured - chance.loss).magnitude < 1e-12 && (chance.loss - log(4)).magnitude < 1e-15)
    let wrong = Double(sample.classes.filter { $0 != 0 }.count) / Double(batch)
    #expect(agrees(wrong, try #require(chance.errorRate), count: batch))
    #expect(task.success == SuccessRule(errorRate: 0.01))
  }
}
