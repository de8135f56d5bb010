import Foundation
import GradientFlow
import TestSupport
import Testing

/// Gradients that leave the range of plain numbers within one step, or come back from nothing.
@Suite("Extreme gradients")
struct ExtremeGradientTests {
  /// Backward W = 2 I from step T until the units are dead at step 21, where the gradient is
  /// exactly 0; a second loss reads h_20. The forward state stays in range, for it starts at 1e-30.
  private static func revived(steps: Int) -> NaiveNetwork {
    var network = NaiveNetwork(
      .relu, NaiveSizes(steps, 1, 1, 2), loss: .crossEntropyEveryStep, hasInitialState: false)
    network.W_ih = [[1], [1]]
    network.W_hh = [[2, 0], [0, 2]]
    (network.b_ih, network.b_hh) = ([0, 0], [0, 0])
    network[.x] = network[.x].map { _ in 1e-30 }
    network.x[20][0] = [-1]
    // At T the outputs are far apart: the least likely class has a gradient.
    let sums = network.W_o.map { $0[0] + $0[1] }
    let least = sums.firstIndex(of: sums.min()!)!
    network.loss = .crossEntropy(classes: [20: [1], steps: [least]], kind: .crossEntropySparse)
    return network
  }

  @Test func aLossThatEntersAfterAnExplodedGradientDiedIsKept() {
    // Float: δ_21 is about 2^179, beyond its range.
    let network = Self.revived(steps: 200)
    let naive = network.backward(through: network.forward())
    let run = network.run(Float.self)
    #expect(run.steps.hidden[21] > 39)
    #expect(
      difference(
        Array(run.recorded.hidden[..<42]), naive.delta[...20].flatMap { $0.flatMap { $0 } },
        relative: 1e-5) == nil)
    #expect(run.gradients.weightHH.values.allSatisfy { !$0.isNaN })
  }

  // A unit at a = ±250 has slope 4 e^−500, about 1e-217: its square is no Double, its logarithm is.
  @Test func saturationByManyOrdersInOneStepIsNotZero() {
    var network = NaiveNetwork(.tanh, NaiveSizes(3, 1, 1, 2), loss: .finalDot)
    (network.W_ih, network.W_hh) = ([[1], [1]], [[1, 0], [0, 1]])
    (network.b_ih, network.b_hh, network.h_0) = ([0, 0], [0, 0], [[0, 0]])
    network[.x] = [0, 250, 0]
    network.loss = .finalDot(v: [1, 1])
    let steps = network.run(Double.self).steps
    // δ_3 = v, a_3 = tanh(250) = 1, a_2 = 250, h_1 = 0: γ_2 = tanh'(1) tanh'(250) v, δ_1 = γ_2, δ_0
    // = δ_1.
    let slope = 1 - tanh(1.0) * tanh(1.0)
    let expected = log10(slope) + log10(4) - 500 * log10(exp(1.0)) + log10(2) / 2
    #expect((steps.preactivation[1] - expected).magnitude < 1e-12)
    #expect((steps.hidden[1] - expected).magnitude < 1e-12)
    #expect((steps.hidden[0] - expected).magnitude < 1e-12)
    #expect((steps.biasIH[1] - expected).magnitude < 1e-12)
  }

  // The square of v is no Double. A loss of an exploded state has such gradients.
  @Test(arguments: [1e-170, 1e200])
  func aLossGradientOfAnySizeHasANorm(size: Double) {
    var network = NaiveNetwork(.linear, NaiveSizes(3, 1, 1, 2), loss: .finalDot)
    network.W_hh = [[1, 0], [0, 1]]
    network.loss = .finalDot(v: [3 * size, 4 * size])
    let steps = network.run(Double.self).steps
    #expect((steps.immediate[3] - log10(5 * size)).magnitude < 1e-12)
    for t in 0...3 { #expect((steps.hidden[t] - log10(5 * size)).magnitude < 1e-12) }
  }

  // An exploded but finite state read by a mean squared error: |y − target| is about 10^217.
  @Test func anExplodedStateUnderASquaredErrorKeepsItsGradient() {
    let sizes = NaiveSizes(400, 3, 2, 9, seed: 12)
    let network = NaiveNetwork(.linear, sizes, loss: .finalMeanSquare, weightScale: 3.5)
    let run = network.run(Double.self)
    #expect(network.divergedAt(Double.self) == nil)
    #expect(run.steps.hidden.allSatisfy { $0.isFinite })
    #expect(run.gradients.weightHH.values.allSatisfy { $0.isFinite })
  }

  // The forward state decays to 2^-700: a normal number whose square is none.
  @Test func contributionsOfATinyStateAreNotZero() {
    var network = NaiveNetwork(.linear, NaiveSizes(701, 1, 1, 2), loss: .finalDot)
    network.W_hh = [[0.5, 0], [0, 0.5]]
    (network.b_ih, network.b_hh, network.h_0) = ([0, 0], [0, 0], [[3, 4]])
    network[.x] = network[.x].map { _ in 0 }
    network.loss = .finalDot(v: [1, 0])
    let steps = network.run(Double.self).steps
    // ‖γ_t‖ ‖h_{t−1}‖ = 2^−(701−t) · 5 · 2^−(t−1) = 5 · 2^−700 at every t.
    let expected = ScaledNumber(5, exponent: -700).log10
    for contribution in steps.weightHH {
      #expect((contribution - expected).magnitude < 1e-12)
    }
  }

  // δ_t is exactly zero where every unit is dead, and so is everything before.
  @Test func deadUnitsGiveExactZeros() {
    var network = NaiveNetwork(.relu, NaiveSizes(6, 2, 1, 3), loss: .finalDot)
    network[.x] = network[.x].map { _ in 0 }
    network.x[3] = [[1], [1]]
    network.W_ih = [[-1000], [-1000], [-1000]]
    network.W_hh = [[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]]
    (network.b_ih, network.b_hh) = ([1, 1, 1], [0, 0, 0])
    let run = network.run(Double.self)
    #expect(run.steps.hidden[...3].allSatisfy { $0 == -.infinity })
    #expect(run.steps.weightHH[...3].allSatisfy { $0 == -.infinity })
    #expect(run.steps.decayRate.map { $0.rate.isFinite } ?? true)
    #expect(run.steps.hidden[6].isFinite)
  }

  // One batch element explodes and one vanishes: each keeps its own scale.
  @Test func batchElementsKeepTheirOwnScales() {
    // A tanh unit that is saturated in element 0 only; W = 3 I elsewhere grows.
    var network = NaiveNetwork(.relu, NaiveSizes(900, 2, 1, 1), loss: .finalDot)
    (network.W_ih, network.W_hh) = ([[1]], [[0.25]])
    (network.b_ih, network.b_hh, network.h_0) = ([0], [0], [[1], [0]])
    network[.x] = network[.x].map { _ in 0 }
    network.x[899][1] = [1]  // element 1 is active in the last step only
    network.loss = .finalDot(v: [1])
    let steps = network.run(Double.self).steps
    // 0.25^k is exact, and positive down to 2^-1022, that is for h_t up to t = 511; dead from there
    // on.
    #expect(steps.hiddenByExample[2 * 900] == 0 && steps.hiddenByExample[2 * 900 + 1] == 0)
    #expect(steps.hiddenByExample[2 * 899 + 1] == log10(0.25))
    #expect(steps.hiddenByExample[2 * 898 + 1] == -.infinity)
  }

  @Test func aGradientThatIsNoNumberIsNeverASilentZero() {
    // ∂L/∂h_T = −2e60 is beyond float32, although every state is inside it.
    let shape = SequenceShape(steps: 2, batch: 1, inputSize: 1, hiddenSize: 1)
    let one = Matrix<Float>(rows: 1, columns: 1, values: [1])
    let parameters = RecurrentParameters(weightIH: one, weightHH: one, biasIH: [0], biasHH: [0])
    var pass = SequencePass(
      cell: TanhCell(parameters: parameters), shape: shape, inputs: [0.5, 0.5])
    let readout = Readout<Float>(
      weight: Matrix(rows: 1, columns: 1, values: [1e30]), bias: [0])
    let result = pass.backward(
      loss: MeanSquaredErrorLoss(targets: [3e30], readout: readout, placement: .finalStep))
    #expect(!result.gradients.weightHH.norm.isFinite)
    #expect(!result.gradients.biasIH.norm.isFinite)
  }
}
