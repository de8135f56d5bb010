import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Directions of the contributions")
struct ContributionAlignmentTests {
  static let cells = NaiveNetwork.Cell.allCases

  private static func alignment(
    _ network: NaiveNetwork, _ loss: (any SequenceLoss<Double>)? = nil
  ) -> StepAlignment {
    func look<Cell: RecurrentCell<Double>>(
      _ type: Cell.Type, _ loss: any SequenceLoss<Double>
    ) -> StepAlignment {
      var pass = network.pass(type)
      let total = pass.backward(loss: loss).gradients.weightHH
      var probe = ContributionAlignment(shape: pass.shape, gateCount: Cell.gateCount, total: total)
      _ = pass.backward(loss: loss, probe: &probe)
      return probe.alignment
    }
    return look(network.kind.type(for: Double.self), loss ?? network.libraryLoss(Double.self))
  }

  /// g_t of the rows of one gate, or of all, entry by entry: Σ_b γ_t[b] h_{t−1}[b]ᵀ of the hidden side.
  private static func contributions(_ network: NaiveNetwork, gate: Int?) -> [[Double]] {
    let trace = network.forward()
    let gamma = network.backward(through: trace).gammaHidden
    let h = network.sizes.hiddenSize
    let rows = gate.map { $0 * h..<($0 + 1) * h } ?? 0..<network.b_hh.count
    return gamma.indices.map { t in
      rows.flatMap { row in
        (0..<h).map { k in
          gamma[t].indices.reduce(0.0) { $0 + gamma[t][$1][row] * trace.h[t][$1][k] }
        }
      }
    }
  }

  private static func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  // Sums over 8 steps and 3 elements, exact to 1e-13 of their terms.
  @Test(arguments: cells, [NaiveLoss.Kind.finalDot, .crossEntropyEveryStep])
  func areThoseOfTheExplicitSums(cell: NaiveNetwork.Cell, loss: NaiveLoss.Kind) throws {
    let network = NaiveNetwork(cell, NaiveSizes(8, 3, 2, 5, seed: 40), loss: loss)
    let found = Self.alignment(network)
    for gate in [nil] + (0..<cell.gateCount).map(Optional.some) {
      let parts = Self.contributions(network, gate: gate)
      let total = parts[0].indices.map { k in parts.reduce(0) { $0 + $1[k] } }
      let norms = parts.map { log10(Self.norm($0)) }
      #expect(difference(found.log10Norms(gate: gate), norms, absolute: 1e-11) == nil)
      let cosines = parts.map { part in
        zip(part, total).reduce(0) { $0 + $1.0 * $1.1 } / Self.norm(part) / Self.norm(total)
      }
      #expect(difference(found.cosines(gate: gate), cosines, absolute: 1e-11) == nil)
      let expected = Self.norm(total) / parts.reduce(0) { $0 + Self.norm($1) }
      let cancellation = try #require(found.cancellation(gate: gate))
      #expect((cancellation - expected).magnitude < 1e-11)
    }
  }

  @Test func gruIsThatOfTheHiddenSide() {
    let network = NaiveNetwork(.gru, NaiveSizes(8, 1, 2, 5, seed: 41), loss: .finalDot)
    let steps = network.diagnosed().steps
    let norms = Self.alignment(network).log10Norms()
    // One sequence: ‖g_t‖ = ‖γ_hidden‖ ‖h_{t−1}‖.
    #expect(difference(norms, steps.weightHH, absolute: 1e-12) == nil)
    #expect(steps.recurrentPreactivation != steps.preactivation)
  }

  @Test(arguments: cells) func cosinesAndCancellationStayInRange(cell: NaiveNetwork.Cell) throws {
    for seed in 42..<52 {
      let network = NaiveNetwork(
        cell, NaiveSizes(seed % 2 == 0 ? 12 : 1, 2, 2, 4, seed: UInt64(seed)), loss: .finalDot)
      let found = Self.alignment(network)
      for gate in [nil] + (0..<cell.gateCount).map(Optional.some) {
        #expect(found.cosines(gate: gate).allSatisfy { (-1...1).contains($0) || $0.isNaN })
        let cancellation = try #require(found.cancellation(gate: gate))
        #expect((0...1).contains(cancellation))
        if seed % 2 == 1 {
          #expect(cancellation > 1 - 1e-14, "one step is the whole")
          #expect(found.cosines(gate: gate).allSatisfy { $0 > 1 - 1e-14 })
        }
      }
    }
  }

  // Two steps that want opposite things of a linear unit: g_1 = γ h_0 and g_2 = −γ h_1 with h_1 = h_0.
  @Test func oppositeStepsCancel() throws {
    var network = NaiveNetwork(.linear, NaiveSizes(2, 1, 1, 1), loss: .finalDot)
    (network.W_hh, network.W_ih, network.b_ih, network.b_hh) = ([[1]], [[0]], [0], [0])
    network.h_0 = [[3]]
    let found = Self.alignment(network, UpstreamGradient(values: [4, -2.5]))
    // γ_2 = −2.5, γ_1 = 4 − 2.5.
    #expect(difference(found.cosines(), [-1, 1]) == nil)
    let cancellation = try #require(found.cancellation())
    #expect((cancellation - 0.25).magnitude < 1e-15)
  }

  // From a state of zero the first step contributes nothing.
  @Test func stepsThatContributeNothingHaveNoDirection() {
    let network = NaiveNetwork(
      .tanh, NaiveSizes(4, 2, 2, 3), loss: .finalDot, hasInitialState: false)
    let found = Self.alignment(network)
    #expect(found.log10Norms()[0] == -.infinity && found.cosines()[0].isNaN)
    #expect(found.cosines()[1...].allSatisfy { $0.isFinite })
    let nothing = Self.alignment(network, UpstreamGradient(values: Array(repeating: 0, count: 24)))
    #expect(nothing.cancellation() == nil)
    #expect(nothing.cosines().allSatisfy { $0.isNaN })
  }

  @Test(arguments: cells, [-5_000, 5_000])
  func areTheSameFarOutsideTheRange(cell: NaiveNetwork.Cell, power: Int) {
    let network = NaiveNetwork(cell, NaiveSizes(8, 3, 2, 5, seed: 52), loss: .finalDot)
    var stream = RandomStream(rootSeed: 52, trialSeed: 1, purpose: .other(1))
    let values = stream.normals(8 * 15)
    let exponents = (0..<24).map { 5 * $0 - 60 }
    let plain = Self.alignment(network, UpstreamGradient(values: values, exponents: exponents))
    let moved = Self.alignment(
      network, UpstreamGradient(values: values, exponents: exponents.map { $0 + power }))
    #expect(difference(moved.cosines(), plain.cosines(), absolute: 1e-13) == nil)
    #expect(moved.cancellation() == plain.cancellation() && plain.cancellation() != nil)
    let shift = Double(power) * log10(2.0)
    #expect(
      difference(moved.log10Norms(), plain.log10Norms().map { $0 + shift }, absolute: 1e-12) == nil)
  }

  // An element whose unit is off has γ = 0, at whatever exponent its δ is: 2^2,000 beside 1.
  @Test func anElementThatIsOffAddsNothingAtAnyScale() {
    var network = NaiveNetwork(.relu, NaiveSizes(3, 2, 1, 1), loss: .finalDot)
    (network.W_hh, network.W_ih, network.b_ih, network.b_hh) = ([[0.5]], [[1]], [0], [0])
    network.h_0 = [[1], [1]]
    network.x = [[[1], [1]], [[1], [1]], [[1], [-9]]]
    let upstream = UpstreamGradient<Double>(
      values: [0, 0, 0, 0, 3, 3], exponents: [0, 0, 0, 0, 0, 2_000])
    let found = Self.alignment(network, upstream)
    #expect(difference(found.cosines(), [1, 1, 1], absolute: 1e-15) == nil)
    // γ_3 = 3, h_2 = 1.75 of the first element.
    #expect((found.log10Norms()[2] - log10(3 * 1.75)).magnitude < 1e-13)
  }

  // h_0 = 2^1,000 (3, −4): the product of two such contributions is above the range.
  @Test func areRightForAStateNearTheEndOfTheRange() throws {
    var network = NaiveNetwork(.linear, NaiveSizes(3, 1, 1, 2), loss: .finalDot)
    network.W_hh = [[0.5, 0], [0, 0.5]]
    (network.b_ih, network.b_hh) = ([0, 0], [0, 0])
    network.h_0 = [[scalbn(3.0, 1_000), scalbn(-4.0, 1_000)]]
    network[.x] = network[.x].map { _ in 0 }
    network.loss = .finalDot(v: [1, -1])
    let found = Self.alignment(network)
    // ‖γ_t‖ ‖h_{t−1}‖ = √2 2^(t−3) · 5 · 2^(1,001−t), all in one direction.
    let expected = ScaledNumber(5 * 2.0.squareRoot(), exponent: 998).log10
    #expect(
      difference(found.log10Norms(), [expected, expected, expected], absolute: 1e-12) == nil)
    #expect(difference(found.cosines(), [1, 1, 1], absolute: 1e-14) == nil)
    let cancellation = try #require(found.cancellation())
    #expect((cancellation - 1).magnitude < 1e-14)
  }
}
