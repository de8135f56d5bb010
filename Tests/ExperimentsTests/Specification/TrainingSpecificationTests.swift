import Experiments
import GradientFlow
import Testing

@Suite("Specifications that train") struct TrainingSpecificationTests {
  private static let whole = """
    name: x
    task: {kind: memorisation, bits: 3}
    cells: [rnn, rnn-relu]
    sequence_length: [10, 20]
    weight_sd: [none, 0.1]
    spectral_radius: [0.9, 1.1]
    optimizer: [sgd, {momentum: 0.9}, rmsprop, {adam: [0.8, 0.99]}]
    learning_rate: [0.1, 0.01]
    schedule: [constant, cosine, {step: {every: 10, factor: 0.5}}, {inverse-time: 100}, {warmup: 5}]
    truncation: [none, {k1: 5, k2: 10}]
    clip: [none, {global-norm: 1}, {global-norm: 1, omega-squared: 4}, {omega: 2}]
    iterations: 100
    readout_start: chance
    stop_at_success: false
    evaluation_size: 200
    evaluate_every: 20
    record_every: 0
    diagnose_every: auto
    diagnostics: full
    checkpoint_every: 50
    seeds: 2
    """

  @Test func everyKeyIsReadAndNormalised() throws {
    let specification = try parse(Self.whole)
    #expect(specification.trains && specification.iterations == 100)
    #expect(
      specification.values(of: .optimiser, \.training?.optimiser) == [
        .sgd, .momentum(0.9), .rmsprop(decay: 0.99), .adam(decay1: 0.8, decay2: 0.99),
      ])
    #expect(
      specification.values(of: .schedule, \.training?.schedule) == [
        .constant, .cosine, .step(every: 10, factor: 0.5), .inverseTime(scale: 100), .warmup(updates: 5),
      ])
    #expect(
      specification.values(of: .truncation) { $0.training?.truncation } == [nil, Truncation(k1: 5, k2: 10)])
    #expect(
      specification.values(of: .clip, \.rule).map(\.label) == [
        "none", "global-norm:1", "global-norm:1+omega-squared:4", "omega:2",
      ])
    #expect(
      specification.values(of: .weightDeviation) { $0.training?.weightDeviation } == [nil, 0.1]
        && specification.readoutStart == .chance)
    #expect(
      specification.values(of: .loss, \.loss) == [.task]
        && specification.values(of: .inputSize, \.inputSize).isEmpty)
    let again = try SweepSpecification.parse(text: specification.normalisedYAML, file: "x.yaml")
    #expect(again == specification)
    // 2 cells · (2 radii + 1 deviation) · 2 lengths · 4 · 2 · 5 · 2 · 4 rules · 2 seeds
    #expect(specification.trialCount == 7680)
    let trials = specification.trials
    #expect(trials.count == 7680 && Set(trials.map(\.id)).count == 7680)
  }

  @Test func optimisersAreReadAndWrittenAsTheyDescribeTheirNumbers() throws {
    let rule = ValueRule<Optimiser>.optimiser()
    #expect(
      rule.allowed
        == "sgd, {momentum: μ}, rmsprop, {rmsprop: α}, adam, {adam: [β1, β2]}, adagrad; decays are at least 0 and below 1"
    )
    #expect(
      [.sgd, .momentum(0.9), .rmsprop(decay: 0.99), .adam(decay1: 0.9, decay2: 0.999), .adagrad].map(
        rule.text) == [
          "sgd", "{momentum: 0.9}", "{rmsprop: 0.99}", "{adam: [0.9, 0.999]}", "adagrad",
        ])
    func read(_ text: String) throws -> [Optimiser?] {
      try parse("task: {kind: adding}\niterations: 1\noptimizer: [\(text)]")
        .values(of: .optimiser, \.training?.optimiser)
    }
    for kind in Optimiser.Kind.allCases {
      let form = kind.form
      let numbers = form.numbers.indices.map { 0.25 + 0.125 * Double($0) }
      let optimiser = form.optimiser(numbers)
      #expect(optimiser.kind == kind && optimiser.numbers == numbers)
      #expect(try read(rule.text(optimiser)) == [optimiser])
      if let usual = form.usual { #expect(try read(kind.rawValue) == [usual]) }
    }
  }

  @Test func withoutIterationsNothingOfTrainingIsWritten() throws {
    let specification = try parse("seeds: 1")
    #expect(!specification.trains)
    for key in SpecificationKey.allCases where key.isForTraining || key == .iterations {
      #expect(!specification.normalisedYAML.contains("\n\(key.rawValue):"), "\(key)")
    }
    #expect(specification.trials.allSatisfy { $0.training == nil })
    #expect(!(specification.trials.first?.canonicalJSON.contains("iterations") ?? true))
  }

  // What the ids of trials are made of must not move, or runs of earlier versions are run again.
  @Test func idsOfTrialsWithoutTrainingAreThoseOfEarlierVersions() throws {
    let trial = try #require(try parse("seeds: 1\ncells: rnn").trials.first)
    #expect(
      trial.canonicalJSON
        == #"{"batch_size":16,"cell":"rnn","clip":"none","hidden_size":64,"initializer":"gaussian","input_scale":1,"#
        + #""input_size":16,"loss":"final-dot","precision":"float32","root_seed":0,"seed":0,"sequence_length":100,"#
        + #""spectral_radius":1,"task":{"kind":"gaussian-noise"}}"#)
  }

  @Test func autoIntervalsFollowTheNumberOfUpdates() throws {
    let training = try #require(
      try parse("task: {kind: adding}\niterations: 60000\nseeds: 1\ncells: rnn").trials.first?.training)
    #expect([training.recordEvery, training.evaluateEvery, training.diagnoseEvery] == [120, 600, 1200])
    let short = try #require(
      try parse("task: {kind: adding}\niterations: 7\nseeds: 1\ncells: rnn").trials.first?.training)
    #expect([short.recordEvery, short.evaluateEvery, short.diagnoseEvery] == [1, 1, 1])
  }

  // The radius that a Gaussian block is expected to have, for columns and figures; the draw itself is not scaled to it.
  @Test func deviationOfWeightsStandsForARadius() throws {
    let specification = try parse(
      "task: {kind: temporal-order}\niterations: 10\nweight_sd: 0.1\nhidden_size: [25, 100]\ncells: rnn\nseeds: 1"
    )
    #expect(specification.trials.map(\.spectralRadius) == [0.5, 1])
    #expect(specification.trials.allSatisfy { !$0.canonicalJSON.contains("spectral_radius") })
  }

  @Test func templateOfTrainingIsASpecification() throws {
    let text = SpecificationTemplate.text(name: "mine", trains: true)
    let specification = try SweepSpecification.parse(text: text, file: "mine.yaml")
    #expect(specification.trains && specification.task.kind == .temporalOrder)
    for key in SpecificationKey.allCases where key.isForTraining {
      #expect(text.contains("\n\(key.rawValue): "), "\(key)")
    }
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    let lines: String
    let kind: SpecificationError.Kind
    let words: String
    var testDescription: String { lines.debugDescription }

    init(_ lines: String, _ kind: SpecificationError.Kind, _ words: String) {
      (self.lines, self.kind, self.words) = (lines, kind, words)
    }
  }

  static let refusals = [
    Refusal("learning_rate: 0.1", .contradiction, "add iterations: N"),
    Refusal("iterations: 10", .contradiction, "gaussian-noise cannot be trained on"),
    Refusal("task: {kind: adding}\nloss: final-dot", .contradiction, "its own loss"),
    Refusal("loss: task", .contradiction, "gaussian-noise is not one"),
    Refusal("task: {kind: adding}\ninput_size: 2", .contradiction, "cannot be set"),
    Refusal("task: {kind: adding, bits: 3}", .contradiction, "for kind memorisation or flip-flop only"),
    Refusal("task: {kind: cliff, w: 1, b: 2}\niterations: 1", .unknownName, "use 'gradflow cliff'"),
    Refusal("task: {kind: adding, w: 1}\niterations: 1", .unknownKey, "'w'"),
    Refusal("task: {kind: copy-memory}\nsequence_length: 20", .outOfRange, "at least 21 steps, not 20"),
    Refusal(
      "task: {kind: adding}\niterations: 1\nclip: {omega: 1}", .contradiction, "applies to plain RNNs only"),
    Refusal("clip: {omega: 1}\ncells: rnn", .contradiction, "training only"),
    Refusal(
      "task: {kind: adding}\niterations: 1\nweight_sd: 0.1\nspectral_radius: 1", .contradiction,
      "weight_sd sets"),
    Refusal(
      "task: {kind: adding}\niterations: 1\nweight_sd: 0.1\ninput_scale: 2", .contradiction,
      "weight_sd sets"),
    Refusal("task: {kind: adding}\niterations: 1\noptimizer: momentum", .wrongType, "is not an optimizer"),
    Refusal("task: {kind: adding}\niterations: 1\noptimizer: {sgd: 0.9}", .wrongType, "is not an optimizer"),
    Refusal("task: {kind: adding}\niterations: 1\noptimizer: {adam: 0.9}", .wrongType, "is not a pair"),
    Refusal("task: {kind: adding}\niterations: 1\noptimizer: {adam: [1, 0.9]}", .outOfRange, "below 1"),
    Refusal("task: {kind: adding}\niterations: 1\ntruncation: {k1: 4, k2: 6}", .outOfRange, "multiple"),
    Refusal("task: {kind: adding}\niterations: 1\nschedule: {step: {every: 4}}", .missingKey, "no 'factor'"),
    Refusal(
      "task: {kind: adding}\niterations: 1\nstop_at_success: maybe", .wrongType, "neither true nor false"),
    Refusal("task: {kind: adding}\niterations: 1\nevaluate_every: often", .wrongType, "evaluate_every"),
  ]

  @Test(arguments: refusals) func refuses(_ refusal: Refusal) throws {
    let error = try #require(failure("name: x\n" + refusal.lines))
    #expect(error.kind == refusal.kind, "\(error)")
    #expect(error.description.contains(refusal.words), "\(error)")
  }

  @Test func trainingCanBeSwitchedOffOnTheCommandLine() throws {
    #expect(!(try parse(Self.whole, overrides: ["iterations=0", "clip=none"]).trains))
  }
}
