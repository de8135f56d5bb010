import GradientFlow
import TestSupport
import Testing

/// What the profile of an update says of how gradients change on their way back is of the same sequences at both ends.
@Suite("Profiles of sequences of different lengths")
struct LengthProfileTests {
  /// One linear layer with an orthogonal W_hh: every sequence keeps its gradient.
  private static func conserving(_ task: any LearningTask) throws -> Network<Double> {
    var network = NetworkParts(cell: .rnnLinear, layers: 1, hidden: 5).network(for: task)
    var stream = RandomStream(rootSeed: 5, trialSeed: 1, purpose: .other(3))
    var arrays = network.arrays
    arrays[1] = try Initializer.orthogonal.draw(size: 5, from: &stream).values
    network.arrays = arrays
    return network
  }

  private static func profile(shortest: Int?, batch: Int = 32) throws -> TrainingProfile {
    let task = AddingProblem()
    let plan = TrainingPlan(
      steps: 40, batch: batch, iterations: 1, learningRate: 1e-12, shortestLength: shortest, rootSeed: 3,
      seed: 5)
    let run = try updates(1, plan, task, from: conserving(task), detail: .light)
    return try #require(run.profilesByPlace.first?.first)
  }

  @Test(arguments: [2, 10, 39, 40]) func aConservedGradientNeitherFadesNorDecays(shortest: Int) throws {
    let profile = try Self.profile(shortest: shortest)
    #expect((profile.decayRate?.rate ?? .nan).magnitude < 1e-14)
    #expect(profile.decayRate?.count == profile.steps)
    #expect(profile.log10RatioFirstLast.magnitude < 1e-13)
    let lengths = try #require(profile.lengths)
    #expect(lengths.log10Ratios.count == profile.steps + 1)
    #expect(lengths.log10Ratios.allSatisfy { $0.magnitude < 1e-13 })
    #expect(lengths.sequences.last == 32 && lengths.sequences == lengths.sequences.sorted())
    #expect(profile.hiddenMean.allSatisfy { $0.isFinite })
    // The norm of the batch falls with the number of sequences that it is over.
    if shortest == 2 { #expect(profile.hidden[1] - profile.hidden[profile.steps] < -0.2) }
  }

  @Test func withoutLengthsTheyAreThoseOfTheBatch() throws {
    let profile = try Self.profile(shortest: nil)
    #expect(profile.lengths == nil)
    #expect(profile.log10RatioFirstLast == profile.hidden[1] - profile.hidden[40])
  }
}
