import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Adding, multiplication and XOR")
struct MarkedPairsTests {
  static let tasks: [any LearningTask] = [AddingProblem(), MultiplicationProblem(), DelayedXOR()]

  /// The values of each sequence and the places of its marks, from the inputs.
  private static func sequences(_ sample: TaskSample<Double>, steps: Int, batch: Int)
    -> [(values: [Double], marks: [Int])]
  {
    let inputs = sample.inputs.dense
    return (0..<batch).map { b in
      let rows = (0..<steps).map { 2 * ($0 * batch + b) }
      return (rows.map { inputs[$0] }, (0..<steps).filter { inputs[rows[$0] + 1] == 1 })
    }
  }

  @Test(arguments: 0..<3, [2, 3, 7, 10])
  func marksStandAtEveryPlaceOfTheirHalf(index: Int, steps: Int) throws {
    let (task, batch) = (Self.tasks[index], 400)
    let sample = try task.drawn(steps: steps, batch: batch)
    var places = (Set<Int>(), Set<Int>())
    for sequence in Self.sequences(sample, steps: steps, batch: batch) {
      try #require(sequence.marks.count == 2)
      places.0.insert(sequence.marks[0])
      places.1.insert(sequence.marks[1])
    }
    #expect(places.0 == Set(0..<steps / 2) && places.1 == Set(steps / 2..<steps))
    let marks = stride(from: 1, to: sample.inputs.dense.count, by: 2).map { sample.inputs.dense[$0] }
    #expect(marks.allSatisfy { $0 == 0 || $0 == 1 })
  }

  @Test func targetsAreThoseOfTheMarkedValues() throws {
    let (steps, batch) = (9, 300)
    let sum = try AddingProblem().drawn(steps: steps, batch: batch)
    let product = try MultiplicationProblem().drawn(steps: steps, batch: batch)
    let xor = try DelayedXOR().drawn(steps: steps, batch: batch)
    #expect(sum.inputs == product.inputs)
    for (b, sequence) in Self.sequences(sum, steps: steps, batch: batch).enumerated() {
      let (u, v) = (sequence.values[sequence.marks[0]], sequence.values[sequence.marks[1]])
      #expect(sum.values[b] == u + v && product.values[b] == u * v)
      #expect(sequence.values.allSatisfy { (0..<1).contains($0) })
    }
    for (b, sequence) in Self.sequences(xor, steps: steps, batch: batch).enumerated() {
      #expect(sequence.values.allSatisfy { $0 == 0 || $0 == 1 })
      let bits = sequence.marks.map { Int(sequence.values[$0]) }
      #expect(xor.classes[b] == bits[0] ^ bits[1])
    }
  }

  // 20,000 numbers, uniform or coins: mean 1/2 and variance 1/12 or 1/4.
  @Test(arguments: [(0, 1.0 / 12), (2, 1.0 / 4)])
  func valuesAreUniformAndIndependentOfTheMarks(index: Int, variance: Double) throws {
    let (steps, batch) = (10, 2_000)
    let sample = try Self.tasks[index].drawn(steps: steps, batch: batch)
    let sequences = Self.sequences(sample, steps: steps, batch: batch)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let values = sequences.flatMap { $0.values }
    let marked = sequences.flatMap { sequence in sequence.marks.map { sequence.values[$0] } }
    for numbers in [values, marked] {
      let error = 5 * (variance / Double(numbers.count)).squareRoot()
      #expect((mean(numbers) - 0.5).magnitude < error)
      #expect((mean(numbers.map { ($0 - 0.5) * ($0 - 0.5) }) - variance).magnitude < error)
    }
  }

  // MARK: - Chance

  /// The mean of a function of the two marked values, on the midpoints of 1,000 × 1,000 squares.
  private static func mean(_ function: (Double, Double) -> Double) -> Double {
    var sum = 0.0
    for k in 0..<1_000 {
      for l in 0..<1_000 { sum += function((Double(k) + 0.5) / 1_000, (Double(l) + 0.5) / 1_000) }
    }
    return sum / 1e6
  }

  // The midpoint rule is off by 1e-7 for the squares; the two jumps cross 4,000 of the 10⁶ squares at most.
  @Test func chanceIsTheIntegralOverBothValues() throws {
    let sum = AddingProblem().chance(steps: 2)
    #expect((Self.mean { ($0 + $1 - 1) * ($0 + $1 - 1) } - sum.loss).magnitude < 1e-6)
    let wrongSums = Self.mean { ($0 + $1 - 1).magnitude > 0.04 ? 1 : 0 }
    #expect((wrongSums - (try #require(sum.errorRate))).magnitude < 2e-3)
    let product = MultiplicationProblem().chance(steps: 2)
    #expect((Self.mean { ($0 * $1 - 0.25) * ($0 * $1 - 0.25) } - product.loss).magnitude < 1e-6)
    let wrongProducts = Self.mean { ($0 * $1 - 0.25).magnitude > 0.04 ? 1 : 0 }
    #expect((wrongProducts - (try #require(product.errorRate))).magnitude < 2e-3)
  }

  // 200,000 sequences, the loss within 5 of its standard errors, which the squared errors themselves give.
  @Test(arguments: 0..<2)
  func theConstantReachesChance(index: Int) throws {
    let (task, batch) = (Self.tasks[index], 200_000)
    let chance = task.chance(steps: 2)
    let sample = try task.drawn(steps: 2, batch: batch, use: .evaluation(part: 0))
    let measured = loss(of: task, sample, steps: 2, batch: batch) { _ in chance.outputs }
    let squares = sample.values.map { ($0 - chance.outputs[0]) * ($0 - chance.outputs[0]) }
    let deviations = squares.map { ($0 - chance.loss) * ($0 - chance.loss) }
    let variance = deviations.reduce(0, +) / Double(batch)
    let error = (variance / Double(batch)).squareRoot()
    #expect((measured - chance.loss).magnitude < 5 * error && error < 1e-3)
    let tolerance = try #require(task.success?.tolerance)
    #expect(tolerance == 0.04)
    let wrong = sample.values.filter { ($0 - chance.outputs[0]).magnitude > tolerance }.count
    #expect(agrees(Double(wrong) / Double(batch), try #require(chance.errorRate), count: batch))
  }

  @Test func chanceOfXORIsACoin() throws {
    let (task, batch) = (DelayedXOR(), 4_000)
    let chance = task.chance(steps: 5)
    let sample = try task.drawn(steps: 5, batch: batch)
    let measured = loss(of: task, sample, steps: 5, batch: batch) { _ in chance.outputs }
    #expect((measured - chance.loss).magnitude < 1e-12 && (chance.loss - log(2)).magnitude < 1e-15)
    let wrong = Double(sample.classes.filter { $0 != 0 }.count) / Double(batch)
    #expect(agrees(wrong, try #require(chance.errorRate), count: batch))
  }
}
