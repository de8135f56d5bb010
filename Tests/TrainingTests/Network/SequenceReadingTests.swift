import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Outputs of single sequences")
struct SequenceReadingTests {
  /// A network, a task and lengths that it is tested at.
  struct Case: Sendable, CustomTestStringConvertible {
    let task: any LearningTask
    let parts: NetworkParts
    let steps: Int
    var shortest: Int?
    var testDescription: String { "\(task.name), \(parts), T = \(steps), from \(shortest ?? steps)" }

    var test: TestSet { TestSet(task, steps: steps, shortestLength: shortest, size: 200, rootSeed: 9) }

    static let all = [
      Case(task: Echo(delay: 2, symbols: 4), parts: NetworkParts(cell: .rnn, embeddingSize: 3), steps: 6),
      Case(
        task: Echo(delay: 2, symbols: 4), parts: NetworkParts(cell: .lstm, isBidirectional: true), steps: 9,
        shortest: 4),
      Case(task: Reversal(symbols: 3), parts: NetworkParts(cell: .gru, embeddingSize: 2), steps: 5),
      Case(task: Reversal(symbols: 3), parts: NetworkParts(cell: .lstm), steps: 6, shortest: 2),
      Case(task: ClassToSequence(), parts: NetworkParts(cell: .rnn, layers: 1), steps: 7, shortest: 4),
      Case(task: FlipFlop(), parts: NetworkParts(cell: .gru), steps: 5, shortest: 3),
      Case(task: TemporalOrder(), parts: NetworkParts(cell: .rnn), steps: 10),
      Case(
        task: AddingProblem(), parts: NetworkParts(cell: .lstm, isBidirectional: true), steps: 8, shortest: 4),
    ]
  }

  // Of all sequences together they are what the test says of the set.
  @Test(arguments: Case.all)
  func theyMakeUpTheTest(_ tested: Case) throws {
    let network = tested.parts.network(for: tested.task)
    let whole = try #require(try network.evaluation(on: tested.test))
    let readings = try (0..<200).map { try #require(try network.reading(of: tested.test, sequence: $0)) }
    let steps = readings.flatMap(\.steps)
    let asked = steps.filter { $0.target != nil }
    func mean(_ value: (SequenceReading.Step) -> Double?) -> Double {
      asked.reduce(0) { $0 + (value($1) ?? .nan) } / Double(asked.count)
    }
    func share(_ isRight: (SequenceReading.Step) -> Bool?) -> Double {
      Double(asked.count { isRight($0) == true }) / Double(asked.count)
    }
    #expect((mean { $0.forced.loss } - whole.loss).magnitude < 1e-12)
    #expect(steps.allSatisfy { ($0.target == nil) == ($0.forced.loss == nil) })
    if tested.task.objective == .classification {
      #expect((share { $0.forced.isRight } - (whole.accuracy ?? .nan)).magnitude < 1e-15)
    } else {
      let wrong = readings.count { $0.steps.contains { $0.forced.isRight == false } }
      #expect(Double(wrong) / 200 == whole.errorRate)
    }
    #expect(tested.task.topology.feedsBack == (whole.ownLoss != nil))
    if let ownLoss = whole.ownLoss {
      #expect((mean { $0.own?.loss } - ownLoss).magnitude < 1e-12)
      #expect((share { $0.own?.isRight } - (whole.ownAccuracy ?? .nan)).magnitude < 1e-15)
    } else {
      #expect(steps.allSatisfy { $0.own == nil })
    }
    for reading in readings {
      #expect(reading.steps.map(\.step) == Array(1...reading.steps.count))
      #expect((reading.source != nil) == (tested.task.topology == .encoderDecoder))
    }
  }

  @Test(arguments: Case.all)
  func distributionsAreThoseOfTheLossAndOwnInputsAreWhatWasSaid(_ tested: Case) throws {
    guard tested.task.objective == .classification else { return }
    let network = tested.parts.network(for: tested.task)
    for sequence in [0, 1, 99, 100, 199] {
      let reading = try #require(try network.reading(of: tested.test, sequence: sequence))
      for (before, step) in zip([nil] + reading.steps.map { Optional($0) }, reading.steps) {
        for prediction in [step.forced, step.own].compactMap({ $0 }) {
          #expect(prediction.outputs.count == tested.task.outputSize)
          #expect((prediction.outputs.reduce(0, +) - 1).magnitude < 1e-14)
          guard case .label(let label)? = step.target else { continue }
          #expect(((prediction.loss ?? .nan) + log(prediction.outputs[label])).magnitude < 1e-12)
          #expect(prediction.isRight == (prediction.largest == label))
        }
        guard let own = step.own else { continue }
        if let said = before?.own {
          #expect(own.input == .token(tested.task.nextToken(afterClass: said.largest)))
        } else {
          #expect(own == step.forced)
        }
      }
    }
  }

  @Test func aStateThatLeavesTheRangeHasNoOutputs() throws {
    var network = NetworkParts(cell: .rnnLinear, layers: 1).network(for: FlipFlop())
    network.arrays = network.arrays.map { $0.map { _ in 1e200 } }
    #expect(try network.reading(of: TestSet(FlipFlop(), steps: 9, size: 100), sequence: 0) == nil)
  }

  @Test func sequencesOfALengthThatThereIsNotAreRefused() throws {
    let task = Echo(delay: 5, symbols: 3)
    let network = NetworkParts(cell: .rnn).network(for: task)
    #expect(throws: SequenceTaskError.self) {
      try network.reading(of: TestSet(task, steps: 4, size: 100), sequence: 0)
    }
  }

  @Test func aTestSetHasNoMoreSequencesThanItsTask() {
    let digits = SequentialDigits(
      images: Array(repeating: 0.5, count: 200), labels: Array(repeating: 0, count: 50), classCount: 2)
    #expect(TestSet(digits, steps: 4, size: 10_000).count == 5)
    #expect(TestSet(FlipFlop(), steps: 4, size: 150).count == 200)
  }
}
