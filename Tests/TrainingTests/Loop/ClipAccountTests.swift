import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("What an update says of its clip")
struct ClipAccountTests {
  static let rules: [GradientClip] = [
    .none, .globalNorm(0.3), .globalNorm(1e3), .value(0.02), .value(1e3), .stepNorm(0.1), .stepNorm(1e3),
    .stepNormExample(0.1), .stepNormExample(1e3),
  ]

  /// What a rule makes of a naive network's gradient, on plain arrays.
  private static func expected(
    _ rule: GradientClip, _ network: NaiveNetwork
  ) -> (before: [Double], after: [Double], share: Double) {
    let trace = network.forward()
    let before = network.backward(through: trace).flat
    switch rule {
    case .none: return (before, before, 0)
    case .globalNorm(let limit):
      let factor = min(1, limit / (norm(before) + 1e-6))
      return (before, before.map { $0 * factor }, factor < 1 ? 1 : 0)
    case .value(let limit):
      let count = before.count { $0.magnitude > limit }
      return (before, before.map { max(-limit, min(limit, $0)) }, Double(count) / Double(before.count))
    case .stepNorm, .stepNormExample:
      var engaged = 0
      let after = network.backward(through: trace) { naiveStepClip(rule.stepClip, &engaged, $0) }.flat
      let looked = network.sizes.steps * (rule.kind == .stepNorm ? 1 : network.sizes.batch)
      return (before, after, Double(engaged) / Double(looked))
    }
  }

  @Test(arguments: rules, [CellKind.rnn, .gru])
  func isWhatTheArraysSay(rule: GradientClip, cell: CellKind) throws {
    for kind in SmallTask.allCases {
      let (task, plan) = (kind.task, kind.plan(clip: rule))
      let weights = Network.random(cell, for: task, scale: 1.5)
      let run = try updates(1, plan, task, from: weights)
      let network = NaiveNetwork(
        cell, weights, task, try plan.sample(Double.self, of: task), steps: plan.steps, batch: plan.batch)
      let expected = Self.expected(rule, network)
      let account = try #require(run.accounts.first)
      #expect((account.normBefore.double / norm(expected.before) - 1).magnitude < 1e-12)
      #expect((account.normAfter.double / norm(expected.after) - 1).magnitude < 1e-12)
      #expect(account.clippedShare == expected.share && account.isClipped == (expected.share > 0))
      #expect((expected.share > 0) == ((rule.threshold ?? 1e3) < 1))
      let cosine = dot(expected.before, expected.after) / (norm(expected.before) * norm(expected.after))
      #expect((try #require(account.cosine) - cosine).magnitude < 1e-12)
      let found = zip(weights.flat, try #require(run.weights).flat).map { $0 - $1 }
      #expect(difference(found, expected.after, relative: 1e-11, absolute: 1e-14) == nil)
    }
  }

  /// A linear network that stays at 0, whose W_hh is `growth` times the identity: δ_t = growth^{T−t} δ_T.
  private static func exploding(growth: Double) -> Network<Double> {
    var weights = Network.random(.rnnLinear, for: AddingProblem(), hidden: 3)
    weights.only.weightIH = Matrix(rows: 3, columns: 2)
    weights.only.weightHH = Matrix<Double>.identity(3).scaled(by: growth)
    (weights.only.biasIH, weights.only.biasHH) = ([0, 0, 0], [0, 0, 0])
    return weights
  }

  private static func plan(
    steps: Int, _ clip: GradientClip = .none, optimiser: Optimiser = .sgd, learningRate: Double = 1
  ) -> TrainingPlan {
    TrainingPlan(
      steps: steps, batch: 3, iterations: 100, optimiser: optimiser, learningRate: learningRate, clip: clip,
      rootSeed: 3, seed: 5)
  }

  /// The gradient of ``exploding(growth:)`` in double, and the first step on the way back whose δ single precision
  /// does not hold.
  private static func overflow(
    _ weights: Network<Double>, _ plan: TrainingPlan
  ) throws -> (gradient: [Double], step: Int) {
    let network = NaiveNetwork(
      .rnnLinear, weights, AddingProblem(), try plan.sample(Double.self, of: AddingProblem()),
      steps: plan.steps,
      batch: plan.batch)
    let gradients = network.backward(through: network.forward())
    let limit = Double(Float.greatestFiniteMagnitude)
    let step = (1...plan.steps).last { norm(gradients.delta[$0].joined()) >= limit }
    return (gradients.flat, try #require(step))
  }

  // 2^200 is 1.6e60, beyond single precision.
  @Test func aGradientBeyondTheRangeIsBroughtBack() throws {
    let weights = Self.exploding(growth: 2).converted(to: Float.self).converted(to: Double.self)
    let plan = Self.plan(steps: 200, .globalNorm(0.25))
    let expected = try Self.overflow(weights, plan)
    let size = norm(expected.gradient)
    #expect(size > 1e59)
    let run = try updates(1, plan, AddingProblem(), from: weights.converted(to: Float.self))
    let account = try #require(run.accounts.first)
    #expect(
      account.event
        == TrainingEvent(kind: .gradient, iteration: 1, step: expected.step, place: LayerPlace(layer: 0)))
    #expect((account.normBefore.double / size - 1).magnitude < 1e-5)
    #expect((account.normAfter.double / 0.25 - 1).magnitude < 1e-6 && account.clippedShare == 1)
    let found = zip(weights.flat, try #require(run.weights).converted(to: Double.self).flat).map { $0 - $1 }
    #expect(difference(found, expected.gradient.map { $0 * 0.25 / size }, absolute: 1e-6) == nil)
    #expect((account.updateNorm / 0.25 - 1).magnitude < 1e-5)
  }

  @Test func aValueClipBringsItBackEntryByEntry() throws {
    let weights = Self.exploding(growth: 2).converted(to: Float.self).converted(to: Double.self)
    let plan = Self.plan(steps: 200, .value(0.125))
    let expected = try Self.overflow(weights, plan)
    let run = try updates(1, plan, AddingProblem(), from: weights.converted(to: Float.self))
    #expect(run.accounts.first?.event?.step == expected.step)
    let found = zip(weights.flat, try #require(run.weights).converted(to: Double.self).flat).map { $0 - $1 }
    #expect(
      difference(found, expected.gradient.map { max(-0.125, min(0.125, $0)) }, absolute: 1e-6) == nil)
  }

  // The clipped recursion never leaves the range; the event is of the unclipped one, which tells what was cut.
  @Test func aStepClipKeepsItInRange() throws {
    let weights = Self.exploding(growth: 2)
    let plan = Self.plan(steps: 200, .stepNorm(0.01))
    let expected = try Self.overflow(weights, plan)
    let run = try updates(1, plan, AddingProblem(), from: weights.converted(to: Float.self))
    let account = try #require(run.accounts.first)
    #expect(
      account.event
        == TrainingEvent(kind: .gradient, iteration: 1, step: expected.step, place: LayerPlace(layer: 0)))
    #expect(account.normBefore.log10 > 59 && account.normAfter.double < 10)
    #expect(try #require(run.weights).isFinite)
  }

  @Test func withoutAClipTheTrainingEndsThere() throws {
    let weights = Self.exploding(growth: 2)
    let plan = Self.plan(steps: 200)
    let expected = try Self.overflow(weights, plan)
    let run = try updates(1, plan, AddingProblem(), from: weights.converted(to: Float.self))
    #expect(
      run.end
        == .diverged(
          TrainingEvent(kind: .gradient, iteration: 1, step: expected.step, place: LayerPlace(layer: 0))))
    #expect(run.accounts.isEmpty && run.weights == weights.converted(to: Float.self))
    // Double precision holds it, and the weights are what they are.
    let double = try updates(1, plan, AddingProblem(), from: weights)
    #expect(double.accounts.count == 1 && double.accounts.first?.event == nil)
  }

  @Test func aStateBeyondTheRangeEndsTheTraining() throws {
    let task = AddingProblem()
    var weights = Network.random(.rnnRelu, for: task, hidden: 3)
    weights.only.weightHH = Matrix(rows: 3, columns: 3, values: Array(repeating: 4, count: 9))
    weights.only.biasIH = [1, 1, 1]
    let plan = Self.plan(steps: 60)
    let network = NaiveNetwork(
      .rnnRelu, weights, task, try plan.sample(Double.self, of: task), steps: 60, batch: 3)
    let states = network.forward().h
    let limit = Double(Float.greatestFiniteMagnitude)
    let step = try #require(states.firstIndex { $0.joined().contains { $0 > limit } })
    let run = try updates(1, plan, task, from: weights.converted(to: Float.self))
    #expect(
      run.end == .diverged(TrainingEvent(kind: .state, iteration: 1, step: step, place: LayerPlace(layer: 0)))
    )
    // Read in pieces of 8 steps, the event counts the steps of its piece.
    var pieces = plan
    pieces.truncation = Truncation(k1: 8, k2: 16)
    let truncated = try updates(1, pieces, task, from: weights.converted(to: Float.self))
    #expect(
      truncated.end?.event
        == TrainingEvent(kind: .state, iteration: 1, step: (step - 1) % 8 + 1, place: LayerPlace(layer: 0)))
  }

  @Test func aLossBeyondTheRangeEndsTheTraining() throws {
    var weights = Network.random(.rnn, for: AddingProblem())
    weights.readout.bias = [1e200]
    let run = try updates(1, Self.plan(steps: 6), AddingProblem(), from: weights)
    #expect(run.end == .diverged(TrainingEvent(kind: .loss, iteration: 1, step: 6)))
  }

  @Test func weightsBeyondTheRangeEndTheTraining() throws {
    let weights = Network.random(.rnn, for: AddingProblem())
    let plan = Self.plan(steps: 6, learningRate: 1e45)
    let run = try updates(1, plan, AddingProblem(), from: weights.converted(to: Float.self))
    let event = try #require(run.end?.event)
    #expect(event.kind == .weights && event.iteration == 1 && (1...6).contains(event.step))
  }

  // g² of some 1e21 is no number of single precision: Adam would leave such a weight alone for ever.
  @Test func aRunningMeanBeyondTheRangeEndsTheTraining() throws {
    let weights = Self.exploding(growth: 2).converted(to: Float.self)
    let plan = Self.plan(steps: 75, optimiser: .adam(decay1: 0.9, decay2: 0.999), learningRate: 1e-3)
    let run = try updates(1, plan, AddingProblem(), from: weights)
    #expect(
      run.end == .diverged(TrainingEvent(kind: .weights, iteration: 1, step: 1, place: LayerPlace(layer: 0))))
  }

  @Test func weightsThatAreNoNumbersEndTheTraining() throws {
    for clip in [GradientClip.none, .globalNorm(1), .value(1), .stepNorm(1), .stepNormExample(1)] {
      var weights = Network.random(.lstm, for: TemporalOrder())
      weights.only.weightHH.values[3] = .nan
      #expect(
        try updates(1, SmallTask.order.plan(clip: clip), TemporalOrder(), from: weights).end?.event?
          .kind
          == .state)
      weights.only.weightHH.values[3] = 0
      weights.readout.weight.values[0] = .nan
      #expect(
        try updates(1, SmallTask.order.plan(clip: clip), TemporalOrder(), from: weights).end?.event?
          .kind
          == .loss)
    }
  }
}
