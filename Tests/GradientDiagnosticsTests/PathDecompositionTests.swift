import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Paths of the cell gradient")
struct PathDecompositionTests {
  static let losses: [NaiveLoss.Kind] = [.finalDot, .crossEntropyEveryStep, .crossEntropySparse]
  static let sizes = [
    NaiveSizes(1, 1, 2, 1), NaiveSizes(6, 3, 2, 5, seed: 30), NaiveSizes(9, 1, 3, 1, seed: 31),
  ]

  private static func paths(
    _ network: NaiveNetwork, _ loss: (any SequenceLoss<Double>)? = nil, threshold: Int = 64
  ) -> GradientPaths {
    var pass = network.pass(LSTMCell<Double>.self)
    var probe = PathDecomposition(shape: pass.shape, parameters: network.parameters(Double.self))
    _ = pass.backward(
      loss: loss ?? network.libraryLoss(Double.self), rescalingThreshold: threshold, probe: &probe)
    return probe.paths
  }

  /// Every part of ∂L/∂c_t as an explicit sum over the step s where it leaves the cell state:
  /// Σ_{s ≥ t} f_{t+1} … f_s q_s e_s with e_s = d_s or γ^g_{s+1} W_g; by path, [T+1][B·H].
  private static func parts(_ network: NaiveNetwork) -> (parts: [[[Double]]], total: [[Double]]) {
    let (last, batch, h) = (network.sizes.steps, network.sizes.batch, network.sizes.hiddenSize)
    let trace = network.forward()
    let naive = network.backward(through: trace)
    func gate(_ t: Int, _ b: Int, _ g: Int, _ k: Int) -> Double { trace.gates[t - 1][b][g * h + k] }
    let parts = (0..<5).map { path in
      (0...last).map { t in
        (0..<batch).flatMap { b in
          (0..<h).map { k -> Double in
            var (sum, kept) = (0.0, 1.0)
            for s in t...last {
              if s > t { kept *= gate(s, b, 1, k) }
              if s == 0 { continue }
              let squashed = tanh(trace.c[s][b][k])
              let q = gate(s, b, 3, k) * (1 - squashed * squashed)
              var entering = 0.0
              if path == 0 {
                entering = naive.immediate[s][b][k]
              } else if s < last {
                for j in 0..<h {
                  let row = (path - 1) * h + j
                  entering += naive.gamma[s][b][row] * network.W_hh[row][k]
                }
              }
              sum += kept * q * entering
            }
            return sum
          }
        }
      }
    }
    return (parts, naive.kappa.map { $0.flatMap { $0 } })
  }

  private static func log10Norm(_ x: [Double]) -> Double {
    log10(x.reduce(0) { $0 + $1 * $1 }) / 2
  }

  // At most 9 steps of products of 5 numbers near 1.
  @Test(arguments: losses, sizes)
  func areTheExplicitSums(loss: NaiveLoss.Kind, sizes: NaiveSizes) {
    let network = NaiveNetwork(.lstm, sizes, loss: loss)
    let (parts, total) = Self.parts(network)
    let found = Self.paths(network)
    #expect(found.steps == sizes.steps)
    for (path, name) in GradientPath.allCases.enumerated() {
      let norms = parts[path].map(Self.log10Norm)
      #expect(difference(found.log10Norms(name), norms, absolute: 1e-11) == nil, "\(name)")
      for t in 0...sizes.steps {
        let square = total[t].reduce(0) { $0 + $1 * $1 }
        let product = zip(parts[path][t], total[t]).reduce(0) { $0 + $1.0 * $1.1 }
        let share = found.shares(name)[t]
        if square == 0 {
          #expect(share.isNaN)
        } else {
          #expect((share - product / square).magnitude < 1e-11, "\(name), t = \(t)")
        }
      }
    }
    // The sums above do add up to κ.
    for t in 0...sizes.steps {
      let sum = total[t].indices.map { k in parts.reduce(0) { $0 + $1[t][k] } }
      #expect(difference(sum, total[t], absolute: 1e-13) == nil)
    }
  }

  @Test(arguments: losses)
  func sharesSumToOne(loss: NaiveLoss.Kind) {
    let network = NaiveNetwork(.lstm, NaiveSizes(25, 3, 2, 7, seed: 32), loss: loss, weightScale: 2)
    let found = Self.paths(network)
    for t in 0...25 {
      let sum = GradientPath.allCases.reduce(0.0) { $0 + found.shares($1)[t] }
      if found.log10Norms(.carousel)[t] == -.infinity && sum.isNaN { continue }
      #expect((sum - 1).magnitude < 1e-12, "t = \(t)")
    }
    #expect(!found.shares(.carousel)[0].isNaN)
  }

  // One gate alone has recurrent weights: its path and the carousel are all there is.
  @Test(arguments: [GradientPath.input, .forget, .candidate, .output])
  func aGateWithoutRecurrentWeightsLetsNothingThrough(open: GradientPath) throws {
    var network = NaiveNetwork(.lstm, NaiveSizes(6, 2, 2, 3, seed: 33), loss: .finalDot)
    let gates = CellKind.lstm.gates
    for (g, gate) in gates.enumerated() where gate != open.gate {
      for k in g * 3..<(g + 1) * 3 { network.W_hh[k] = [0, 0, 0] }
    }
    let found = Self.paths(network)
    for path in GradientPath.allCases {
      let norms = found.log10Norms(path)
      if path == .carousel || path == open {
        #expect(norms[0...5].allSatisfy { $0.isFinite }, "\(path)")
      } else {
        #expect(norms.allSatisfy { $0 == -.infinity }, "\(path)")
        #expect(found.shares(path).allSatisfy { $0 == 0 })
      }
    }
    #expect(found.shares(open)[0...5].allSatisfy { $0 != 0 })
  }

  // Without recurrent weights ∂L/∂c_t is the carousel: q_T d_T Π f, 2,000 steps far below the range.
  @Test func withoutRecurrentWeightsEverythingIsCarousel() {
    var network = NaiveNetwork(.lstm, NaiveSizes(2_000, 2, 1, 3, seed: 34), loss: .finalDot)
    network[.W_hh] = network[.W_hh].map { _ in 0 }
    network[.W_ih] = network[.W_ih].enumerated().map { (3..<6).contains($0) ? 0 : $1 }
    for k in 3..<6 { (network.b_ih[k], network.b_hh[k]) = (0, 0) }
    let found = Self.paths(network)
    #expect(found.shares(.carousel).allSatisfy { ($0 - 1).magnitude < 1e-15 })
    let norms = found.log10Norms(.carousel)
    for t in 0..<2_000 {
      // f = 1/2: an exact power of two at every step.
      #expect((norms[t] - norms[2_000] + Double(2_000 - t) * log10(2.0)).magnitude < 1e-12)
    }
    for path in GradientPath.allCases.dropFirst() {
      #expect(found.log10Norms(path).allSatisfy { $0 == -.infinity })
    }
  }

  // f = e^−1000, which no double holds: what reaches c_t is what h_t sends, and the carousel is the loss's own part, or
  // hundreds of decades less.
  @Test func aClosedForgetGateStopsTheCarousel() {
    var network = NaiveNetwork(.lstm, NaiveSizes(6, 2, 2, 3, seed: 35), loss: .crossEntropySparse)
    for k in 3..<6 { network.b_ih[k] = -1_000 }
    let found = Self.paths(network)
    let steps = network.diagnosed().steps
    for t in 0...6 {
      let isRead = steps.immediate[t].isFinite
      #expect((found.log10Norms(.carousel)[t] > -300) == isRead, "t = \(t)")
    }
    #expect(found.log10Norms(.forget).allSatisfy { $0 < -300 })
    #expect(found.log10Norms(.output)[1].isFinite)
  }

  // Recurrent weights that leave little: 10^-500 and less after 2,000 steps, and shares that still sum to 1.
  @Test func sharesSumToOneFarBelowTheRange() {
    let network = NaiveNetwork(
      .lstm, NaiveSizes(2_000, 2, 2, 4, seed: 36), loss: .finalDot, weightScale: 0.4)
    let found = Self.paths(network)
    let kappa = network.diagnosed().steps.cell
    #expect(kappa[0] < -350)
    for t in stride(from: 0, through: 2_000, by: 50) {
      let parts = GradientPath.allCases.map { found.shares($0)[t] }
      #expect((parts.reduce(0, +) - 1).magnitude < 1e-10, "t = \(t)")
      // A part's projection is at most its norm.
      for (path, share) in zip(GradientPath.allCases, parts) {
        #expect(log10(share.magnitude) <= found.log10Norms(path)[t] - kappa[t] + 1e-10)
      }
    }
  }

  // The gradient enters at 2^∓2,000, at T or later in the walk, with steps of zeros at another scale.
  @Test(arguments: [-2_000, 2_000], [6, 4]) func scaleWithAGradientFromAbove(power: Int, entry: Int) {
    let network = NaiveNetwork(.lstm, NaiveSizes(6, 2, 2, 3, seed: 37), loss: .finalDot)
    var stream = RandomStream(rootSeed: 37, trialSeed: 1, purpose: .other(1))
    let entering = stream.normals(6)
    let values = (1...6).flatMap { $0 == entry ? entering : Array(repeating: 0, count: 6) }
    let plain = Self.paths(network, UpstreamGradient(values: values))
    for elsewhere in [0, -power] {
      let exponents = (1...6).flatMap { [$0 == entry ? power : elsewhere, $0 == entry ? power : elsewhere] }
      let moved = Self.paths(network, UpstreamGradient(values: values, exponents: exponents))
      for path in GradientPath.allCases {
        for t in 0...6 {
          let (mine, other) = (moved.log10Norms(path)[t], plain.log10Norms(path)[t])
          let expected = other + Double(power) * log10(2.0)
          #expect(mine == expected || (mine - expected).magnitude < 1e-12, "\(path), t = \(t)")
          let (share, whole) = (moved.shares(path)[t], plain.shares(path)[t])
          #expect(
            t > entry ? share.isNaN && whole.isNaN : (share - whole).magnitude < 1e-13, "\(path), t = \(t)")
        }
      }
    }
  }

  // A loss term that is exactly zero at a step that the gradient passes at 2^−2,000.
  @Test func aZeroLossTermBesideATinyGradientChangesNothing() {
    let network = NaiveNetwork(.lstm, NaiveSizes(6, 2, 2, 3, seed: 38), loss: .finalDot)
    let values = (1...6).flatMap { t in Array(repeating: t == 6 ? 1.5 : 0, count: 6) }
    let exponents = (1...6).flatMap { t in Array(repeating: t == 6 ? -2_000 : 0, count: 2) }
    let every = Self.paths(network, UpstreamGradient(values: values, exponents: exponents))
    let final = Self.paths(
      network, UpstreamGradient(values: values, exponents: exponents, placement: .finalStep))
    #expect(every == final)
    #expect(final.log10Norms(.carousel).allSatisfy { $0.isFinite })
  }

  @Test func everyRescalingThresholdGivesTheSameBits() {
    let network = NaiveNetwork(
      .lstm, NaiveSizes(150, 3, 2, 5, seed: 39), loss: .finalDot, weightScale: 0.3)
    let first = Self.paths(network, threshold: 1)
    #expect(first.log10Norms(.carousel)[0] < -25)
    for threshold in [8, 64, 300] {
      let found = Self.paths(network, threshold: threshold)
      for path in GradientPath.allCases { #expect(found.log10Norms(path) == first.log10Norms(path)) }
    }
  }

  // The carousel of an ordinary LSTM is Π f, far below the total after some thousand steps: squares of the ratio have left
  // the range of a double long before, from 1e−162 on, and at the end so has the ratio.
  @Test func theCarouselAtAnyDistance() {
    let (hidden, steps) = (3, 2500)
    let network = SaturatedNetwork(.lstm, hidden: hidden, steps: steps, scale: 0.0625)
    let p = network.parameters
    var pass = SequencePass(
      cell: LSTMCell(parameters: p), shape: network.shape, inputs: network.inputs)
    var probe = PathDecomposition(shape: pass.shape, parameters: p)
    let direction = [1.0, -2, 0.5]
    _ = pass.backward(loss: FinalDotLoss(direction: direction), probe: &probe)
    let found = probe.paths

    // log10 of each unit's part, from the logarithms of its gates.
    var (h, c) = ([0.0, 0, 0], [0.0, 0, 0])
    var forget: [[Double]] = []
    var out = h
    for t in 0..<steps {
      let a = (0..<4 * hidden).map { row in
        p.biasIH[row] + (0..<2).reduce(0.0) { $0 + p.weightIH[row, $1] * network.inputs[2 * t + $1] }
          + (0..<hidden).reduce(0.0) { $0 + p.weightHH[row, $1] * h[$1] }
      }
      func gate(_ g: Int, _ k: Int) -> Double { 1 / (1 + exp(-a[g * hidden + k])) }
      for k in 0..<hidden { c[k] = gate(1, k) * c[k] + gate(0, k) * tanh(a[2 * hidden + k]) }
      h = (0..<hidden).map { gate(3, $0) * tanh(c[$0]) }
      out = (0..<hidden).map { gate(3, $0) * (1 - tanh(c[$0]) * tanh(c[$0])) }
      forget.append((0..<hidden).map { log10(gate(1, $0)) })
    }
    var logs = (0..<hidden).map { log10(out[$0] * direction[$0].magnitude) }
    for t in stride(from: steps, through: 0, by: -1) {
      if t < steps { for k in 0..<hidden { logs[k] += forget[t][k] } }
      let top = logs.max() ?? 0
      let norm = top + log10(logs.reduce(0) { $0 + pow(10, 2 * ($1 - top)) }) / 2
      let error = (found.log10Norms(.carousel)[t] - norm).magnitude
      if !(error < 1e-9) {
        Issue.record("t = \(t): \(found.log10Norms(.carousel)[t]) against \(norm)")
        break
      }
    }
    #expect(found.log10Norms(.carousel)[0] < -600)
    #expect(GradientPath.allCases.allSatisfy { found.log10Norms($0)[1].isFinite })
  }

  // A unit whose part of the carousel is below the range of its neighbours' for a while, and the largest at the end.
  @Test func aUnitThatIsFarBelowItsNeighboursComesBack() {
    // f_t of unit 0 is 1/(1 + e) in the second half of the way back, of unit 1 e^−600 at two steps of the first; else 1.
    let steps = 2000
    var p = RecurrentParameters<Double>(
      weightIH: Matrix(rows: 8, columns: 2), weightHH: Matrix(rows: 8, columns: 2),
      biasIH: Array(repeating: 0, count: 8), biasHH: Array(repeating: 0, count: 8))
    p.weightIH[2, 0] = 1
    p.weightIH[3, 1] = 1
    let inputs = (1...steps).flatMap { t -> [Double] in
      [t <= 1000 ? -1 : 50, t == 1500 || t == 1400 ? -600 : 50]
    }
    var pass = SequencePass(
      cell: LSTMCell(parameters: p),
      shape: SequenceShape(steps: steps, batch: 1, inputSize: 2, hiddenSize: 2),
      inputs: inputs)
    var probe = PathDecomposition(shape: pass.shape, parameters: p)
    _ = pass.backward(loss: FinalDotLoss(direction: [1, 1]), probe: &probe)
    let norms = probe.paths.log10Norms(.carousel)
    // c = 0: q = 1/2 for both.
    let first = log10(0.5) - 1000 * log10(1 + exp(1.0))
    let second = log10(0.5) - 1200 / log(10.0)
    let top = max(first, second)
    let expected = top + log10(pow(10, 2 * (first - top)) + pow(10, 2 * (second - top))) / 2
    #expect((norms[0] - expected).magnitude < 1e-9, "\(norms[0]) against \(expected)")
    #expect((norms[1001] - log10(0.5)).magnitude < 1e-9)
  }
}
