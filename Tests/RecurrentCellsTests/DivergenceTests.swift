import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Divergence")
struct DivergenceTests {
  /// h_t = 10 h_{t−1} from h_1 = 1 in one of the batch's elements, 0 in the others.
  private static func growing(
    _ cell: NaiveNetwork.Cell, steps: Int, batch: Int = 3
  ) -> NaiveNetwork {
    var network = NaiveNetwork(
      cell, NaiveSizes(steps, batch, 1, 2), loss: .finalDot, hasInitialState: false)
    network.W_ih = [[1], [1]]
    network.W_hh = [[10, 0], [0, 10]]
    (network.b_ih, network.b_hh) = ([0, 0], [0, 0])
    network[.x] = network[.x].map { _ in 0 }
    network.x[0][batch - 1] = [1]
    return network
  }

  // 10^308 is a Double and 10^309 is not; 10^38 is a Float and 10^39 is not.
  @Test(arguments: [NaiveNetwork.Cell.linear, .relu])
  func isReportedAtTheRightStep(cell: NaiveNetwork.Cell) {
    let network = Self.growing(cell, steps: 400)
    #expect(network.divergedAt(Double.self) == 310)
    #expect(network.divergedAt(Float.self) == 40)
    #expect(Self.growing(cell, steps: 309).divergedAt(Double.self) == nil)
    #expect(Self.growing(cell, steps: 39).divergedAt(Float.self) == nil)
    #expect(Self.growing(cell, steps: 310, batch: 1).divergedAt(Double.self) == 310)
  }

  @Test func isReportedAtTheRightStepWithCheckpoints() {
    // A batch so large that the tape is cut: 2 · 4,000 preactivations a step, 8 steps a segment.
    let network = Self.growing(.linear, steps: 60, batch: 4_000)
    #expect(network.divergedAt(Float.self, tapeBudget: 1) == 40)
  }

  @Test(arguments: [NaiveNetwork.Cell.tanh, .lstm, .gru])
  func boundedCellsNeverDiverge(cell: NaiveNetwork.Cell) {
    var network = NaiveNetwork(cell, NaiveSizes(50, 2, 3, 5), loss: .finalDot, weightScale: 1e3)
    network[.x] = network[.x].map { $0 * 1e6 }
    #expect(network.divergedAt(Double.self) == nil)
    #expect(network.divergedAt(Float.self) == nil)
  }

  @Test(arguments: NaiveNetwork.Cell.allCases)
  func anInputThatIsNoNumberIsReportedAtItsStep(cell: NaiveNetwork.Cell) {
    var network = NaiveNetwork(cell, NaiveSizes(12, 2, 3, 5), loss: .finalDot)
    network.x[6][1][2] = .nan
    #expect(network.divergedAt(Double.self) == 7)
  }
}
