import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Profiles of an update")
struct TrainingProfileTests {
  static let cells: [CellKind] = [.rnn, .lstm, .gru]
  static let clips: [GradientClip] = [.none, .stepNormExample(0.05)]

  private static func profile(
    _ cell: CellKind, _ detail: TrainingDetail, _ clip: GradientClip = .none,
    _ weights: Network<Double>
  ) throws -> TrainingProfile {
    let run = try updates(
      1, SmallTask.bits.plan(clip: clip), SmallTask.bits.task, from: weights, detail: detail)
    return try #require(run.profiles.first ?? nil)
  }

  private static func weights(_ cell: CellKind) -> Network<Double> {
    Network.random(cell, for: SmallTask.bits.task, scale: 1.4)
  }

  private static func diagnosis(
    _ cell: CellKind, _ clip: GradientClip, _ weights: Network<Double>
  ) throws -> StepGradients {
    let (task, plan) = (SmallTask.bits.task, SmallTask.bits.plan())
    return cell.accept(
      LibraryDiagnosis(
        weights: weights, task: task, sample: try plan.sample(Double.self, of: task), steps: plan.steps,
        batch: plan.batch, clip: clip.stepClip)
    ).steps
  }

  @Test(arguments: cells, clips)
  func aLightOneHasTheNormsOfADiagnosisBitForBit(cell: CellKind, clip: GradientClip) throws {
    let weights = Self.weights(cell)
    let steps = try Self.diagnosis(cell, clip, weights)
    let profile = try Self.profile(cell, .light, clip, weights)
    #expect(profile.iteration == 1 && profile.steps == 6)
    #expect(profile.hidden == steps.hidden && profile.hiddenAfterClip == steps.hiddenAfterClip)
    #expect(profile.immediate == steps.immediate && profile.cell == steps.cell)
    #expect(profile.hiddenMean == steps.hiddenMean && profile.decayRate == steps.decayRate)
    #expect((profile.hidden != profile.hiddenAfterClip) == (clip != .none))
    #expect(profile.preactivation == nil && profile.weightHH == nil && profile.cutShares == nil)
    #expect(profile.saturation.isEmpty && profile.spectralRadius == nil && profile.lyapunovRate == nil)
  }

  @Test(arguments: cells, clips)
  func aStandardOneHasContributionsAndSaturation(cell: CellKind, clip: GradientClip) throws {
    let weights = Self.weights(cell)
    let steps = try Self.diagnosis(cell, clip, weights)
    let light = try Self.profile(cell, .light, clip, weights)
    let profile = try Self.profile(cell, .standard, clip, weights)
    #expect(profile.hidden == light.hidden && profile.cell == light.cell)
    #expect(profile.preactivation == steps.preactivation)
    #expect(profile.weightHH == steps.weightHH && profile.weightIH == steps.weightIH)
    #expect(profile.biasIH == steps.biasIH)
    #expect((profile.cutShares != nil) == (clip != .none))
    #expect(profile.preactivationByGate.isEmpty && profile.memory == nil && profile.lyapunovRate == nil)
    #expect(Set(profile.saturation.keys) == Set(cell.gates))
    try Self.expectSaturation(profile, cell, weights)
  }

  /// Shares of gate values beyond their bounds, from the naive network.
  private static func expectSaturation(
    _ profile: TrainingProfile, _ cell: CellKind, _ weights: Network<Double>
  ) throws {
    let (task, plan) = (SmallTask.bits.task, SmallTask.bits.plan())
    let network = NaiveNetwork(
      cell, weights, task, try plan.sample(Double.self, of: task), steps: plan.steps, batch: plan.batch)
    let trace = network.forward()
    let hidden = network.sizes.hiddenSize
    for (g, gate) in cell.gates.enumerated() {
      let isSigmoid = [Gate.input, .forget, .output, .reset, .update].contains(gate)
      let expected = (0..<plan.steps).map { t in
        let values =
          cell == .rnn
          ? trace.h[t + 1].flatMap { $0 } : trace.gates[t].flatMap { $0[g * hidden..<(g + 1) * hidden] }
        let count = values.count { $0 > 0.9 || $0 < (isSigmoid ? 0.1 : -0.9) }
        return Double(count) / Double(values.count)
      }
      #expect(difference(profile.saturation[gate] ?? [], expected, absolute: 1e-15) == nil)
    }
    #expect(profile.saturation.values.contains { $0.contains { $0 > 0 } })
  }

  @Test func theSpectrumIsOfTheWeightsBeforeTheUpdate() throws {
    // Blocks that are multiples of a rotation: radius and singular value are the factor.
    for cell in Self.cells {
      var weights = Self.weights(cell)
      let blocks = (0..<cell.gates.count).flatMap { g -> [Double] in
        let factor = 0.5 + 0.25 * Double(g)
        return (0..<25).map { ($0 % 5 == ($0 / 5 + 1) % 5) ? factor : 0 }
      }
      weights.only.weightHH.values = blocks
      let profile = try Self.profile(cell, .standard, .none, weights)
      let expected = 0.25 + 0.25 * Double(cell.gates.count)
      #expect((try #require(profile.spectralRadius) - expected).magnitude < 1e-12)
      #expect((try #require(profile.sigmaMax) - expected).magnitude < 1e-12)
    }
  }

  @Test(arguments: cells) func aFullOneHasGatesMemoryAndTheExponent(cell: CellKind) throws {
    let weights = Self.weights(cell)
    let steps = try Self.diagnosis(cell, .none, weights)
    let profile = try Self.profile(cell, .full, .none, weights)
    #expect(profile.weightHH == steps.weightHH)
    let gates = cell.gates
    for (g, gate) in gates.enumerated() {
      let expected = (0..<6).map { steps.preactivationByGate[$0 * gates.count + g] }
      #expect(profile.preactivationByGate[gate] == expected)
    }
    #expect(try #require(profile.lyapunovRate).isFinite)
    guard let memory = GateActivity.memoryGate(of: gates) else {
      #expect(profile.memory == nil)
      return
    }
    let (task, plan) = (SmallTask.bits.task, SmallTask.bits.plan())
    let network = NaiveNetwork(
      cell, weights, task, try plan.sample(Double.self, of: task), steps: plan.steps, batch: plan.batch)
    let expected = network.forward().gates.map { rows in
      let logs = rows.flatMap { $0[memory * 5..<(memory + 1) * 5].map { log10($0) } }
      return logs.reduce(0, +) / Double(logs.count)
    }
    #expect(difference(profile.memory ?? [], expected, absolute: 1e-13) == nil)
  }

  // W_hh a multiple of a rotation, linear: the exponent is the factor's logarithm.
  @Test func theExponentOfARotationIsItsFactor() throws {
    var weights = Self.weights(.rnnLinear)
    weights.only.weightHH.values = (0..<25).map { ($0 % 5 == ($0 / 5 + 1) % 5) ? 0.6 : 0 }
    let profile = try Self.profile(.rnnLinear, .full, .none, weights)
    #expect((try #require(profile.lyapunovRate) - log10(0.6)).magnitude < 1e-12)
  }

  @Test(arguments: CellKind.allCases, [GradientClip.none, .globalNorm(0.1), .stepNorm(0.05)])
  func lookingChangesNoBit(cell: CellKind, clip: GradientClip) throws {
    let kind = SmallTask.bits
    let weights = Self.weights(cell)
    let plain = try updates(3, kind.plan(learningRate: 0.1, clip: clip), kind.task, from: weights)
    #expect(plain.profiles.allSatisfy { $0 == nil } && plain.accounts.count == 3)
    for detail in TrainingDetail.allCases {
      let seen = try updates(
        3, kind.plan(learningRate: 0.1, clip: clip), kind.task, from: weights, detail: detail)
      #expect(seen.accounts == plain.accounts && seen.snapshots == plain.snapshots)
      #expect(seen.profiles.map { $0?.iteration } == [1, 2, 3])
    }
  }

  // Steps 3…6 after steps 1 and 2, whose state the snapshot before has.
  @Test func theGatesOfAWindowComeFromItsState() throws {
    let (kind, cell) = (SmallTask.bits, CellKind.lstm)
    var plan = kind.plan(learningRate: 0.1)
    plan.truncation = Truncation(k1: 2, k2: 4)
    let run = try updates(3, plan, kind.task, from: Self.weights(cell), detail: .full)
    #expect(run.snapshots[1].carried != nil)
    let sample = try plan.sample(Double.self, of: kind.task)
    let row = plan.batch * kind.task.inputSize
    let network = NaiveNetwork(
      cell, run.snapshots[1].network, inputs: Array(sample.inputs.dense[2 * row..<6 * row]), steps: 4,
      batch: plan.batch, loss: .finalDot(v: []), from: run.snapshots[1].carried?.layers[0][0])
    let forget = network.forward().gates.map { rows in rows.flatMap { $0[5..<10] } }
    let profile = try #require(run.profiles[2])
    let memory = forget.map { $0.reduce(0) { $0 + log10($1) } / Double($0.count) }
    #expect(difference(profile.memory ?? [], memory, absolute: 1e-13) == nil)
    let shares = forget.map { Double($0.count { $0 < 0.1 || $0 > 0.9 }) / Double($0.count) }
    #expect(difference(profile.saturation[.forget] ?? [], shares, absolute: 1e-15) == nil)
  }

  // Of single precision too.
  @Test func windowsAreSeenWithTheirState() throws {
    let kind = SmallTask.bits
    var plan = kind.plan(learningRate: 0.1)
    plan.truncation = Truncation(k1: 2, k2: 4)
    let weights = Self.weights(.lstm)
    let seen = try updates(5, plan, kind.task, from: weights.converted(to: Float.self), detail: .full)
    #expect(seen.profiles.map { $0?.steps } == [2, 4, 4, 2, 4])
    for profile in seen.profiles {
      let profile = try #require(profile)
      #expect(profile.hidden.count == profile.steps + 1 && profile.weightHH?.count == profile.steps)
      #expect(profile.saturation[.forget]?.count == profile.steps && profile.memory?.count == profile.steps)
    }
  }
}
