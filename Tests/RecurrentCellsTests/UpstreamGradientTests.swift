import Foundation
import GradientFlow
import TestSupport
import Testing

/// Keeps the immediate ∂L/∂h_t of every step, [T, B, H]; they have no exponents of their own.
private struct ImmediateRecorder<Element: Scalar>: BackwardProbe {
  var values: [Element]
  let count: Int

  init(shape: SequenceShape) {
    count = shape.stateCount
    values = Array(repeating: 0, count: shape.steps * count)
  }

  mutating func arrive(_ arrival: GradientArrival<Element>) {
    guard let immediate = arrival.immediate else { return }
    for k in 0..<count { values[(arrival.time - 1) * count + k] = immediate.values[k] }
  }
}

@Suite("Gradients from above")
struct UpstreamGradientTests {
  static let cells = NaiveNetwork.Cell.allCases
  static let losses: [NaiveLoss.Kind] = [
    .finalDot, .finalMeanSquare, .crossEntropyEveryStep, .crossEntropySparse,
  ]

  @Test(arguments: cells, losses)
  func equalTheLossThatTheyAreOf(cell: NaiveNetwork.Cell, loss: NaiveLoss.Kind) {
    let network = NaiveNetwork(cell, NaiveSizes(40, 3, 2, 9, seed: 80), loss: loss, weightScale: 0.4)
    same(network.kind.type(for: Double.self), network)
    same(network.kind.type(for: Float.self), network)
  }

  private func same<Cell: RecurrentCell>(_ type: Cell.Type, _ network: NaiveNetwork) {
    var pass = network.pass(type)
    let loss = network.libraryLoss(Cell.Element.self)
    var recorder = ImmediateRecorder<Cell.Element>(shape: pass.shape)
    _ = pass.backward(loss: loss, probe: &recorder)
    let direct = pass.diagnose(loss: loss)
    let zeros = [Int](repeating: 0, count: network.sizes.steps * network.sizes.batch)
    for exponents in [nil, zeros] {
      let upstream = UpstreamGradient(
        values: recorder.values, exponents: exponents, placement: loss.placement)
      let found = pass.diagnose(loss: upstream)
      #expect(found.result.loss == 0)
      #expect(found.steps == direct.steps)
      for (mine, other) in zip(found.result.gradients.named, direct.result.gradients.named) {
        #expect(mine.gradient == other.gradient, "\(mine.name) \(type)")
      }
    }
  }

  /// Values and exponents at every step, some of the exponents far apart.
  private static func drawn(_ network: NaiveNetwork, spread: Double) -> (
    values: [Double], exponents: [Int]
  ) {
    var stream = RandomStream(rootSeed: 81, trialSeed: 1, purpose: .other(3))
    let values = stream.normals(network.sizes.steps * network.shape.stateCount)
    let exponents = stream.normals(
      network.sizes.steps * network.sizes.batch, standardDeviation: spread
    ).map { Int($0) }
    return (values, exponents)
  }

  // L times 2^k, k far outside the range: every significand stays, every exponent moves by k.
  @Test(arguments: cells, [-4_000, -1, 3, 5_000])
  func scaleWithTheirExponents(cell: NaiveNetwork.Cell, power: Int) {
    let network = NaiveNetwork(cell, NaiveSizes(30, 3, 2, 9, seed: 82), loss: .finalDot)
    scale(network.kind.type(for: Double.self), network, power)
    scale(network.kind.type(for: Float.self), network, power)
  }

  private func scale<Cell: RecurrentCell>(
    _ type: Cell.Type, _ network: NaiveNetwork, _ power: Int
  ) {
    var pass = network.pass(type)
    let (values, exponents) = Self.drawn(network, spread: 12)
    let elements = Cell.Element.array(values)
    let plain = pass.diagnose(loss: UpstreamGradient(values: elements, exponents: exponents))
    let moved = pass.diagnose(
      loss: UpstreamGradient(values: elements, exponents: exponents.map { $0 + power }))
    for (mine, other) in zip(moved.result.gradients.named, plain.result.gradients.named) {
      #expect(scaledBits(mine.gradient) == scaledBits(other.gradient, shift: power), "\(mine.name)")
    }
    let shift = Double(power) * log10(2.0)
    for (mine, other) in [
      (moved.steps.hidden, plain.steps.hidden), (moved.steps.cell, plain.steps.cell),
      (moved.steps.immediate, plain.steps.immediate),
      (moved.steps.preactivation, plain.steps.preactivation),
      (moved.steps.weightHH, plain.steps.weightHH), (moved.steps.biasHH, plain.steps.biasHH),
      (moved.steps.hiddenByExample, plain.steps.hiddenByExample),
    ] {
      // Two logarithms, each within 2 ulp of 1,500.
      #expect(difference(mine, other.map { $0 + shift }, absolute: 1e-12) == nil, "\(type)")
    }
  }

  /// W = diag(1/2, 1/4): δ_t[k] = Σ_{s ≥ t} v_s[k] 2^{e_s} a_k^{s−t}, every term an exact power of two times v.
  private static func closedForm(
    _ entries: [(step: Int, exponent: Int)], steps: Int
  ) -> (found: [Double], expected: [Double]) {
    let identity = Matrix<Double>(rows: 2, columns: 2, values: [0.5, 0, 0, 0.25])
    let cell = LinearCell(
      parameters: RecurrentParameters(
        weightIH: Matrix(rows: 2, columns: 1), weightHH: identity, biasIH: [0, 0], biasHH: [0, 0]))
    let shape = SequenceShape(steps: steps, batch: 1, inputSize: 1, hiddenSize: 2)
    var pass = SequencePass(cell: cell, shape: shape, inputs: Array(repeating: 0, count: steps))
    var values = [Double](repeating: 0, count: 2 * steps)
    var exponents = [Int](repeating: 0, count: steps)
    for (step, exponent) in entries {
      (values[2 * step - 2], values[2 * step - 1]) = (3, 5)
      exponents[step - 1] = exponent
    }
    let found = pass.diagnose(loss: UpstreamGradient(values: values, exponents: exponents)).steps
    let expected = (0...steps).map { t -> Double in
      var parts = [ScaledNumber.zero, .zero]
      for (step, exponent) in entries where step >= t {
        parts[0] = parts[0] + ScaledNumber(3, exponent: exponent - (step - t))
        parts[1] = parts[1] + ScaledNumber(5, exponent: exponent - 2 * (step - t))
      }
      return ScaledNumber.euclideanNorm(parts).log10
    }
    return (found.hidden, expected)
  }

  @Test(arguments: [
    [(step: 50, exponent: -3_000), (step: 20, exponent: 0)],
    [(step: 50, exponent: 0), (step: 20, exponent: -3_000)],
    [(step: 50, exponent: 2_500), (step: 40, exponent: -2_500), (step: 3, exponent: 2_480)],
    [(step: 50, exponent: -2_500), (step: 49, exponent: 2_500), (step: 1, exponent: 2_452)],
    [(step: 1, exponent: 7_000)], [(step: 30, exponent: -1_000), (step: 25, exponent: -1_004)],
  ])
  func meetAtTheLargerScale(entries: [(step: Int, exponent: Int)]) {
    let (found, expected) = Self.closedForm(entries, steps: 50)
    // log10 within 2 ulp of 2,100.
    #expect(difference(found, expected, absolute: 2e-12) == nil)
  }

  // Steps whose gradient is zero may carry any exponent, and change nothing.
  @Test(arguments: cells)
  func zerosHaveNoScale(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(cell, NaiveSizes(20, 3, 2, 5, seed: 83), loss: .finalDot)
    ignoreZeros(network.kind.type(for: Double.self), network)
  }

  private func ignoreZeros<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, _ network: NaiveNetwork
  ) {
    var pass = network.pass(type)
    var (values, exponents) = Self.drawn(network, spread: 300)
    let read: Set = [4, 5, 11, 19]
    for t in 1...20 where !read.contains(t) {
      for k in (t - 1) * 15..<t * 15 { values[k] = 0 }
      for b in 0..<3 { exponents[(t - 1) * 3 + b] = [9_000, -9_000, 1_023][(t + b) % 3] }
    }
    let every = pass.diagnose(loss: UpstreamGradient(values: values, exponents: exponents))
    let chosen = pass.diagnose(
      loss: UpstreamGradient(values: values, exponents: exponents, placement: .steps(read)))
    #expect(every.steps.hidden == chosen.steps.hidden)
    #expect(every.steps.hidden[20] == -.infinity && every.steps.hidden[19].isFinite)
    #expect(every.result.gradients == chosen.result.gradients)
    #expect(every.steps.weightHH.allSatisfy { !$0.isNaN })
  }

  // The unit of element 1 is off at T: γ = 0, at the exponent 2,000 of its δ, beside γ = 3 of element 0.
  @Test func anElementThatIsOffLeavesTheOthersTheirTotals() {
    var network = NaiveNetwork(.relu, NaiveSizes(3, 2, 1, 1), loss: .finalDot)
    (network.W_hh, network.W_ih, network.b_ih, network.b_hh) = ([[0.5]], [[1]], [0], [0])
    network.h_0 = [[1], [1]]
    network.x = [[[1], [1]], [[1], [1]], [[1], [-9]]]
    var pass = network.pass(ReLUCell<Double>.self)
    let found = pass.backward(
      loss: UpstreamGradient(values: [0, 0, 0, 0, 3, 3], exponents: [0, 0, 0, 0, 0, 2_000])
    ).gradients
    // γ = 3, 1.5, 0.75 with h = 1.75, 1.5, 1 and x = 1.
    #expect(found.weightHH.doubles == [3 * 1.75 + 1.5 * 1.5 + 0.75])
    #expect(found.weightIH.doubles == [5.25] && found.biasIH.doubles == [5.25])
  }

  @Test(arguments: cells)
  func everyRescalingThresholdGivesTheSameBits(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(cell, NaiveSizes(120, 3, 2, 9, seed: 84), loss: .finalDot)
    rescale(network.kind.type(for: Double.self), network, thresholds: [1, 8, 64, 300], spread: 400)
    rescale(network.kind.type(for: Float.self), network, thresholds: [1, 4, 8, 20], spread: 30)
  }

  private func rescale<Cell: RecurrentCell>(
    _ type: Cell.Type, _ network: NaiveNetwork, thresholds: [Int], spread: Double
  ) {
    var pass = network.pass(type)
    let (values, exponents) = Self.drawn(network, spread: spread)
    let loss = UpstreamGradient(values: Cell.Element.array(values), exponents: exponents)
    let first = pass.diagnose(loss: loss, rescalingThreshold: thresholds[0])
    #expect(first.steps.hidden.allSatisfy { $0.isFinite })
    for threshold in thresholds.dropFirst() {
      let found = pass.diagnose(loss: loss, rescalingThreshold: threshold)
      #expect(found.steps == first.steps, "threshold \(threshold) \(type)")
      for (mine, other) in zip(found.result.gradients.named, first.result.gradients.named) {
        #expect(
          scaledBits(mine.gradient) == scaledBits(other.gradient), "threshold \(threshold) \(mine.name)")
      }
    }
  }

  // 2^j in the values or in the exponents is the same gradient.
  @Test(arguments: cells)
  func valuesAndExponentsMayShareTheScale(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(cell, NaiveSizes(25, 2, 2, 5, seed: 85), loss: .finalDot)
    share(network.kind.type(for: Double.self), network)
  }

  private func share<Cell: RecurrentCell<Double>>(_ type: Cell.Type, _ network: NaiveNetwork) {
    var pass = network.pass(type)
    let (values, exponents) = Self.drawn(network, spread: 200)
    let first = pass.diagnose(loss: UpstreamGradient(values: values, exponents: exponents))
    for j in [-400, 37, 400] {
      let found = pass.diagnose(
        loss: UpstreamGradient(
          values: values.map { scalbn($0, j) }, exponents: exponents.map { $0 - j }))
      #expect(found.steps == first.steps, "2^\(j)")
    }
  }
}
