import GradientFlow
import TestSupport
import Testing

@Suite("Probes")
struct ProbeTests {
  static let cases = NetworkCase.all([NaiveSizes(9, 3, 2, 5, seed: 30), NaiveSizes(1, 1, 2, 3)])

  @Test(arguments: cases)
  func noProbeAndFullProbesGiveIdenticalGradients(_ item: NetworkCase) {
    let network = item.network()
    for type in [Double.self, Float.self] as [any Scalar.Type] { check(network, type) }
  }

  private func check<Element: Scalar>(_ network: NaiveNetwork, _: Element.Type) {
    let (plain, probed) = (network.unobserved(Element.self), network.run(Element.self))
    #expect(plain.loss == probed.diagnosis.result.loss)
    #expect(plain.gradients == probed.gradients)
    #expect(plain.clippedFraction == 0)
  }

  /// Counts calls and keeps their times.
  struct Times: BackwardProbe {
    var arrivals: [Int] = []
    var steps: [Int] = []
    var immediates: [Int] = []
    var initialCells: [Int] = []
    mutating func arrive(_ arrival: GradientArrival<Double>) {
      arrivals.append(arrival.time)
      if arrival.immediate != nil { immediates.append(arrival.time) }
      if arrival.initialCell != nil { initialCells.append(arrival.time) }
    }
    mutating func step(_ step: GradientStep<Double>) { steps.append(step.tape.time) }
  }

  @Test(arguments: NaiveNetwork.Cell.allCases)
  func areCalledOnceAStepFromLastToFirst(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(cell, NaiveSizes(7, 2, 1, 3), loss: .crossEntropySparse)
    let times = observe(
      network, network.kind.type(for: Double.self), network.libraryLoss(Double.self))
    #expect(times.arrivals == Array((0...7).reversed()))
    #expect(times.steps == Array((1...7).reversed()))
    #expect(times.immediates == [5, 2, 1])
    #expect(times.initialCells == (cell == .lstm ? [0] : []))
  }

  private func observe<Cell: RecurrentCell<Double>>(
    _ cell: Cell.Type, _ network: NaiveNetwork, _ loss: some SequenceLoss<Double>
  ) -> Times {
    var pass = network.pass(cell)
    var pair = ProbePair(Times(), NoProbe<Double>())
    _ = pass.backward(loss: loss, probe: &pair)
    return pair.first
  }

  private func observe(
    _ network: NaiveNetwork, _ cell: any RecurrentCell<Double>.Type,
    _ loss: any SequenceLoss<Double>
  ) -> Times {
    observe(cell, network, loss)
  }

  @Test func aPassMayBeWalkedAgain() {
    let network = NaiveNetwork(.gru, NaiveSizes(6, 2, 3, 5), loss: .finalDot)
    var pass = network.pass(GRUCell<Double>.self)
    let loss = FinalDotLoss(direction: [1.0, 2, 3, 4, 5])
    let first = pass.backward(loss: loss)
    let clipped = pass.backward(loss: loss, clip: .batch(threshold: 0.1))
    let again = pass.backward(loss: loss)
    #expect(again.gradients == first.gradients)
    #expect(clipped.gradients != first.gradients)
    #expect(clipped.clippedFraction > 0)
  }
}
