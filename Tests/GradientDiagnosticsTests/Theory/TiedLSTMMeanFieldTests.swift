import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Mean field of the tied LSTM", .serialized)
struct TiedLSTMMeanFieldTests {
  init() { BLASEnvironment.useOneThread() }

  @Test func sharedNoiseGivesTheSameSolutions() {
    let noise = MeanFieldNoise(steps: 20, sites: 200, replicas: 3, seed: 7)
    for (scale, bias) in [(0.5, 0.0), (2, 1), (0.5, 0)] {
      let own = TiedLSTMMeanField(
        recurrentScale: scale, inputScale: 1, forgetBias: bias, steps: 20, sites: 200, replicas: 3, seed: 7)
      #expect(
        TiedLSTMMeanField(recurrentScale: scale, inputScale: 1, forgetBias: bias, noise: noise) == own)
    }
  }

  // log10 (‖δ_0‖ / ‖δ_50‖). Limit: the same theory in another program, 20 solutions of 24,000 sites with noise that
  // was not matched, its s.e. at most 0.006. Simulation: ten networks of 1,000 units, means of the logarithm.
  @Test(
    arguments: [
      (1, 1, 0, -10.2539, -10.291, 0.042), (1, 1, 1, -5.0469, -5.061, 0.036),
      (1, 1, 5, -0.2914, -0.302, 0.019), (2, 0.5, 1, 0.0098, 0.003, 0.030), (4, 0.5, 1, 2.9619, 2.896, 0.074),
    ] as [(Double, Double, Double, Double, Double, Double)])
  func fiftySteps(
    weight: Double, input: Double, bias: Double, limit: Double, simulated: Double, error: Double
  ) {
    let theory = TiedLSTMMeanField(
      recurrentScale: weight, inputScale: input, forgetBias: bias, steps: 50)
    let (found, own) = (theory.log10Norms[0], theory.log10Errors[0])
    #expect(own < 0.03 && (found - limit).magnitude < 4 * own + 0.006)
    #expect((found - simulated).magnitude < 2 * error + own)
    #expect(theory.log10Norms.count == 51 && theory.log10Norms[50] == 0 && theory.log10Errors[50] == 0)
  }

  /// E over two independent normal deviates, by the trapezoidal rule.
  private func average(_ f: (Double, Double) -> Double) -> Double {
    let nodes = (-90...90).map { Double($0) * 0.1 }
    return nodes.reduce(0.0) { sum, x in
      nodes.reduce(sum) { $0 + f(x, $1) * exp(-(x * x + $1 * $1) / 2) }
    } * 0.01 / (2 * Double.pi)
  }

  // One step from rest: c = i g, h = o tanh c, with i, g, o of independent normal preactivations; gate f has no
  // gradient.
  @Test(arguments: [0.3, 1, 2.5])
  func oneStepIsATwoDimensionalIntegral(input: Double) {
    func sigmoid(_ a: Double) -> Double { 1 / (1 + exp(-a)) }
    func slope(_ a: Double) -> Double { sigmoid(a) * sigmoid(-a) }
    let inner = average { x, y in
      let (i, g) = (sigmoid(input * x), tanh(input * y))
      let q = 1 - pow(tanh(i * g), 2)
      return q * q * (pow(g * slope(input * x), 2) + pow(i * (1 - g * g), 2))
    }
    let output = average { x, y in pow(tanh(sigmoid(input * x) * tanh(input * y)), 2) }
    let open = average { x, _ in pow(sigmoid(input * x), 2) }
    let opening = average { x, _ in pow(slope(input * x), 2) }
    let expected = log10(open * inner + output * opening) / 2 + log10(1.7)
    let theory = TiedLSTMMeanField(
      recurrentScale: 1.7, inputScale: input, forgetBias: 3, steps: 1, sites: 20_000)
    #expect(theory.log10Errors[0] < 0.002)
    #expect((theory.log10Norms[0] - expected).magnitude < 4 * theory.log10Errors[0])
    #expect(theory.decayRate == nil && theory.rateError.isNaN)
  }

  // Without input h stays 0: i = o = ½, g = 0, f = σ(b_f) at every site, and gate g alone has a gradient, κ/2.
  //   κ_t = ½ Σ_{s≥t} f^{s−t} δ_s,   P(t−1, u−1) = σ_w²/4 E κ_t κ_u
  @Test(arguments: [(0.7, 0.0), (1.3, 1.0), (8, -2.0), (1, 20), (1, -20), (1e-9, 3), (1e5, 1), (1e8, 20)])
  func withoutInputItIsASum(weight: Double, bias: Double) {
    let steps = 16
    let f = 1 / (1 + exp(-bias))
    var p = [[Double]](repeating: [Double](repeating: 0, count: steps + 1), count: steps + 1)
    p[steps][steps] = 1
    for t in (1...steps).reversed() {
      for u in t...steps {
        var sum = 0.0
        for s in t...steps {
          for r in u...steps { sum += pow(f, Double(s - t + r - u)) * p[s][r] }
        }
        p[t - 1][u - 1] = weight * weight / 16 * sum
        p[u - 1][t - 1] = p[t - 1][u - 1]
      }
    }
    let theory = TiedLSTMMeanField(
      recurrentScale: weight, inputScale: 0, forgetBias: bias, steps: steps, sites: 80, replicas: 2)
    let expected = (0...steps).map { log10(p[$0][$0]) / 2 }
    #expect(difference(theory.log10Norms, expected, absolute: 1e-11) == nil)
    #expect(theory.log10Errors.allSatisfy { $0 < 1e-11 })
  }

  // One passage through W_hh, from any step, is all that remains of δ: before it κ has taken the forget path.
  @Test(arguments: [0.0, 5, -20])
  func weakRecurrenceLeavesTheForgetPath(bias: Double) {
    func theory(_ weight: Double) -> TiedLSTMMeanField {
      TiedLSTMMeanField(
        recurrentScale: weight, inputScale: 0, forgetBias: bias, steps: 60, sites: 256, replicas: 2)
    }
    let norms = theory(1e-100).log10Norms
    let path = ForgetPath(forgetBias: bias).decadesPerStep
    for t in 0..<59 { #expect((norms[t + 1] - norms[t] + path).magnitude < 1e-10) }
    // −20: 500 decades below δ_T, and 100 more for the weight.
    #expect((norms[59] - log10(0.25) + 100).magnitude < 1e-12)
    #expect((norms[0] - norms[59] - 59 * path).magnitude < 1e-8)
  }

  @Test func noRecurrenceLeavesNothing() {
    let theory = TiedLSTMMeanField(
      recurrentScale: 0, inputScale: 1, forgetBias: 1, steps: 5, sites: 100, replicas: 2)
    #expect(theory.log10Norms == [Double](repeating: -.infinity, count: 5) + [0])
    #expect(theory.log10Errors == [Double](repeating: 0, count: 6))
    #expect(theory.decayRate == nil && theory.rateError.isNaN)
  }

  @Test(arguments: [-20.0, 20], [0.5, 30])
  func extremeBiasesAreFinite(bias: Double, weight: Double) {
    let theory = TiedLSTMMeanField(
      recurrentScale: weight, inputScale: 0.1, forgetBias: bias, steps: 30, sites: 400, replicas: 2)
    #expect(theory.log10Norms.allSatisfy(\.isFinite) && theory.log10Errors.allSatisfy(\.isFinite))
  }

  @Test func theSameNumbersEveryTimeAndOthersForAnotherSeed() throws {
    func theory(_ seed: UInt64) -> TiedLSTMMeanField {
      TiedLSTMMeanField(
        recurrentScale: 1, inputScale: 1, forgetBias: 1, steps: 20, sites: 1000, seed: seed)
    }
    let (first, other) = (theory(0), theory(1))
    #expect(first == theory(0) && first != other)
    for t in 0..<20 {
      let error = hypot(first.log10Errors[t], other.log10Errors[t])
      #expect((first.log10Norms[t] - other.log10Norms[t]).magnitude < 5 * error)
    }
    let rate = try #require(first.decayRate).rate
    let otherRate = try #require(other.decayRate).rate
    #expect((rate - otherRate).magnitude < 5 * hypot(first.rateError, other.rateError))
    #expect(first.decayRate == DecayRate(log10Norms: first.log10Norms.dropFirst().reversed()))
  }
}
