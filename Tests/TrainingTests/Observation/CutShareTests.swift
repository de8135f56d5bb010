import Foundation
import GradientFlow
import TestSupport
import Testing

/// Which steps pay for a clip, with every step's contribution to ∂L/∂W_hh formed as a matrix.
@Suite("Shares of what was cut")
struct CutShareTests {
  static let cells: [CellKind] = [.rnn, .lstm, .gru]
  static let rules: [GradientClip] = [
    .globalNorm(0.05), .value(0.01), .stepNorm(0.05), .stepNormExample(0.03),
  ]

  /// G_t of t = 1…T.
  private static func contributions(_ gradients: NaiveGradients, _ trace: NaiveTrace) -> [[Double]] {
    gradients.gammaHidden.indices.map { t in
      let (gamma, h) = (gradients.gammaHidden[t], trace.h[t])
      return gamma[0].indices.flatMap { i in
        h[0].indices.map { j in gamma.indices.reduce(0.0) { $0 + gamma[$1][i] * h[$1][j] } }
      }
    }
  }

  /// ⟨R_t, R⟩ / ‖R‖² from the parts R_t.
  private static func shares(_ parts: [[Double]]) -> [Double] {
    let whole = parts[0].indices.map { k in parts.reduce(0.0) { $0 + $1[k] } }
    return parts.map { dot($0, whole) / dot(whole, whole) }
  }

  /// - Parameter added: what a penalty adds to ∂L/∂W_hh before it is clipped.
  private static func expected(
    _ rule: GradientClip, _ network: NaiveNetwork, _ added: [Double]?
  ) -> [Double] {
    let trace = network.forward()
    let gradients = network.backward(through: trace)
    let parts = contributions(gradients, trace)
    switch rule {
    case .none: return []
    case .globalNorm(let limit):
      let factor = limit / (norm(gradients.flat) + 1e-6)
      return shares(parts.map { $0.map { (1 - factor) * $0 } })
    case .value(let limit):
      let whole = parts[0].indices.map { k in parts.reduce(added?[k] ?? 0) { $0 + $1[k] } }
      let kept = whole.map { max(-limit, min(limit, $0)) / $0 }
      return shares(parts.map { zip($0, kept).map { $0 * (1 - $1) } })
    case .stepNorm, .stepNormExample:
      var engaged = 0
      let clipped = network.backward(through: trace) { naiveStepClip(rule.stepClip, &engaged, $0) }
      return shares(zip(parts, contributions(clipped, trace)).map { zip($0, $1).map { $0 - $1 } })
    }
  }

  private static func profile(
    _ cell: CellKind, _ kind: SmallTask, _ rule: GradientClip, _ weights: Network<Double>,
    penalty: NormPreservationPenalty? = nil
  ) throws -> TrainingProfile {
    let run = try updates(
      1, kind.plan(clip: rule, penalty: penalty), kind.task, from: weights, detail: .standard)
    return try #require(run.profiles.first ?? nil)
  }

  private static func network(
    _ cell: CellKind, _ kind: SmallTask, _ weights: Network<Double>
  ) throws -> NaiveNetwork {
    let plan = kind.plan()
    return NaiveNetwork(
      cell, weights, kind.task, try plan.sample(Double.self, of: kind.task), steps: plan.steps,
      batch: plan.batch)
  }

  @Test(arguments: cells, rules)
  func equalTheMatricesOfEveryStep(cell: CellKind, rule: GradientClip) throws {
    for kind in SmallTask.allCases {
      let weights = Network.random(cell, for: kind.task, scale: 1.5)
      let found = try #require(try Self.profile(cell, kind, rule, weights).cutShares)
      let expected = Self.expected(rule, try Self.network(cell, kind, weights), nil)
      #expect(difference(found, expected, absolute: 1e-9) == nil)
      #expect((found.reduce(0, +) - 1).magnitude < 1e-11)
    }
  }

  @Test(arguments: rules)
  func withAPenaltyTheyAreOfTheLossAlone(rule: GradientClip) throws {
    let kind = SmallTask.bits
    let weights = Network.random(.rnn, for: kind.task, scale: 1.5)
    let penalty = NormPreservationPenalty(form: .ratio, weight: 0.05)
    let (with, without) = (
      try updates(1, kind.plan(penalty: penalty), kind.task, from: weights),
      try updates(1, kind.plan(), kind.task, from: weights)
    )
    let added = zip(try #require(without.weights).arrays[1], try #require(with.weights).arrays[1]).map(-)
    let found = try #require(try Self.profile(.rnn, kind, rule, weights, penalty: penalty).cutShares)
    let expected = Self.expected(rule, try Self.network(.rnn, kind, weights), added)
    #expect(difference(found, expected, absolute: 1e-9) == nil)
    #expect((found.reduce(0, +) - 1).magnitude < 1e-11)
  }

  @Test(arguments: [GradientClip.none, .globalNorm(1e3), .value(1e3), .stepNorm(1e3), .stepNormExample(1e3)])
  func whereNothingIsCutThereAreNone(rule: GradientClip) throws {
    let weights = Network.random(.rnn, for: SmallTask.bits.task)
    #expect(try Self.profile(.rnn, .bits, rule, weights).cutShares == nil)
  }

  // h_t = −2 h_{t−1} + c and δ_{t−1} = −2 δ_t over 900 steps, in one unit: G_t ∝ (−2)^{T−t} (1 − (−2)^{t−1}), and
  // what is cut from one number is cut from each step alike.
  @Test(arguments: [GradientClip.globalNorm(1), .value(1), .stepNorm(1), .stepNormExample(1)])
  func areRightAtAnyMagnitude(rule: GradientClip) throws {
    let task = AddingProblem()
    var weights = Network.random(.rnnLinear, for: task, hidden: 1)
    weights.only.weightIH = Matrix(rows: 1, columns: 2)
    weights.only.weightHH = Matrix(rows: 1, columns: 1, values: [-2])
    (weights.only.biasIH, weights.only.biasHH) = ([0x1p-600], [0])
    let plan = TrainingPlan(
      steps: 900, batch: 2, iterations: 10, learningRate: 1e-250, clip: rule, rootSeed: 3, seed: 5)
    let run = try updates(1, plan, task, from: weights, detail: .standard)
    #expect(try #require(run.accounts.first).normBefore.log10 > 350)
    let shares = try #require(run.profiles.first??.cutShares)
    #expect((shares.reduce(0, +) - 1).magnitude < 1e-9 && shares.allSatisfy(\.isFinite))
    if rule.stepClip == .none {
      let parts = (1...900).map { t in (t % 2 == 1 ? 1 : -1) * powerOfTwo(1 - t) - 1 }
      let sum = parts.reduce(0, +)
      #expect(difference(shares, parts.map { $0 / sum }, relative: 1e-9, absolute: 1e-12) == nil)
    }
  }
}
