import GradientFlow
import TestSupport
import Testing

@Suite("Trainings of whole networks against an oracle")
struct OracleTrainingTests {
  /// The library's optimiser of an oracle's.
  private static func optimiser(_ kind: OracleOptimiser) -> Optimiser {
    switch kind {
    case .sgd: .sgd
    case .momentum: .momentum(OracleOptimiser.velocityDecay)
    case .rmsprop: .rmsprop(decay: 0.99)
    case .adam: .adam(decay1: 0.9, decay2: 0.999)
    case .adagrad: .adagrad
    }
  }

  // The oracle's trainings are PyTorch's, see `OracleTorchTests`.
  @Test(arguments: OracleOptimiser.allCases) func twelveUpdatesAgree(kind: OracleOptimiser) {
    for item in OracleCase.trainings {
      let mine = Self.trained(item, Self.optimiser(kind), rate: kind.rate)
      let expected = item.trained(by: kind, updates: 12).parameters
      #expect(mine.arrayPlaces.map(\.name) == expected.map(\.name))
      for (values, parameter) in zip(mine.arrays, expected) {
        let top = parameter.values.reduce(0) { max($0, $1.magnitude) }
        let found = difference(values, parameter.values, absolute: 1e-12 * top)
        #expect(found == nil, "\(parameter.name) of \(item): \(found ?? "")")
      }
      if mine.tiesReadout { #expect(mine.readout.weight == mine.embedding) }
    }
  }

  private static func trained(_ item: OracleCase, _ optimiser: Optimiser, rate: Double) -> Network<Double> {
    func trained<Cell: RecurrentCell<Double>>(_ type: Cell.Type) -> Network<Double> {
      let pass = NetworkPass<Cell>()
      var network = item.network.library(Double.self)
      var state = OptimiserState(optimiser, for: network)
      for _ in 1...12 {
        pass.run(network, on: item.inputs(Double.self))
        let loss = item.withReadout(of: network).libraryLoss(Double.self)
        let result = pass.backward(loss: loss, reading: item.libraryReading)
        _ = state.step(&network, result.gradients, factor: ScaledNumber(1), learningRate: rate)
      }
      return network
    }
    return trained(item.network.kind.type(for: Double.self))
  }
}
