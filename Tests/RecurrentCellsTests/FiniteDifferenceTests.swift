import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Central differences")
struct FiniteDifferenceTests {
  static let cases = NetworkCase.all([
    NaiveSizes(1, 2, 3, 2), NaiveSizes(4, 1, 2, 3, seed: 5), NaiveSizes(3, 2, 4, 3, seed: 6),
  ])

  // The error of (L(+ε) − L(−ε)) / 2ε is ε² L'''/6 + ulp(L)/ε, about 1e-9 for ε = 1e-5 and L near
  // 1. The seeds keep every ReLU further than ε from its kink.
  private static let step = 1e-5
  private static func agree(_ a: [Double], _ b: [Double]) -> String? {
    difference(a, b, relative: 1e-7, absolute: 2e-9)
  }

  @Test(arguments: cases)
  func parameterGradientsMatch(_ item: NetworkCase) {
    let network = item.network()
    let gradients = network.unobserved(Double.self).gradients
    let variables: [NaiveVariable] = [.W_ih, .W_hh, .b_ih, .b_hh, .W_o, .b_o]
    for (variable, entry) in zip(variables, gradients.named) {
      let slope = Self.differences(network, variable)
      #expect(Self.agree(entry.gradient.doubles, slope) == nil, "\(variable)")
    }
  }

  @Test(arguments: cases)
  func initialStateGradientsMatch(_ item: NetworkCase) {
    let network = item.network()
    let recorded = network.run(Double.self).recorded
    let count = network.shape.stateCount
    let hidden = Array(recorded.hidden[..<count])
    #expect(Self.agree(hidden, Self.differences(network, .h_0)) == nil)
    if item.cell == .lstm {
      let cell = Array(recorded.cell[..<count])
      #expect(Self.agree(cell, Self.differences(network, .c_0)) == nil)
    }
  }

  // ∂L/∂x_t = γ_t W_ih: every step's own gradient, not only the sum.
  @Test(arguments: cases)
  func inputGradientsMatchThroughTheRecordedPreactivations(_ item: NetworkCase) {
    let network = item.network()
    let gamma = network.run(Double.self).recorded.preactivation
    let (rows, inputs) = (network.b_ih.count, item.sizes.inputSize)
    var observed: [Double] = []
    for first in stride(from: 0, to: gamma.count, by: rows) {
      for j in 0..<inputs {
        observed.append((0..<rows).reduce(0) { $0 + gamma[first + $1] * network.W_ih[$1][j] })
      }
    }
    #expect(Self.agree(observed, Self.differences(network, .x)) == nil)
  }

  /// Central differences of the library's loss by every number of a group.
  private static func differences(_ network: NaiveNetwork, _ variable: NaiveVariable) -> [Double] {
    let values = network[variable]
    return values.indices.map { k in
      let losses = [step, -step].map { change in
        var moved = network
        var changed = values
        changed[k] += change
        moved[variable] = changed
        return moved.unobserved(Double.self).loss
      }
      return (losses[0] - losses[1]) / (2 * step)
    }
  }
}
