import GradientFlow
import TestSupport
import Testing

/// Interrupted trainings of networks that have more than one layer.
@Suite("Interrupted training of networks")
struct NetworkSnapshotTests {
  /// What is trained: a network, and how its sequences are read.
  enum Reading: String, CaseIterable, Sendable {
    case stackInPieces, bothDirections, lengths, embeddedText, tied, encoderAndDecoder, ownOutput

    var task: any LearningTask {
      switch self {
      case .stackInPieces: return BitMemorisation(bits: 2)
      case .bothDirections: return TemporalOrder()
      case .lengths: return AddingProblem()
      case .embeddedText, .tied:
        return NextCharacter(text: String(repeating: "she sells sea shells on the sea shore. ", count: 4))
      case .encoderAndDecoder: return Reversal(symbols: 3)
      case .ownOutput: return ClassToSequence(classes: 3)
      }
    }

    func parts(_ cell: CellKind) -> NetworkParts {
      switch self {
      case .stackInPieces: return NetworkParts(cell: cell, layers: 3)
      case .bothDirections, .lengths: return NetworkParts(cell: cell, isBidirectional: true)
      case .embeddedText: return NetworkParts(cell: cell, embeddingSize: 3)
      case .tied: return NetworkParts(cell: cell, embeddingSize: 4, tiesReadout: true)
      case .encoderAndDecoder: return NetworkParts(cell: cell, embeddingSize: 2)
      case .ownOutput: return NetworkParts(cell: cell)
      }
    }

    func plan(_ optimiser: Optimiser) -> TrainingPlan {
      let isCut = self == .stackInPieces || self == .embeddedText
      // Of pieces of three, the third update's is not the last one.
      let steps = self == .bothDirections ? 10 : self == .stackInPieces ? 11 : 8
      let hasLengths = [.lengths, .tied, .encoderAndDecoder].contains(self)
      return TrainingPlan(
        steps: steps, batch: 3, iterations: 7, optimiser: optimiser,
        learningRate: 0.02, schedule: .cosine, clip: .stepNormExample(0.2),
        truncation: isCut ? Truncation(k1: 3, k2: 6) : nil, dropout: 0.3,
        shortestLength: hasLengths ? 4 : nil, evaluationSize: 100, seed: 4)
    }
  }

  /// Seven updates at once, and three and four.
  private static func check<Element: Scalar>(
    _ reading: Reading, _ optimiser: Optimiser, _ network: Network<Element>,
    _ run: (TrainingCourse<Element>, any TrainingObserver<Element>) throws -> TrainingCourse<Element>.Outcome
  ) throws {
    func course(_ start: TrainingSnapshot<Element>) -> TrainingCourse<Element> {
      TrainingCourse(plan: reading.plan(optimiser), task: reading.task, start: start, stopsAtSuccess: false)
    }
    let fresh = TrainingSnapshot(network: network, optimiser: optimiser)
    let whole = try TrainingRun<Element>().follow { try run(course(fresh), $0) }
    let first = try TrainingRun<Element>(until: 3).follow { try run(course(fresh), $0) }
    let kept = try #require(first.outcome).last
    let second = try TrainingRun<Element>().follow { try run(course(kept), $0) }
    #expect(whole.end == .completed && kept.iteration == 3 && kept.network != network)
    #expect(first.accounts + second.accounts == whole.accounts && whole.accounts.count == 7)
    #expect(second.outcome?.last == whole.outcome?.last)
    #expect(second.evaluations.last?.evaluation == whole.evaluations.last?.evaluation)
    let carries = [.stackInPieces, .embeddedText].contains(reading)
    #expect((kept.carried?.layers.count ?? 0) == (carries ? network.recurrent.layers.count : 0))
  }

  @Test(arguments: Reading.allCases, OptimiserTests.optimisers)
  func goesOnToTheSameBits(reading: Reading, optimiser: Optimiser) throws {
    for cell in [CellKind.rnn, .lstm] {
      let network = reading.parts(cell).network(for: reading.task)
      try Self.check(reading, optimiser, network) { try $0.run($1) }
      try Self.check(reading, optimiser, network.converted(to: Float.self)) { try $0.run($1) }
    }
  }

  // The masks are of the update's number, whatever was drawn before.
  @Test func dropoutIsDrawnForEachUpdate() throws {
    let reading = Reading.bothDirections
    var plan = reading.plan(.sgd)
    let network = reading.parts(.gru).network(for: reading.task)
    let with = try updates(2, plan, reading.task, from: network)
    plan.dropout = 0
    let without = try updates(2, plan, reading.task, from: network)
    #expect(with.accounts[0].loss != without.accounts[0].loss)
    #expect(plan.dropout(update: 1) == nil && reading.plan(.sgd).dropout(update: 2)?.iteration == 2)
  }

  @Test func aTiedReadoutStaysItsEmbedding() throws {
    let network = Reading.tied.parts(.lstm).network(for: Reading.tied.task)
    for optimiser in OptimiserTests.optimisers {
      let run = try updates(3, Reading.tied.plan(optimiser), Reading.tied.task, from: network)
      let trained = try #require(run.weights)
      #expect(trained.embedding == trained.readout.weight && trained.embedding != network.embedding)
      #expect(!trained.arrayPlaces.contains { $0.name == "readout.weight" })
    }
  }
}
