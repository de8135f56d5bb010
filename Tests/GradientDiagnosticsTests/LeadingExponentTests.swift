import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Leading exponents")
struct LeadingExponentTests {
  private static func stream(_ seed: UInt64) -> RandomStream {
    RandomStream(rootSeed: 70, trialSeed: seed, purpose: .tangentVectors)
  }

  /// A linear network without inputs, whose Jacobian is W at every step.
  private static func linear(_ weight: [Double], steps: Int, batch: Int = 2) -> NaiveNetwork {
    let h = Int(Double(weight.count).squareRoot())
    var network = NaiveNetwork(.linear, NaiveSizes(steps, batch, 1, h), loss: .finalDot)
    network[.W_hh] = weight
    (network[.b_ih], network[.b_hh]) = (Array(repeating: 0, count: h), Array(repeating: 0, count: h))
    network[.x] = network[.x].map { _ in 0 }
    return network
  }

  // An orthogonal matrix keeps every length, from the first step on; each of 300 steps rounds by 1e-16.
  @Test(arguments: [0.5, 1, 1.25], [0, 10])
  func ofAnOrthogonalMatrixIsTheLogarithmOfItsGain(gain: Double, transient: Int) throws {
    var draw = Self.stream(1)
    let weight = try Initializer.orthogonal.draw(size: 6, spectralRadius: gain, from: &draw)
    let network = Self.linear(weight.values, steps: 300)
    var pass = network.pass(LinearCell<Double>.self)
    var stream = Self.stream(2)
    let found = pass.leadingExponent(elements: 2, transient: transient, stream: &stream)
    #expect(found.steps == 300 - transient)
    #expect(difference(found.byElement, [log(gain), log(gain)], absolute: 1e-14) == nil)
    #expect((found.mean - log(gain)).magnitude < 1e-14)
    #expect((found.decadesPerStep - log10(gain)).magnitude < 1e-14)
  }

  // 0.9 outgrows 0.6 by (2/3)^150 = 4e-27 in the transient.
  @Test func ofADiagonalMatrixIsThatOfItsLargestEntry() {
    let network = Self.linear([0.6, 0, 0, 0, -0.9, 0, 0, 0, 0.5], steps: 200)
    var pass = network.pass(LinearCell<Double>.self)
    var (first, second) = (Self.stream(3), Self.stream(4))
    let found = pass.leadingExponent(elements: 1, transient: 150, stream: &first)
    #expect(difference(found.byElement, [log(0.9)], absolute: 1e-13) == nil)
    let separation = pass.separationExponent(transient: 150, stream: &second)
    #expect((separation - log(0.9)).magnitude < 1e-9)
  }

  // Tangents and neighbours share no code but the forward step. After 700 steps both have turned to the leading
  // direction; each step of the separation is off by 1e-10.
  @Test(arguments: [NaiveNetwork.Cell.tanh, .lstm, .gru], [0.7, 1.4])
  func agreesWithTheSeparationOfNeighbours(cell: NaiveNetwork.Cell, weightScale: Double) {
    let network = NaiveNetwork(
      cell, NaiveSizes(1_200, 2, 2, 6, seed: 71), loss: .finalDot, weightScale: weightScale)
    compare(network.kind.type(for: Double.self), network)
  }

  private func compare<Cell: RecurrentCell<Double>>(_ type: Cell.Type, _ network: NaiveNetwork) {
    var pass = network.pass(type)
    var stream = Self.stream(5)
    let found = pass.leadingExponent(elements: 2, transient: 700, stream: &stream)
    for element in 0..<2 {
      var other = Self.stream(6)
      let separation = pass.separationExponent(element: element, transient: 700, stream: &other)
      #expect((found.byElement[element] - separation).magnitude < 1e-6, "\(found), \(separation)")
    }
    #expect(found.byElement[0] != found.byElement[1])
    #expect((found.mean - (found.byElement[0] + found.byElement[1]) / 2).magnitude < 1e-15)
  }

  // Checkpoints, and single precision: 300 steps, each off by 6e-8 relative.
  @Test func doNotDependOnTheTape() {
    let network = NaiveNetwork(.tanh, NaiveSizes(900, 4, 3, 48, seed: 72), loss: .finalDot)
    var whole = network.pass(TanhCell<Double>.self)
    var cut = network.pass(TanhCell<Double>.self, tapeBudget: 1)
    var single = network.pass(TanhCell<Float>.self)
    var streams = [Self.stream(7), Self.stream(7), Self.stream(7)]
    let first = whole.leadingExponent(elements: 3, transient: 600, stream: &streams[0])
    #expect(cut.plan.checkpoints)
    #expect(cut.leadingExponent(elements: 3, transient: 600, stream: &streams[1]) == first)
    let rough = single.leadingExponent(elements: 3, transient: 600, stream: &streams[2])
    #expect(difference(rough.byElement, first.byElement, absolute: 1e-4) == nil)
  }

  // A unit that is off maps every direction to zero: no rate, not a small one.
  @Test(arguments: [0, 3]) func ofADeadRectifierIsMinusInfinity(transient: Int) {
    var network = NaiveNetwork(.relu, NaiveSizes(6, 2, 1, 2), loss: .finalDot)
    (network.W_ih, network.b_ih, network.b_hh) = ([[1], [1]], [0, 0], [0, 0])
    (network.W_hh, network.h_0) = ([[0.5, 0.1], [0.2, 0.5]], [[1, 1], [1, 1]])
    network[.x] = network[.x].map { _ in 1 }
    network.x[1][0] = [-50]
    var pass = network.pass(ReLUCell<Double>.self)
    var stream = Self.stream(8)
    let found = pass.leadingExponent(elements: 2, transient: transient, stream: &stream)
    #expect(found.byElement[0] == -.infinity && found.byElement[1].isFinite)
    var other = Self.stream(9)
    #expect(pass.separationExponent(element: 0, transient: transient, stream: &other) == -.infinity)
    var third = Self.stream(9)
    let alive = pass.separationExponent(element: 1, transient: transient, stream: &third)
    #expect(alive.isFinite)
  }
}
