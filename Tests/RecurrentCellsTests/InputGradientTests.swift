import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Input gradients")
struct InputGradientTests {
  static let cases = NetworkCase.all([
    NaiveSizes(1, 1, 1, 1), NaiveSizes(6, 3, 4, 7, seed: 2), NaiveSizes(4, 2, 9, 5, seed: 3),
  ])

  private static func recorded<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, _ network: NaiveNetwork
  ) -> InputGradients<Double> {
    var pass = network.pass(type)
    let gradients = InputGradients(shape: pass.shape, parameters: network.parameters(Double.self))
    _ = pass.backward(loss: network.libraryLoss(Double.self), inputGradients: gradients)
    return gradients
  }

  // Both sum up to 28 products of numbers near 1 at each of 6 steps.
  @Test(arguments: cases)
  func matchTheNaiveKernel(_ item: NetworkCase) {
    let network = item.network()
    let naive = network.backward(through: network.forward())
    let found = Self.recorded(network.kind.type(for: Double.self), network)
    let inputs = item.sizes.inputSize
    let plain = found.values.indices.map { scalbn(found.values[$0], found.exponents[$0 / inputs]) }
    #expect(found.exponents.count == item.sizes.steps * item.sizes.batch)
    #expect(difference(plain, naive[.x], relative: 1e-12, absolute: 1e-14) == nil)
  }

  // W_hh = 2^∓3 I: ∂L/∂x_t = 2^∓3(T−t) v W_ih exactly, down to 10^-1806 or up to 10^1806, from a state of zero.
  @Test(arguments: [-3, 3]) func areExactFarOutsideTheRange(power: Int) {
    var network = NaiveNetwork(
      .linear, NaiveSizes(2_000, 2, 3, 2, seed: 4), loss: .finalDot, hasInitialState: false)
    network[.W_hh] = [scalbn(1.0, power), 0, 0, scalbn(1.0, power)]
    (network.b_ih, network.b_hh) = ([0, 0], [0, 0])
    network[.x] = network[.x].map { _ in 0 }
    network.loss = .finalDot(v: [3, -1])
    let direct = (0..<3).map { 3 * network.W_ih[0][$0] - network.W_ih[1][$0] }
    let expected = Double.euclideanNorm(direct)
    let found = Self.recorded(LinearCell<Double>.self, network)
    for t in [1, 2, 300, 1_000, 1_999, 2_000] {
      for b in 0..<2 {
        let row = (t - 1) * 2 + b
        let norm = ScaledNumber(
          Double.euclideanNorm(Array(found.values[3 * row..<3 * row + 3])),
          exponent: found.exponents[row])
        let wanted = ScaledNumber(expected, exponent: power * (2_000 - t)).log10
        #expect((norm.log10 - wanted).magnitude < 1e-12, "t = \(t)")
      }
    }
  }
}
