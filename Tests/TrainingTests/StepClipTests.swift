import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Clips inside the recursion")
struct StepClipTests {
  static let cells = [NaiveNetwork.Cell.tanh, .lstm]
  static let thresholds = [0.02, 0.3, 1e6]

  private static func network(_ cell: NaiveNetwork.Cell) -> NaiveNetwork {
    NaiveNetwork(cell, NaiveSizes(8, 3, 2, 6, seed: 61), loss: .finalDot, weightScale: 1.6)
  }

  private static func norm(_ values: some Sequence<Double>) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// δ min(1, θ/‖δ‖), over the batch or by element; counts the norms that exceed the threshold.
  private static func rule(
    _ threshold: Double, byExample: Bool, engaged: inout Int, _ delta: [[Double]]
  ) -> [[Double]] {
    if byExample {
      return delta.map { row in
        let norm = Self.norm(row)
        if norm > threshold { engaged += 1 }
        return row.map { norm > threshold ? $0 * (threshold / norm) : $0 }
      }
    }
    let norm = Self.norm(delta.joined())
    if norm > threshold { engaged += 1 }
    return delta.map { $0.map { norm > threshold ? $0 * (threshold / norm) : $0 } }
  }

  @Test(arguments: cells, thresholds)
  func batchClipEqualsTheNaiveKernel(cell: NaiveNetwork.Cell, threshold: Double) {
    check(cell, .batch(threshold: threshold), threshold, byExample: false)
  }

  @Test(arguments: cells, thresholds)
  func exampleClipEqualsTheNaiveKernel(cell: NaiveNetwork.Cell, threshold: Double) {
    check(cell, .example(threshold: threshold), threshold, byExample: true)
  }

  private func check(
    _ cell: NaiveNetwork.Cell, _ clip: StepClip, _ threshold: Double, byExample: Bool
  ) {
    let network = Self.network(cell)
    let trace = network.forward()
    var engaged = 0
    var after: [[[Double]]] = []
    let naive = network.backward(through: trace) { delta in
      let flowing = Self.rule(threshold, byExample: byExample, engaged: &engaged, delta)
      after.append(flowing)
      return flowing
    }
    let (steps, result) = {
      let diagnosis = network.passed(clip)
      return (diagnosis.steps, diagnosis.result)
    }()
    // 8 steps of a few dozen products each.
    let variables: [NaiveVariable] = [.W_ih, .W_hh, .b_ih, .b_hh]
    for (variable, entry) in zip(variables, result.gradients.named) {
      let plain = entry.gradient.doubles
      #expect(difference(plain, naive[variable], relative: 1e-12, absolute: 1e-14) == nil)
    }
    let arriving = naive.delta.map { log10(Self.norm($0.joined())) }
    #expect(difference(steps.hidden, arriving, absolute: 1e-12) == nil)
    let leaving = after.reversed().map { log10(Self.norm($0.joined())) }
    #expect(difference(Array(steps.hiddenAfterClip[1...]), leaving, absolute: 1e-12) == nil)
    if cell == .lstm {
      let kappa = naive.kappa.map { log10(Self.norm($0.joined())) }
      #expect(difference(steps.cell, kappa, absolute: 1e-12) == nil)
    }
    let looked = byExample ? 8 * 3 : 8
    #expect(result.clippedFraction == Double(engaged) / Double(looked))
    #expect((engaged > 0) == (threshold < 1))
  }

  @Test(arguments: cells)
  func boundsEveryStepOfAnExplodingRecursion(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(
      cell, NaiveSizes(60, 3, 2, 6, seed: 62), loss: .finalDot, weightScale: 6)
    let clipped = network.passed(.batch(threshold: 0.5)).steps
    #expect(clipped.hiddenAfterClip[1...].allSatisfy { $0 <= log10(0.5) + 1e-15 })
    let byExample = network.passed(.example(threshold: 0.5)).steps
    #expect(byExample.hiddenAfterClip[1...].allSatisfy { $0 <= log10(0.5) + log10(3) / 2 + 1e-15 })
  }

  @Test(arguments: cells)
  func comparisonReportsWhatClippingDid(cell: NaiveNetwork.Cell) throws {
    // Small inputs and strong weights: the gradient grows, and the clip engages at some steps more
    // than others.
    var network = NaiveNetwork(
      cell, NaiveSizes(8, 3, 2, 6, seed: 62), loss: .finalDot, weightScale: cell == .lstm ? 9 : 3)
    for variable in [NaiveVariable.x, .b_ih, .b_hh, .h_0, .c_0] {
      network[variable] = network[variable].map { 0.05 * $0 }
    }
    let (clipped, plain) = (
      network.passed(.example(threshold: 0.01)).result, network.passed(.none).result
    )
    let comparison = ClippedGradients(.stepNormExample(0.01), clipped, unclipped: plain)
    #expect(comparison.gradients == NetworkGradients(clipped.gradients))
    #expect(comparison.normBefore == plain.gradients.globalNorm)
    #expect(comparison.normAfter == clipped.gradients.globalNorm)
    #expect(comparison.factor == ScaledNumber(1))
    #expect(comparison.clippedFraction == clipped.clippedFraction)
    // Σ xy / (‖x‖ ‖y‖) over all parameters, as plain numbers.
    let x = clipped.gradients.named.flatMap { $0.gradient.doubles }
    let y = plain.gradients.named.flatMap { $0.gradient.doubles }
    let dot = zip(x, y).reduce(0.0) { $0 + $1.0 * $1.1 }
    let expected = dot / (Self.norm(x) * Self.norm(y))
    let cosine = try #require(comparison.cosine)
    #expect((cosine - expected).magnitude < 1e-14)
    #expect(cosine < 1)  // the direction changed
  }
}
