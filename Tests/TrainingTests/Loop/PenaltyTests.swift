// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("The norm-preserving penalty in training")
struct PenaltyTests {
  static let cells: [CellKind] = [.rnn, .rnnRelu, .rnnLinear]
  static let forms: [NormPreservationPenalty.Form] = [.ratio, .squaredRatio]
  /// Position of W_hh among the arrays of a network.
  private static let weightHH = 1

  /// Ω of weights with δ and γ = δ ⊙ φ' given, by the definition.
  ///
  /// - Parameter delta: what is passed back at t = 1…T.
  private static func omega(
    _ form: NormPreservationPenalty.Form, _ W_hh: [[Double]], delta: [[[Double]]], gamma: [[[Double]]]
  ) -> (value: Double, count: Int) {
    var (sum, count) = (0.0, 0)
    for (delta, gamma) in zip(delta.joined(), gamma.joined()) {
      let size = norm(delta)
      if form == .ratio ? size == 0 : size * size < 1e-20 { continue }
      let v = gamma.indices.map { k in gamma.indices.reduce(0.0) { $0 + gamma[$1] * W_hh[$1][k] } }
      let ratio = norm(v) / size
      sum += form == .ratio ? pow(ratio - 1, 2) : pow(ratio * ratio - 1, 2)
      count += 1
    }
    let share = form == .ratio ? gamma[0].count : count
    return (share == 0 ? 0 : sum / Double(share), count)
  }

  private static func matrix(_ values: [Double], width: Int) -> [[Double]] {
    stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }

  /// An update with and without the penalty, against Ω and central differences of it with δ and φ' fixed: ε² Ω'''
  /// and ulp(Ω)/ε, about 1e-9 for ε = 1e-5.
  private static func check(
    _ cell: CellKind, _ form: NormPreservationPenalty.Form, _ task: any LearningTask, _ plan: TrainingPlan,
    weights: Network<Double>, leavesOut: Bool = false
  ) throws {
    let alpha = 0.7
    var penalised = plan
    penalised.penalty = NormPreservationPenalty(form: form, weight: alpha)
    let (with, without) = (
      try updates(1, penalised, task, from: weights), try updates(1, plan, task, from: weights)
    )
    let naive = NaiveNetwork(
      cell, weights, task, try plan.sample(Double.self, of: task), steps: plan.steps, batch: plan.batch)
    var (engaged, flowing) = (0, [[[Double]]]())
    let gradients = naive.backward(through: naive.forward()) { delta in
      flowing.append(naiveStepClip(plan.clip.stepClip, &engaged, delta))
      return flowing[flowing.count - 1]
    }
    #expect((engaged > 0) == (plan.clip != .none))
    let delta = Array(flowing.reversed())
    let expected = omega(form, naive.W_hh, delta: delta, gamma: gradients.gamma)
    #expect((expected.count < plan.steps * plan.batch) == leavesOut && expected.count > 0)
    let account = try #require(with.accounts.first)
    #expect((try #require(account.omega) - expected.value).magnitude < 1e-11 * max(1, expected.value))
    #expect(account.loss == without.accounts.first?.loss)

    let (moved, plain) = (try #require(with.weights), try #require(without.weights))
    for array in weights.arrays.indices where array != weightHH {
      #expect(moved.arrays[array] == plain.arrays[array])
    }
    let width = naive.sizes.hiddenSize
    let flat = naive.W_hh.flatMap { $0 }
    let slopes = flat.indices.map { k in
      var (up, down) = (flat, flat)
      up[k] += 1e-5
      down[k] -= 1e-5
      let rise = omega(form, matrix(up, width: width), delta: delta, gamma: gradients.gamma).value
      let fall = omega(form, matrix(down, width: width), delta: delta, gamma: gradients.gamma).value
      return plan.learningRate * alpha * (rise - fall) / 2e-5
    }
    let found = zip(plain.arrays[weightHH], moved.arrays[weightHH]).map { $0 - $1 }
    #expect(difference(found, slopes, relative: 1e-7, absolute: 5e-8) == nil)
  }

  @Test(arguments: cells, forms)
  func addsItsSlopeToTheGradient(cell: CellKind, form: NormPreservationPenalty.Form) throws {
    for kind in SmallTask.allCases {
      let weights = Network.random(cell, for: kind.task, scale: 1.1)
      try Self.check(cell, form, kind.task, kind.plan(learningRate: 0.5), weights: weights)
    }
  }

  // Weak weights: δ falls below 1e-10 on the way, and the mean of the released form is over fewer steps.
  @Test func theReleasedFormLeavesOutWhatHasVanished() throws {
    let task = AddingProblem()
    let plan = TrainingPlan(steps: 12, batch: 3, iterations: 10, learningRate: 1, rootSeed: 3, seed: 5)
    let weights = Network.random(.rnn, for: task, scale: 0.1)
    try Self.check(.rnn, .squaredRatio, task, plan, weights: weights, leavesOut: true)
    try Self.check(.rnn, .ratio, task, plan, weights: weights)
  }

  // Losses at every step join a δ that was clipped: its direction is another one than without the clip.
  @Test(arguments: forms, [GradientClip.stepNorm(0.1), .stepNormExample(0.05)])
  func underAStepClipItIsOfTheClippedGradient(form: NormPreservationPenalty.Form, clip: GradientClip) throws {
    let kind = SmallTask.bits
    let weights = Network.random(.rnn, for: kind.task, scale: 1.3)
    try Self.check(.rnn, form, kind.task, kind.plan(learningRate: 0.5, clip: clip), weights: weights)
  }

  // The penalty is clipped with the rest: ‖∂L + α ∂Ω‖ is what the rule sees.
  @Test func isPartOfWhatIsClipped() throws {
    let kind = SmallTask.order
    let weights = Network.random(.rnn, for: kind.task, scale: 1.5)
    let penalty = NormPreservationPenalty(form: .ratio, weight: 3)
    let free = try updates(1, kind.plan(penalty: penalty), kind.task, from: weights)
    let bound = try updates(
      1, kind.plan(clip: .globalNorm(0.5), penalty: penalty), kind.task, from: weights)
    let whole = zip(weights.flat, try #require(free.weights).flat).map { $0 - $1 }
    let clipped = zip(weights.flat, try #require(bound.weights).flat).map { $0 - $1 }
    let account = try #require(bound.accounts.first)
    #expect((account.normBefore.double / norm(whole) - 1).magnitude < 1e-12 && norm(whole) > 1)
    let factor = 0.5 / (norm(whole) + 1e-6)
    #expect(difference(clipped, whole.map { $0 * factor }, relative: 1e-10, absolute: 1e-14) == nil)
  }

  // The second update takes the probe of the first again.
  @Test(arguments: forms) func theProbeOfAnEarlierUpdateLeavesNothing(form: NormPreservationPenalty.Form)
    throws
  {
    let kind = SmallTask.bits
    let plan = kind.plan(learningRate: 0.1, penalty: NormPreservationPenalty(form: form, weight: 0.5))
    let weights = Network.random(.rnn, for: kind.task)
    let through = try updates(3, plan, kind.task, from: weights)
    for n in 1...2 {
      let course = TrainingCourse(plan: plan, task: kind.task, start: through.snapshots[n - 1])
      let anew = try TrainingRun<Double>(until: n + 1).follow(course.run)
      #expect(anew.accounts == [through.accounts[n]] && anew.snapshots == [through.snapshots[n]])
    }
  }

  @Test(arguments: forms) func observingItChangesNothing(form: NormPreservationPenalty.Form) throws {
    let kind = SmallTask.bits
    let plan = kind.plan(learningRate: 0.1, penalty: NormPreservationPenalty(form: form, weight: 0.5))
    let weights = Network.random(.rnn, for: kind.task)
    let plain = try updates(3, plan, kind.task, from: weights)
    let observed = try updates(3, plan, kind.task, from: weights, detail: .light)
    #expect(plain.accounts == observed.accounts && plain.snapshots == observed.snapshots)
  }
}

/// The probe by itself: what training relies on.
@Suite("The penalty's probe")
struct PenaltyProbeTests {
  /// Ω, Ω₂, their gradients and the ratios of one network.
  private struct Found: Equatable {
    var count: Int
    var penalties, ratios, gradient, squaredGradient: [Double]

    init<Element: Scalar>(_ probe: borrowing NormPreservation<Element>) {
      count = probe.count
      penalties = [probe.penalty, probe.squaredRatioPenalty]
      ratios = probe.ratios
      gradient = Element.doubles(probe.gradient.values)
      squaredGradient = Element.doubles(probe.squaredRatioGradient.values)
    }
  }

  private static func network(_ sizes: NaiveSizes) -> NaiveNetwork {
    NaiveNetwork(.tanh, sizes, loss: .crossEntropyEveryStep, weightScale: 1.2)
  }

  private static func found<Cell: RecurrentCell>(
    _ network: NaiveNetwork, _ type: Cell.Type, passes: Int = 1
  ) -> Found {
    var pass = network.pass(type)
    var probe = NormPreservation<Cell.Element>(shape: pass.shape, bound: 1e-10)
    for index in 0..<passes {
      if index > 0 { probe.reset() }
      _ = pass.backward(loss: network.libraryLoss(Cell.Element.self), probe: &probe)
    }
    return Found(probe)
  }

  @Test func singlePrecisionAgreesWithDouble() {
    for sizes in [
      NaiveSizes(9, 3, 2, 7, seed: 71), NaiveSizes(1, 1, 1, 1, seed: 72), NaiveSizes(40, 5, 3, 17, seed: 73),
    ] {
      let network = Self.network(sizes)
      let (single, double) = (
        Self.found(network, TanhCell<Float>.self), Self.found(network, TanhCell<Double>.self)
      )
      #expect(single.count == double.count)
      #expect(difference(single.penalties, double.penalties, relative: 1e-4) == nil)
      #expect(difference(single.ratios, double.ratios, relative: 1e-4) == nil)
      let size = norm(double.gradient)
      #expect(difference(single.gradient, double.gradient, absolute: 1e-4 * size) == nil)
      let squaredSize = norm(double.squaredGradient)
      #expect(difference(single.squaredGradient, double.squaredGradient, absolute: 1e-4 * squaredSize) == nil)
    }
  }

  @Test func aResetIsAsGoodAsANewProbe() {
    let network = Self.network(NaiveSizes(6, 3, 2, 5, seed: 74))
    #expect(
      Self.found(network, TanhCell<Double>.self, passes: 3) == Self.found(network, TanhCell<Double>.self))
  }

  // 7 examples: blocks of 146 steps, of which 400 steps have two and a half. A sum over examples does not know.
  @Test func blocksOfRowsAgreeWithEachExampleAlone() {
    let network = Self.network(NaiveSizes(400, 7, 2, 5, seed: 75))
    let whole = Self.found(network, TanhCell<Double>.self)
    let gradients = network.backward(through: network.forward())
    var (gradient, squared) = ([Double](repeating: 0, count: 25), [Double](repeating: 0, count: 25))
    for t in 0..<400 {
      for b in 0..<7 {
        let (u, delta) = (gradients.gamma[t][b], norm(gradients.delta[t + 1][b]))
        let v = (0..<5).map { k in (0..<5).reduce(0.0) { $0 + u[$1] * network.W_hh[$1][k] } }
        let ratio = norm(v) / delta
        for i in 0..<5 {
          for j in 0..<5 {
            gradient[5 * i + j] += 2 * (ratio - 1) / (delta * norm(v)) * u[i] * v[j] / 7
            squared[5 * i + j] += 4 * (ratio * ratio - 1) / (delta * delta) * u[i] * v[j] / 7
          }
        }
      }
    }
    #expect(difference(whole.gradient, gradient, absolute: 1e-10 * norm(gradient)) == nil)
    #expect(difference(whole.squaredGradient, squared, absolute: 1e-10 * norm(squared)) == nil)
  }
}
