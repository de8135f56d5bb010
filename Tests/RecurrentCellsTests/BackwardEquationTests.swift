import Foundation
import GradientFlow
import TestSupport
import Testing

/// Every equation of the backward step on its own, so that a wrong sign has a name.
///
/// One step of a network with H = 3 and an initial state, so that no gate's error reaches another.
/// γ of one gate is compared with the naive kernel's, and, so that both cannot err alike, with a
/// central difference of the naive forward pass by a bias of that gate, which sums γ over the
/// batch.
@Suite("Backward equations")
struct BackwardEquationTests {
  private static func network(_ cell: NaiveNetwork.Cell, steps: Int) -> NaiveNetwork {
    NaiveNetwork(cell, NaiveSizes(steps, 2, 2, 3, seed: 41), loss: .finalDot)
  }

  private static func checkGate(_ cell: NaiveNetwork.Cell, _ gate: Int) {
    let network = network(cell, steps: 1)
    let naive = network.backward(through: network.forward())
    let recorded = network.run(Double.self).recorded
    let (rows, block) = (network.b_ih.count, gate * 3..<gate * 3 + 3)
    for b in 0..<2 {
      let input = block.map { recorded.preactivation[b * rows + $0] }
      let hidden = block.map { recorded.recurrentPreactivation[b * rows + $0] }
      // A handful of products of numbers near 1.
      #expect(difference(input, Array(naive.gamma[0][b][block]), absolute: 1e-14) == nil)
      #expect(difference(hidden, Array(naive.gammaHidden[0][b][block]), absolute: 1e-14) == nil)
    }
    for (variable, gamma) in [
      (NaiveVariable.b_ih, recorded.preactivation), (.b_hh, recorded.recurrentPreactivation),
    ] {
      let sums = block.map { k in gamma[k] + gamma[rows + k] }
      let slopes = block.map { slope(network, variable, $0) }
      // ε² L''' and ulp(L)/ε, both near 1e-10 at ε = 1e-5.
      #expect(difference(sums, slopes, absolute: 2e-9) == nil)
      #expect(sums.contains { $0.magnitude > 1e-4 }, "the gate takes part")
    }
  }

  /// A central difference of the naive loss.
  private static func slope(_ network: NaiveNetwork, _ group: NaiveVariable, _ k: Int) -> Double {
    let losses = [1e-5, -1e-5].map { change in
      var moved = network
      moved[group][k] += change
      return moved.lossValue
    }
    return (losses[0] - losses[1]) / 2e-5
  }

  // γ = δ (1 − h²)
  @Test func tanhPreactivation() { Self.checkGate(.tanh, 0) }
  // γ = δ 1[a > 0]
  @Test func rectifierPreactivation() { Self.checkGate(.relu, 0) }
  // γ = δ
  @Test func linearPreactivation() { Self.checkGate(.linear, 0) }
  // γ^i = κ g i(1−i)
  @Test func lstmInputGate() { Self.checkGate(.lstm, 0) }
  // γ^f = κ c_{t−1} f(1−f)
  @Test func lstmForgetGate() { Self.checkGate(.lstm, 1) }
  // γ^g = κ i(1−g²)
  @Test func lstmCandidate() { Self.checkGate(.lstm, 2) }
  // γ^o = δ tanh(c) o(1−o)
  @Test func lstmOutputGate() { Self.checkGate(.lstm, 3) }
  // γ^r = γ^n v_n r(1−r)
  @Test func gruResetGate() { Self.checkGate(.gru, 0) }
  // γ^z = δ (h_{t−1} − n) z(1−z)
  @Test func gruUpdateGate() { Self.checkGate(.gru, 1) }
  // γ^n = δ (1−z)(1−n²); hidden side times r
  @Test func gruCandidate() { Self.checkGate(.gru, 2) }

  // κ_t = δ_t o(1 − tanh² c_t) + κ_{t+1} f_{t+1}. Without recurrent weights the carry is all that
  // reaches t = 1 and the initial cell state.
  @Test func lstmCellCarry() {
    var network = Self.network(.lstm, steps: 2)
    network[.W_hh] = network[.W_hh].map { _ in 0 }
    let naive = network.backward(through: network.forward())
    let cell = network.run(Double.self).recorded.cell
    #expect(difference(cell, naive.kappa.flatMap { $0.flatMap { $0 } }, absolute: 1e-14) == nil)
    let slopes = (0..<6).map { Self.slope(network, .c_0, $0) }
    #expect(difference(Array(cell[..<6]), slopes, absolute: 2e-9) == nil)
  }

  // δ_{t−1} = … + δ_t z. Without recurrent weights the bypass is all that reaches the initial
  // state.
  @Test func gruBypass() {
    var network = Self.network(.gru, steps: 1)
    network[.W_hh] = network[.W_hh].map { _ in 0 }
    let hidden = network.run(Double.self).recorded.hidden
    let slopes = (0..<6).map { Self.slope(network, .h_0, $0) }
    #expect(difference(Array(hidden[..<6]), slopes, absolute: 2e-9) == nil)
    #expect(slopes.allSatisfy { $0.magnitude > 1e-4 })
  }

  // δ_{t−1} = d_{t−1} + γ_t W_hh
  @Test(arguments: NaiveNetwork.Cell.allCases)
  func stateGradientThroughTheWeights(cell: NaiveNetwork.Cell) {
    let network = Self.network(cell, steps: 2)
    let hidden = network.run(Double.self).recorded.hidden
    let slopes = (0..<6).map { Self.slope(network, .h_0, $0) }
    #expect(difference(Array(hidden[..<6]), slopes, absolute: 2e-9) == nil)
  }
}

extension NaiveNetwork {
  /// The loss of the naive forward pass.
  fileprivate var lossValue: Double { backward(through: forward()).loss }
}
