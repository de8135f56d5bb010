import GradientFlow
import TestSupport
import Testing

@Suite("Profiles of layers and directions")
struct LayerProfileTests {
  static let readings: [NetworkSnapshotTests.Reading] = [
    .bothDirections, .lengths, .embeddedText, .encoderAndDecoder,
  ]

  /// The diagnosis of every layer of an update's way back.
  private struct Diagnosis: CellVisitor {
    typealias Element = Double
    let network: Network<Double>
    let inputs: NetworkInputs<Double>
    let loss: any SequenceLoss<Double>
    let clip: StepClip
    let dropout: DropoutDraw?

    func visit<Cell: RecurrentCell>(
      _ type: Cell.Type
    ) -> [LayerPlace: StepGradients] where Cell.Element == Double {
      let pass = NetworkPass<Cell>()
      pass.run(network, on: inputs, dropout: dropout)
      var found: [LayerPlace: StepGradients] = [:]
      _ = pass.backward(loss: loss) { walk in
        let diagnosis = walk.diagnose(clip: clip)
        found[walk.place] = diagnosis.steps
        return diagnosis.result
      }
      return found
    }
  }

  @Test(arguments: readings, [GradientClip.none, .stepNormExample(0.05)])
  func areThoseOfADiagnosisInTheOrderOfTheNetwork(
    reading: NetworkSnapshotTests.Reading, clip: GradientClip
  ) throws {
    var plan = reading.plan(.sgd)
    (plan.clip, plan.truncation, plan.shortestLength) = (clip, nil, nil)
    let (task, network) = (reading.task, reading.parts(.lstm).network(for: reading.task))
    let sample = try plan.sample(Double.self, of: task)
    let expected = network.cell.accept(
      Diagnosis(
        network: network,
        inputs: NetworkInputs(
          shape: BatchShape(steps: plan.steps, batch: plan.batch), inputs: sample.inputs,
          source: sample.source.map { ($0.shape, $0.inputs) }),
        loss: task.loss(
          of: sample, placement: task.placement(steps: plan.steps), readout: network.readout),
        clip: clip.stepClip, dropout: plan.dropout(update: 1)))
    let run = try updates(1, plan, task, from: network, detail: .full)
    let profiles = try #require(run.profilesByPlace.first)
    #expect(profiles.map(\.place) == network.places && network.places.count > 1)
    #expect(profiles.allSatisfy { $0.places == profiles.count })
    for profile in profiles {
      let steps = try #require(expected[profile.place])
      #expect(profile.hidden == steps.hidden && profile.weightHH == steps.weightHH)
      #expect(profile.cell == steps.cell && profile.hiddenMean == steps.hiddenMean)
      #expect(profile.preactivationByGate.count == 4 && profile.saturation.count == 4)
      #expect(profile.memory?.count == plan.steps && profile.lyapunovRate?.isFinite == true)
      let block = network[profile.place].recurrentBlock(0)
      #expect((profile.sigmaMax ?? 0) >= (try block.singularValues().first ?? .infinity))
      guard clip != .none else { continue }
      let shares = try #require(profile.cutShares)
      #expect((shares.reduce(0, +) - 1).magnitude < 1e-9 && shares.count == profile.steps)
    }
  }

  @Test(arguments: readings) func lookingChangesNoBit(reading: NetworkSnapshotTests.Reading) throws {
    let network = reading.parts(.gru).network(for: reading.task)
    let plan = reading.plan(.momentum(0.9))
    let plain = try updates(3, plan, reading.task, from: network)
    let seen = try updates(3, plan, reading.task, from: network, detail: .full)
    #expect(plain.accounts == seen.accounts && plain.snapshots == seen.snapshots)
    #expect(plain.profilesByPlace.allSatisfy { $0.isEmpty })
    #expect(seen.profilesByPlace.allSatisfy { $0.map(\.place) == network.places })
  }

  // A layer that passes on nothing: its W_ih is 0, and what is below gets a gradient of 0.
  @Test func anEventNamesTheLayer() throws {
    var network = NetworkParts(cell: .rnnLinear).network(for: AddingProblem())
    var arrays = network.arrays
    // W_hh of layer 1, twice the identity: 2^200 is beyond single precision.
    arrays[5] = Matrix<Double>.identity(4).scaled(by: 2).values
    // W_hh of layer 0, and W_ih and biases of layer 1: no state leaves the range.
    for place in [1, 4, 6, 7] { arrays[place] = Array(repeating: 0, count: arrays[place].count) }
    network.arrays = arrays
    let plan = TrainingPlan(steps: 200, batch: 2, iterations: 5, learningRate: 1, rootSeed: 3, seed: 5)
    let run = try updates(1, plan, AddingProblem(), from: network.converted(to: Float.self))
    let event = try #require(run.end?.event)
    #expect(event.kind == .gradient && event.place == LayerPlace(layer: 1))
  }
}
