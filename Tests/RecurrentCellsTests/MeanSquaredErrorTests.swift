import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Mean squared error of every step")
struct MeanSquaredErrorTests {
  private static let sizes = NaiveSizes(4, 2, 3, 5, seed: 90)
  private static let targets: [Double] = {
    var stream = RandomStream(rootSeed: 90, trialSeed: 0, purpose: .targets)
    return stream.normals(4 * 2 * 3)
  }()

  /// The loss of the naive states, term by term.
  private static func loss(_ network: NaiveNetwork) -> Double {
    let h = network.forward().h
    var (sum, k) = (0.0, 0)
    for t in 1...4 {
      for b in 0..<2 {
        for o in 0..<3 {
          let y = zip(network.W_o[o], h[t][b]).reduce(network.b_o[o]) { $0 + $1.0 * $1.1 }
          sum += (y - targets[k]) * (y - targets[k])
          k += 1
        }
      }
    }
    return sum / Double(k)
  }

  private static func found<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, _ network: NaiveNetwork
  ) -> BackwardResult<Double> {
    var pass = network.pass(type)
    let readout = Readout(
      weight: Matrix(rows: 3, columns: 5, values: network[.W_o]), bias: network.b_o)
    return pass.backward(
      loss: MeanSquaredErrorLoss(targets: targets, readout: readout, placement: .everyStep))
  }

  // (L(+ε) − L(−ε)) / 2ε is off by ε² L''' and ulp(L)/ε, both near 1e-10.
  @Test(arguments: NaiveNetwork.Cell.allCases)
  func matchesCentralDifferences(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(cell, Self.sizes, loss: .finalMeanSquare)
    let result = Self.found(network.kind.type(for: Double.self), network)
    #expect((result.loss - Self.loss(network)).magnitude < 1e-14)
    let variables: [NaiveVariable] = [.W_ih, .W_hh, .b_ih, .b_hh, .W_o, .b_o]
    #expect(result.gradients.named.count == 6)
    for (variable, entry) in zip(variables, result.gradients.named) {
      let slopes = network[variable].indices.map { k -> Double in
        var (up, down) = (network, network)
        up[variable][k] += 1e-5
        down[variable][k] -= 1e-5
        return (Self.loss(up) - Self.loss(down)) / 2e-5
      }
      #expect(
        difference(entry.gradient.doubles, slopes, relative: 1e-7, absolute: 2e-9) == nil,
        "\(variable)")
    }
  }
}
