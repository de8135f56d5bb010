import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Taylor remainder")
struct TaylorRemainderTests {
  // T ≥ 3, so that the linear cell's loss is not itself linear in the weights.
  static let cases = NetworkCase.all([NaiveSizes(4, 2, 3, 5, seed: 1), NaiveSizes(3, 1, 2, 9)])

  /// |L(θ + ε d) − L(θ) − ε ∇L·d| is second order in ε, along a direction in which every parameter,
  /// the readout and the initial state move.
  ///
  /// Between ε = 2⁻⁹ and 2⁻¹³ the third-order term bends the slope by about ε, and rounding (1e-16
  /// against a remainder near 1e-8) by less.
  @Test(arguments: cases)
  func isSecondOrder(_ item: NetworkCase) {
    let network = item.network()
    let run = network.run(Double.self)
    var stream = RandomStream(rootSeed: 77, trialSeed: item.sizes.seed, purpose: .other(7))
    var variables: [NaiveVariable] = [.W_ih, .W_hh, .b_ih, .b_hh]
    var gradients = run.gradients.named.map(\.gradient.doubles)
    if item.loss.hasReadout { variables += [.W_o, .b_o] }
    if item.hasInitialState {
      variables.append(.h_0)
      gradients.append(Array(run.recorded.hidden[..<network.shape.stateCount]))
      if item.cell == .lstm {
        variables.append(.c_0)
        gradients.append(Array(run.recorded.cell[..<network.shape.stateCount]))
      }
    }
    let directions = gradients.map { stream.normals($0.count, standardDeviation: 0.2) }
    let slope = zip(gradients, directions).reduce(0.0) { $0 + Double.dot($1.0, $1.1) }
    let loss = run.diagnosis.result.loss

    let remainders = (9...13).map { power -> Double in
      let size = scalbn(1.0, -power)
      var moved = network
      for (variable, direction) in zip(variables, directions) {
        moved[variable] = zip(network[variable], direction).map { $0 + size * $1 }
      }
      return (moved.unobserved(Double.self).loss - loss - size * slope).magnitude
    }
    let order = log2(remainders[0] / remainders[4]) / 4
    #expect((order - 2).magnitude <= 0.05, "order \(order), remainders \(remainders)")
  }
}
