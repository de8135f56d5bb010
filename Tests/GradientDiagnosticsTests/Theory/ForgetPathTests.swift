import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("The forget path")
struct ForgetPathTests {
  // e: 1 + e^b = 2, 3.72, 149.4 steps of memory; 1.44, 3.19, 148.9 to 1/e.
  @Test func timeScalesOfConstantGates() {
    for (bias, memory, folding) in [(0, 2, 1.4427), (1, 3.7183, 3.1922), (5, 149.4132, 148.9126)]
      as [(Double, Double, Double)]
    {
      #expect((ForgetPath.memory(forgetBias: bias) - memory).magnitude < 5e-5)
      #expect((ForgetPath.eFolding(forgetBias: bias) - folding).magnitude < 5e-5)
      let gate = ForgetPath(forgetBias: bias).meanGate
      #expect((ForgetPath.memory(gate: gate) / memory - 1).magnitude < 3e-5)
      #expect((ForgetPath.eFolding(gate: gate) / folding - 1).magnitude < 3e-5)
      // After an e-folding time 1/e is left.
      let decades = ForgetPath(forgetBias: bias).decadesPerStep
      #expect((decades * ForgetPath.eFolding(forgetBias: bias) + log10(M_E)).magnitude < 1e-14)
    }
    #expect(ForgetPath.memory(gate: 1) == .infinity)
  }

  @Test func extremeBiases() {
    // log10 σ(−1000) = −1000 log10 e although σ(−1000) = 0, and ln σ(40) = −e⁻⁴⁰ although σ(40) = 1.
    #expect((ForgetPath(forgetBias: -1000).decadesPerStep / (-1000 * log10(M_E)) - 1).magnitude < 1e-14)
    #expect((ForgetPath.eFolding(forgetBias: 40) / exp(40) - 1).magnitude < 1e-14)
    #expect((ForgetPath.eFolding(forgetBias: -1000) - 1e-3).magnitude < 1e-17)
    #expect(ForgetPath(forgetBias: 1000).decadesPerStep == 0)
  }

  @Test func measuredGates() throws {
    let path = try #require(ForgetPath(gates: [0.1, 1, 0.01, 0.5]))
    #expect((path.decadesPerStep - (log10(0.5) - 3) / 4).magnitude < 1e-15)
    #expect((path.meanGate - 0.4025).magnitude < 1e-15)
    // Jensen: the rate is below the logarithm of the mean.
    #expect(path.decadesPerStep < log10(path.meanGate))
    #expect(ForgetPath(gates: []) == nil)
    let closed = try #require(ForgetPath(gates: [0, 1]))
    #expect(closed.decadesPerStep == -.infinity)
  }

  // Memories uniform on [2, 100] by biases ln U(1, 99): mean 51 ± 28.3/√n, largest 100.
  @Test func chronoBiases() {
    #expect(ForgetPath.chronoBias(memory: 2) == 0)
    let memories = (0...980).map { 2 + 0.1 * Double($0) }
    let back = memories.map { ForgetPath.memory(forgetBias: ForgetPath.chronoBias(memory: $0)) }
    #expect(difference(back, memories, relative: 1e-14) == nil)
    var stream = RandomStream(rootSeed: 1, trialSeed: 1, purpose: .other(8))
    let drawn = (0..<4000).map { _ in
      ForgetPath.memory(forgetBias: log(1 + 98 * stream.uniform()))
    }
    #expect(drawn.allSatisfy { (2...100).contains($0) })
    let mean = drawn.reduce(0, +) / 4000
    // Four standard errors.
    #expect((mean - 51).magnitude < 1.8)
  }
}
