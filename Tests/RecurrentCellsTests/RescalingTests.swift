import Foundation
import GradientFlow
import TestSupport
import Testing

/// Scaling by powers of two is exact: no result may depend on when it happens.
@Suite("Rescaling thresholds")
struct RescalingTests {
  /// What a recursion does to its gradient.
  enum Regime: Double, Sendable, CaseIterable {
    case vanishing = 0.15
    case exploding = 3.5
  }

  static let losses: [NaiveLoss.Kind] = [
    .finalDot, .finalMeanSquare, .crossEntropyEveryStep, .crossEntropySparse,
  ]
  static let cells = NaiveNetwork.Cell.allCases

  @Test(arguments: cells, Regime.allCases)
  func doubleGivesTheSameBits(cell: NaiveNetwork.Cell, regime: Regime) throws {
    for loss in Self.losses {
      let sizes = NaiveSizes(250, 3, 2, 9, seed: 12)
      let network = NaiveNetwork(cell, sizes, loss: loss, weightScale: regime.rawValue)
      try Self.compare(network, Double.self, thresholds: [1, 8, 64, 300])
    }
  }

  // 40 steps: an exploding linear state stays in the range of Float.
  @Test(arguments: cells, Regime.allCases)
  func floatGivesTheSameBits(cell: NaiveNetwork.Cell, regime: Regime) throws {
    for loss in Self.losses {
      let sizes = NaiveSizes(40, 3, 2, 9, seed: 13)
      let network = NaiveNetwork(cell, sizes, loss: loss, weightScale: regime.rawValue)
      try Self.compare(network, Float.self, thresholds: [1, 4, 8, 20])
    }
  }

  // The premise of the tests above: the plain recursions do leave 2^±64 (and 2^±20) on the way.
  @Test func theRegimesVanishAndExplode() throws {
    for cell in [NaiveNetwork.Cell.tanh, .linear, .lstm, .gru] {
      let sizes = NaiveSizes(250, 3, 2, 9, seed: 12)
      let weak = NaiveNetwork(cell, sizes, loss: .finalDot, weightScale: 0.15)
      #expect(weak.run(Double.self).steps.hidden[0] < -25, "\(cell)")
    }
    let sizes = NaiveSizes(250, 3, 2, 9, seed: 12)
    let strong = NaiveNetwork(.linear, sizes, loss: .finalDot, weightScale: 3.5)
    #expect(strong.run(Double.self).steps.hidden[0] > 100)
  }

  // A step clip reads norms, which are exact at every scale too.
  @Test(arguments: cells)
  func clippedRecursionsGiveTheSameBits(cell: NaiveNetwork.Cell) throws {
    let sizes = NaiveSizes(120, 3, 2, 9, seed: 14)
    let network = NaiveNetwork(cell, sizes, loss: .crossEntropyEveryStep, weightScale: 2)
    for clip in [StepClip.batch(threshold: 0.01), .example(threshold: 0.004)] {
      try Self.compare(network, Double.self, thresholds: [1, 8, 64, 300], clip: clip)
    }
  }

  // Where the plain recursion stays in range, scaling changes nothing: the naive kernel has no
  // scaling.
  @Test(arguments: cells)
  func equalsUnscaledBackpropagation(cell: NaiveNetwork.Cell) {
    let sizes = NaiveSizes(150, 2, 2, 5, seed: 15)
    let network = NaiveNetwork(cell, sizes, loss: .crossEntropySparse, weightScale: 0.5)
    let naive = network.backward(through: network.forward())
    let recorded = network.run(Double.self, threshold: 1).recorded
    // Relative to each step's own size, over up to 150 steps of 1e-15 each.
    for t in 0...150 {
      let expected = naive.delta[t].flatMap { $0 }
      let scale = expected.reduce(0) { max($0, $1.magnitude) }
      let observed = Array(recorded.hidden[t * 10..<(t + 1) * 10])
      #expect(difference(observed, expected, absolute: 1e-11 * scale) == nil, "t = \(t)")
    }
  }

  private static func compare<Element: Scalar>(
    _ network: NaiveNetwork, _ type: Element.Type, thresholds: [Int], clip: StepClip = .none
  ) throws {
    try #require(network.divergedAt(type) == nil)
    let first = network.run(type, clip: clip, threshold: thresholds[0])
    #expect(first.steps.hidden.allSatisfy { !$0.isNaN })
    for threshold in thresholds.dropFirst() {
      let run = network.run(type, clip: clip, threshold: threshold)
      #expect(run.steps == first.steps, "threshold \(threshold), \(network.loss)")
      #expect(run.recorded == first.recorded, "threshold \(threshold), \(network.loss)")
      #expect(run.diagnosis.result.loss == first.diagnosis.result.loss)
      for (mine, other) in zip(run.gradients.named, first.gradients.named) {
        #expect(
          scaledBits(mine.gradient) == scaledBits(other.gradient),
          "threshold \(threshold), \(mine.name)")
      }
    }
  }
}
