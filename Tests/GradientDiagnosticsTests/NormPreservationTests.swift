import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Norm-preserving penalty")
struct NormPreservationTests {
  static let cells: [NaiveNetwork.Cell] = [.tanh, .relu, .linear]

  private static func penalty(
    _ network: NaiveNetwork, _ loss: (any SequenceLoss<Double>)? = nil, threshold: Int = 64
  ) -> (ratios: [Double], omega: Double, squared: Double, gradient: [Double], squaredGradient: [Double]) {
    func look<Cell: RecurrentCell<Double>>(
      _ type: Cell.Type, _ loss: any SequenceLoss<Double>
    ) -> (ratios: [Double], omega: Double, squared: Double, gradient: [Double], squaredGradient: [Double]) {
      var pass = network.pass(type)
      var probe = NormPreservation<Double>(shape: pass.shape)
      _ = pass.backward(loss: loss, rescalingThreshold: threshold, probe: &probe)
      return (
        probe.ratios, probe.penalty, probe.squaredRatioPenalty, probe.gradient.values,
        probe.squaredRatioGradient.values
      )
    }
    return look(network.kind.type(for: Double.self), loss ?? network.libraryLoss(Double.self))
  }

  /// r_t[b], Ω and Ω₂ of weights W_hh with γ and δ given.
  private static func direct(
    _ weights: [[Double]], _ gradients: NaiveGradients
  ) -> (ratios: [Double], omega: Double, squared: Double) {
    var ratios: [Double] = []
    for t in gradients.gamma.indices {
      for b in gradients.gamma[t].indices {
        let u = gradients.gamma[t][b]
        let v = u.indices.map { k in u.indices.reduce(0.0) { $0 + u[$1] * weights[$1][k] } }
        ratios.append(Double.euclideanNorm(v) / Double.euclideanNorm(gradients.delta[t + 1][b]))
      }
    }
    let batch = Double(gradients.gamma[0].count)
    let known = ratios.filter { !$0.isNaN }
    return (
      ratios, known.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / batch,
      known.reduce(0) { $0 + ($1 * $1 - 1) * ($1 * $1 - 1) } / batch
    )
  }

  // Central differences by W_hh with γ and δ fixed: ε² Ω''' and ulp(Ω)/ε, about 1e-9 for ε = 1e-5.
  @Test(arguments: cells, [NaiveLoss.Kind.finalMeanSquare, .crossEntropyEveryStep])
  func matchesItsDefinitionAndCentralDifferences(cell: NaiveNetwork.Cell, loss: NaiveLoss.Kind) {
    let network = NaiveNetwork(cell, NaiveSizes(7, 3, 2, 5, seed: 60), loss: loss)
    let gradients = network.backward(through: network.forward())
    let found = Self.penalty(network)
    let expected = Self.direct(network.W_hh, gradients)
    #expect(difference(found.ratios, expected.ratios, absolute: 1e-12) == nil)
    #expect((found.omega - expected.omega).magnitude < 1e-11)
    #expect((found.squared - expected.squared).magnitude < 1e-11)
    let slopes = (0..<25).map { k -> (Double, Double) in
      var (up, down) = (network.W_hh, network.W_hh)
      up[k / 5][k % 5] += 1e-5
      down[k / 5][k % 5] -= 1e-5
      let (a, b) = (Self.direct(up, gradients), Self.direct(down, gradients))
      return ((a.omega - b.omega) / 2e-5, (a.squared - b.squared) / 2e-5)
    }
    #expect(difference(found.gradient, slopes.map(\.0), relative: 1e-7, absolute: 5e-9) == nil)
    #expect(difference(found.squaredGradient, slopes.map(\.1), relative: 1e-7, absolute: 2e-8) == nil)
  }

  // Ratios have no scale: neither that of the gradient nor the threshold of rescaling.
  @Test(arguments: cells) func doesNotDependOnTheScale(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(
      cell, NaiveSizes(60, 2, 2, 5, seed: 61), loss: .finalDot, weightScale: 0.5)
    var stream = RandomStream(rootSeed: 61, trialSeed: 1, purpose: .other(1))
    let values = stream.normals(60 * 10)
    let zero = Array(repeating: 0, count: 120)
    let plain = Self.penalty(network, UpstreamGradient(values: values, exponents: zero))
    for (power, threshold) in [(-5_000, 64), (5_000, 64), (0, 1), (-3_000, 300)] {
      let moved = Self.penalty(
        network, UpstreamGradient(values: values, exponents: zero.map { $0 + power }), threshold: threshold)
      #expect(difference(moved.ratios, plain.ratios, relative: 1e-14) == nil)
      #expect(difference(moved.gradient, plain.gradient, absolute: 1e-12) == nil)
      #expect(difference(moved.squaredGradient, plain.squaredGradient, absolute: 1e-12) == nil)
    }
  }

  @Test func stepsWithoutGradientHaveNoRatio() {
    var network = NaiveNetwork(.relu, NaiveSizes(4, 2, 1, 2), loss: .finalDot)
    (network.W_ih, network.b_ih, network.b_hh) = ([[1], [1]], [0, 0], [0, 0])
    (network.W_hh, network.h_0) = ([[1, 0], [0, 1]], [[1, 1], [1, 1]])
    network.x = [[[1], [1]], [[1], [-100]], [[1], [1]], [[1], [1]]]
    let found = Self.penalty(network)
    // Element 1 is off at t = 2: δ_2 = δ_T as W is the identity, r_1 = 0, and δ_1 = 0.
    #expect(found.ratios[5] == 1 && found.ratios[3] == 0 && found.ratios[1].isNaN)
    #expect(found.ratios[0] == 1 && found.ratios[2] == 1)
    #expect(found.omega == 0.5 && found.squared == 0.5)
    #expect(found.gradient.allSatisfy { $0 == 0 } && found.squaredGradient.allSatisfy { $0 == 0 })
  }

  // tanh' = 4 e^−660, about 2^−950: beside δ near 2^−60 the product of both norms is below the range.
  @Test func aSaturatedStepHasAFiniteGradient() {
    var network = NaiveNetwork(
      .tanh, NaiveSizes(1, 1, 1, 1), loss: .finalDot, hasInitialState: false)
    (network.W_hh, network.W_ih, network.b_ih, network.b_hh) = ([[1]], [[0]], [330], [0])
    network.loss = .finalDot(v: [scalbn(1.0, -60)])
    let found = Self.penalty(network)
    #expect(found.ratios[0] > 0 && found.ratios[0] < 1e-280)
    // ∂Ω/∂W = 2 (r − 1) u v / (‖δ‖ ‖v‖) = −2 u / ‖δ‖ = −2 r.
    #expect(difference(found.gradient, [-2 * found.ratios[0]], relative: 1e-12) == nil)
    #expect(found.squaredGradient == [0])
  }
}
