import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Closed forms")
struct ClosedFormTests {
  /// A linear cell without inputs or biases: δ_t = v W^{T−t}.
  private static func linear(
    _ weight: Matrix<Double>, steps: Int, direction: [Double]
  ) -> StepGradients {
    let h = weight.rows
    let cell = LinearCell(
      parameters: RecurrentParameters(
        weightIH: Matrix(rows: h, columns: 1), weightHH: weight,
        biasIH: Array(repeating: 0, count: h), biasHH: Array(repeating: 0, count: h)))
    var pass = SequencePass(
      cell: cell, shape: SequenceShape(steps: steps, batch: 1, inputSize: 1, hiddenSize: h),
      inputs: Array(repeating: 0, count: steps))
    return pass.diagnose(loss: FinalDotLoss(direction: direction)).steps
  }

  private static func orthogonal(_ size: Int, gain: Double) throws -> Matrix<Double> {
    var stream = RandomStream(rootSeed: 8, trialSeed: UInt64(size), purpose: .other(4))
    return try Initializer.orthogonal.draw(size: size, spectralRadius: gain, from: &stream)
  }

  // W is orthogonal to 1e-15, and each of the 5,000 products rounds by that much: the rate, an
  // average, stays below 1e-14.
  @Test(arguments: [0.5, 0.9, 1, 1.1])
  func orthogonalWeightAtGainDecaysByItsLogarithm(gain: Double) throws {
    var stream = RandomStream(rootSeed: 8, trialSeed: 0, purpose: .targets)
    let weight = try Self.orthogonal(8, gain: gain)
    let steps = Self.linear(weight, steps: 5_000, direction: stream.normals(8))
    let rate = try #require(steps.decayRate).rate
    #expect((rate * log(10) - log(gain)).magnitude < 1e-12)
    for t in stride(from: 0, through: 5_000, by: 500) {
      let expected = steps.hidden[5_000] + Double(5_000 - t) * log10(gain)
      #expect((steps.hidden[t] - expected).magnitude < 1e-11)
    }
  }

  // Powers of ρ with few bits stay exact as long as their mantissa fits; norms then are ρ^k ‖v‖
  // exactly.
  @Test(arguments: [0.5, 2, 0.75, 1.5])
  func normDecaysAsRhoToTheK(rho: Double) {
    let steps = Self.linear(
      .identity(4).scaled(by: rho), steps: 30, direction: [3, 0, -4, 0])
    var norm = 5.0
    for t in (0...30).reversed() {
      #expect(steps.hidden[t] == ScaledNumber(norm).log10)
      norm *= rho
    }
  }

  // A signed permutation times 1/2 multiplies exactly: δ_0 = ±2⁻¹⁰⁰⁰⁰⁰, and log10 of it is
  // −30102.99956639811952… (mpmath), the nearest double.
  @Test func aHundredThousandHalvingsAreExact() {
    var weight = Matrix<Double>(rows: 8, columns: 8)
    for k in 0..<8 { weight[k, (3 * k + 1) % 8] = k % 3 == 0 ? -0.5 : 0.5 }
    let steps = Self.linear(weight, steps: 100_000, direction: [1, 0, 0, 0, 0, 0, 0, 0])
    #expect(steps.hidden[100_000] == 0)
    #expect(steps.hidden[0] == -30102.99956639811952)
    #expect(steps.hidden[50_000] == -15051.49978319905976)
  }

  // The same for a dense orthogonal matrix, whose own rounding of 1e-16 a step adds up to 1e-11 at
  // most.
  @Test func aHundredThousandStepsOfADenseOrthogonalMatrix() throws {
    var stream = RandomStream(rootSeed: 8, trialSeed: 1, purpose: .targets)
    let weight = try Self.orthogonal(8, gain: 0.5)
    let steps = Self.linear(weight, steps: 100_000, direction: stream.normals(8))
    let change = steps.hidden[0] - steps.hidden[100_000]
    #expect((change - -30102.99956639811952).magnitude < 2e-11)
  }

  // f = 1 and no recurrent weights: ∂L/∂c_t is the same at every step, to the bit.
  @Test func forgetGateOneKeepsCellGradient() throws {
    var network = NaiveNetwork(.lstm, NaiveSizes(40, 2, 3, 5), loss: .finalDot)
    network[.W_hh] = network[.W_hh].map { _ in 0 }
    network[.W_ih] = network[.W_ih].enumerated().map { (5 * 3..<10 * 3).contains($0) ? 0 : $1 }
    for k in 5..<10 { network.b_ih[k] = 60 }
    let steps = network.run(Double.self).steps
    #expect(steps.cell.allSatisfy { $0 == steps.cell[40] && $0.isFinite })
    #expect(steps.hidden[..<40].allSatisfy { $0 == -.infinity })
  }

  // f = sigmoid(b) and no recurrent weights: ∂L/∂c_t = f^{T−t} ∂L/∂c_T.
  @Test(arguments: [-2.0, 0, 1, 5])
  func constantForgetGateDecaysGeometrically(bias: Double) {
    var network = NaiveNetwork(.lstm, NaiveSizes(200, 1, 2, 3), loss: .finalDot)
    network[.W_hh] = network[.W_hh].map { _ in 0 }
    network[.W_ih] = network[.W_ih].enumerated().map { (3 * 2..<6 * 2).contains($0) ? 0 : $1 }
    for k in 3..<6 { (network.b_ih[k], network.b_hh[k]) = (bias, 0) }
    let steps = network.run(Double.self).steps
    let rate = -log10(1 + exp(-bias))
    for t in 0..<200 {
      #expect((steps.cell[t] - steps.cell[200] - Double(200 - t) * rate).magnitude < 1e-12)
    }
  }

  // z = 1 (update gate open for the past): the GRU hands δ back unchanged.
  @Test func updateGateOneKeepsHiddenGradient() {
    var network = NaiveNetwork(.gru, NaiveSizes(30, 1, 2, 4), loss: .finalDot)
    for k in 4..<8 { network.b_ih[k] = 800 }
    let steps = network.run(Double.self).steps
    #expect(steps.hidden.allSatisfy { $0 == steps.hidden[30] })
  }
}
