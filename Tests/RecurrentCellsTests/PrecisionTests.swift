import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Single against double precision")
struct PrecisionTests {
  // 100 steps in contracting networks, each step rounding by 6e-8 relative and its errors adding up
  // like a random walk or, at worst, in line: below 100 · 20 · 6e-8 = 1.2e-4 relative, 5e-5 in
  // log10; with the sensitivity of the states a small multiple of it.
  @Test(
    arguments: NaiveNetwork.Cell.allCases,
    [NaiveLoss.Kind.finalDot, .crossEntropyEveryStep, .crossEntropySparse])
  func floatStaysNearDouble(cell: NaiveNetwork.Cell, loss: NaiveLoss.Kind) {
    let network = NaiveNetwork(
      cell, NaiveSizes(100, 3, 4, 12, seed: 50), loss: loss, weightScale: 0.6)
    let (single, double) = (network.run(Float.self).steps, network.run(Double.self).steps)
    for (mine, exact) in [
      (single.hidden, double.hidden), (single.cell, double.cell),
      (single.preactivation, double.preactivation), (single.weightHH, double.weightHH),
      (single.weightIH, double.weightIH), (single.biasIH, double.biasIH),
    ] {
      #expect(difference(mine, exact, absolute: 2e-4) == nil)
    }
  }

  // 10^-2,000 and below: far outside both ranges.
  @Test func floatFollowsAGradientFarBelowItsRange() throws {
    var network = NaiveNetwork(.linear, NaiveSizes(4_000, 2, 1, 8, seed: 51), loss: .finalDot)
    var stream = RandomStream(rootSeed: 1, trialSeed: 1, purpose: .other(9))
    let weight = try Initializer.orthogonal.draw(size: 8, spectralRadius: 0.25, from: &stream)
    network[.W_hh] = weight.values
    let (single, double) = (network.run(Float.self).steps, network.run(Double.self).steps)
    #expect(double.hidden[0] < -2_400)
    // The entries of W are rounded to Float: up to 6e-8 relative a step, 2.6e-8 in log10, times
    // 4,000.
    #expect((single.hidden[0] - double.hidden[0]).magnitude < 1.1e-4)
  }
}
