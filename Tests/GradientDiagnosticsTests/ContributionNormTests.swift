import GradientFlow
import TestSupport
import Testing

@Suite("Norms of step contributions")
struct ContributionNormTests {
  // B = 1, B below and B far above G·H·H / (G·H + H), where the library forms the matrix itself.
  static let sizes = [
    NaiveSizes(1, 1, 1, 1), NaiveSizes(4, 1, 3, 9, seed: 2), NaiveSizes(5, 3, 2, 11, seed: 3),
    NaiveSizes(3, 40, 5, 3, seed: 4), NaiveSizes(2, 6, 17, 2, seed: 5),
  ]

  // Norms of sums of a few hundred products, each exact to 1e-16 of a bound that they reach to
  // within 1 %: the Gram sum's square loses at most 1e-16 / 1e-4, or 1e-12 before the root.
  @Test(arguments: NaiveNetwork.Cell.allCases, sizes)
  func equalThoseOfExplicitMatrices(cell: NaiveNetwork.Cell, sizes: NaiveSizes) {
    let network = NaiveNetwork(cell, sizes, loss: .crossEntropyEveryStep)
    let states = network.forward().h
    let (steps, recorded) = network.diagnosed()
    let rows = cell.gateCount * sizes.hiddenSize
    let ones = Array(repeating: [1.0], count: sizes.batch)
    for t in 1...sizes.steps {
      let range = (t - 1) * sizes.batch * rows..<t * sizes.batch * rows
      let input = cut(recorded.preactivation[range], width: rows)
      let hidden = cut(recorded.recurrentPreactivation[range], width: rows)
      let observed = [
        steps.weightHH[t - 1], steps.weightIH[t - 1], steps.biasIH[t - 1], steps.biasHH[t - 1],
      ]
      let expected = [
        explicitLog10Norm(hidden, states[t - 1]), explicitLog10Norm(input, network.x[t - 1]),
        explicitLog10Norm(input, ones), explicitLog10Norm(hidden, ones),
      ]
      #expect(difference(observed, expected, absolute: 1e-11) == nil, "t = \(t)")
    }
  }

  /// Two equal sequences whose targets pull apart by forces that differ by one part in 10⁹.
  private static func opposed(_ cell: NaiveNetwork.Cell) -> NaiveNetwork {
    var network = NaiveNetwork(cell, NaiveSizes(6, 2, 3, 16, seed: 7), loss: .finalMeanSquare)
    for t in network.x.indices { network.x[t][1] = network.x[t][0] }
    network.h_0[1] = network.h_0[0]
    if cell == .lstm { network.c_0[1] = network.c_0[0] }
    let h = network.forward().h[6][0]
    let y = network.W_o.indices.map { o in
      h.indices.reduce(network.b_o[o]) { $0 + network.W_o[o][$1] * h[$1] }
    }
    network.loss = .finalMeanSquare(targets: [
      y.map { $0 + 1 }, y.map { $0 - 1 - 1e-9 },
    ])
    return network
  }

  // Gram's sum is of terms 10¹⁸ times its result: all of its digits are rounding. The matrix itself
  // keeps 1e-16 / 1e-9 of its own, 1e-7 relative or 5e-8 in log10.
  @Test(arguments: NaiveNetwork.Cell.allCases)
  func surviveBatchElementsThatOppose(cell: NaiveNetwork.Cell) {
    let network = Self.opposed(cell)
    let states = network.forward().h
    let (steps, recorded) = network.diagnosed()
    let rows = cell.gateCount * 16
    for t in 1...6 {
      let hidden = cut(
        recorded.recurrentPreactivation[(t - 1) * 2 * rows..<t * 2 * rows], width: rows)
      let expected = explicitLog10Norm(hidden, states[t - 1])
      #expect(steps.weightHH[t - 1] < steps.preactivation[t - 1] - 7, "they do cancel")
      #expect((steps.weightHH[t - 1] - expected).magnitude < 1e-6)
    }
  }

  @Test func gruHasTwoSides() {
    let network = NaiveNetwork(.gru, NaiveSizes(5, 2, 3, 4, seed: 8), loss: .finalDot)
    let steps = network.diagnosed().steps
    for t in 0..<5 {
      #expect(steps.biasHH[t] != steps.biasIH[t])
      #expect(steps.recurrentPreactivation[t] < steps.preactivation[t])  // r < 1
    }
  }

  @Test(arguments: [NaiveNetwork.Cell.tanh, .relu, .linear, .lstm])
  func otherCellsHaveOneSide(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(cell, NaiveSizes(5, 2, 3, 4, seed: 8), loss: .finalDot)
    let steps = network.diagnosed().steps
    #expect(steps.biasHH == steps.biasIH)
    #expect(steps.recurrentPreactivation == steps.preactivation)
  }
}
