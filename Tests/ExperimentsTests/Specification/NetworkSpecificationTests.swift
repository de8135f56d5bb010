import Experiments
import GradientFlow
import TestSupport
import Testing

@Suite("Specifications of networks") struct NetworkSpecificationTests {
  // MARK: - What there was before

  /// Ids of trials as the first version gave them, and the bytes of its specifications.
  @Test func whatUsesNoKeyOfNetworksStaysAsItWas() throws {
    let specification = try parse("cells: rnn\nseeds: 1\n")
    let trial = try #require(specification.trials.first)
    #expect(
      trial.canonicalJSON == """
        {"batch_size":16,"cell":"rnn","clip":"none","hidden_size":64,"initializer":"gaussian","input_scale":1,\
        "input_size":16,"loss":"final-dot","precision":"float32","root_seed":0,"seed":0,"sequence_length":100,\
        "spectral_radius":1,"task":{"kind":"gaussian-noise"}}
        """)
    for key in ["layers", "bidirectional", "embedding_size", "tied", "min_length", "dropout", "test_length"] {
      #expect(!specification.normalisedYAML.contains("\(key):"), "\(key)")
    }
    let trained = try parse("task: {kind: adding}\niterations: 5\nseeds: 1\n")
    #expect(!trained.normalisedYAML.contains("test_length") && !trained.normalisedYAML.contains("dropout"))
    #expect(try parse(trained.normalisedYAML) == trained)
    // Defaults that are written say nothing.
    let stated = try parse(
      "cells: rnn\nseeds: 1\nlayers: 1\nbidirectional: false\nembedding_size: none\ntied: false\nmin_length: none\n"
    )
    #expect(stated == specification && stated.id == specification.id && stated.trials == specification.trials)
  }

  @Test func theSixColumnsComeTogetherAndNeverBefore() throws {
    #expect(!TrialsCSV(try parse("")).header.contains("layers"))
    #expect(
      TrialsCSV(try parse("layers: 2")).header.hasSuffix(
        ",layers,bidirectional,embedding_size,tied,min_length"))
    let trained = TrialsCSV(try parse("task: {kind: adding}\niterations: 5\nlayers: 2"))
    #expect(trained.header.hasSuffix(",outcome,layers,bidirectional,embedding_size,tied,min_length,dropout"))
  }

  // MARK: - The grid

  @Test func dropoutVariesWhereThereAreLayersAndTiesWhereThereIsAnEmbedding() throws {
    let deep = try parse(
      "task: {kind: echo}\niterations: 5\ncells: rnn\nseeds: 1\nlayers: [1, 3]\ndropout: [0, 0.2]")
    #expect(deep.trialCount == 3 && deep.trials.map(\.dropout) == [0, 0, 0.2])
    let tied = try parse(
      "task: {kind: echo}\ncells: rnn\nseeds: 1\nhidden_size: 8\nembedding_size: [none, 8]\ntied: [false, true]"
    )
    #expect(tied.trialCount == 3 && tied.trials.map(\.tiesReadout) == [false, false, true])
    #expect(Set(tied.trials.map(\.id)).count == 3)
  }

  @Test func identitiesNameWhatIsNotADefault() throws {
    let trial = try #require(
      try parse(
        "task: {kind: echo}\niterations: 5\ncells: rnn\nseeds: 1\nlayers: 2\nbidirectional: true\nembedding_size: 5\n"
          + "min_length: 20\ndropout: 0.5\ntest_length: [30, 200]"
      ).trials.first)
    for member in [
      "\"layers\":2", "\"bidirectional\":true", "\"embedding_size\":5", "\"min_length\":20",
      "\"dropout\":0.5",
      "\"test_length\":[30,200]",
    ] { #expect(trial.canonicalJSON.contains(member), "\(member)") }
    #expect(!trial.canonicalJSON.contains("tied"))
    #expect(trial.training?.testLengths == [30, 200])
  }

  @Test(arguments: ["test_length: 50", "test_length: [50, 7]", "test_length: none"])
  func testLengthsAreReadBack(_ line: String) throws {
    let specification = try parse("task: {kind: adding}\niterations: 5\n" + line)
    #expect(try SweepSpecification.parse(text: specification.normalisedYAML, file: "x.yaml") == specification)
    let overridden = try parse("task: {kind: adding}\niterations: 5", overrides: ["test_length=20,30"])
    #expect(overridden.testLengths == [20, 30])
  }

  // MARK: - Refusals

  struct Refusal: CustomTestStringConvertible, Sendable {
    let lines: String
    let key: String
    let words: String
    var kind = SpecificationError.Kind.contradiction

    var testDescription: String { lines.debugDescription }
  }

  private static let echo = "task: {kind: echo}\n"
  private static let trained = "task: {kind: echo}\niterations: 5\n"

  static let refusals = [
    Refusal(lines: "layers: 0", key: "layers", words: "whole numbers from 1 to 64", kind: .outOfRange),
    Refusal(lines: "layers: 65", key: "layers", words: "whole numbers from 1 to 64", kind: .outOfRange),
    Refusal(lines: "bidirectional: both", key: "bidirectional", words: "true, false", kind: .wrongType),
    Refusal(lines: "embedding_size: 4", key: "embedding_size", words: "are numbers, not tokens"),
    Refusal(lines: "tied: true", key: "tied", words: "no embedding to tie the readout to"),
    Refusal(lines: echo + "tied: true", key: "tied", words: "set embedding_size"),
    Refusal(
      lines: echo + "hidden_size: 8\nembedding_size: 9\ntied: true", key: "tied",
      words: "H = 8 numbers, and the embedding has E = 9"),
    Refusal(
      lines: echo + "hidden_size: 8\nembedding_size: 8\nbidirectional: true\ntied: true", key: "tied",
      words: "allowed: embedding_size 16 for hidden_size 8"),
    Refusal(
      lines: "task: {kind: copy-memory}\nhidden_size: 8\nembedding_size: 8\ntied: true", key: "tied",
      words: "are not the tokens that it reads"),
    Refusal(
      lines: trained + "hidden_size: 8\nembedding_size: 8\ntied: true\nreadout_start: chance", key: "tied",
      words: "set readout_start to drawn"),
    Refusal(
      lines: "task: {kind: reversal}\nbidirectional: true", key: "bidirectional",
      words: "reads at each step what was to be said at the step before"),
    Refusal(
      lines: "bidirectional: true\nwashout: 5", key: "bidirectional",
      words: "allowed: washout: 0"),
    Refusal(
      lines: trained + "bidirectional: true\ntruncation: {k1: 5, k2: 10}", key: "bidirectional",
      words: "allowed: truncation: none"),
    Refusal(lines: "layers: 2\ndropout: 0.1", key: "dropout", words: "add iterations"),
    Refusal(lines: trained + "dropout: 0.1", key: "dropout", words: "set layers to 2 or more"),
    Refusal(
      lines: trained + "layers: 2\ndropout: 1", key: "dropout", words: "numbers from 0, below 1",
      kind: .outOfRange),
    Refusal(lines: "min_length: 0", key: "min_length", words: "whole numbers from 1", kind: .outOfRange),
    Refusal(
      lines: "sequence_length: [20, 10]\nmin_length: [5, 11]", key: "min_length",
      words: "11 is beyond the sequence_length 10", kind: .outOfRange),
    Refusal(
      lines: echo + "sequence_length: 40\nmin_length: 3", key: "min_length",
      words: "at least 11 steps, not 3",
      kind: .outOfRange),
    Refusal(lines: "min_length: 5\nwashout: 5", key: "min_length", words: "allowed: washout: 0"),
    Refusal(
      lines: trained + "min_length: 20\ntruncation: {k1: 5, k2: 10}", key: "min_length",
      words: "goes on where the last one ended"),
    Refusal(
      lines: "task: {kind: adding}\niterations: 5\ncells: rnn\nlayers: 2\nclip: {omega: 1}", key: "clip",
      words: "allowed: layers: 1"),
    Refusal(
      lines: "task: {kind: adding}\niterations: 5\ncells: rnn\nbidirectional: true\nclip: {omega: 1}",
      key: "clip",
      words: "one recurrent layer, read forward"),
    Refusal(
      lines: "task: {kind: adding}\niterations: 5\ncells: rnn\nmin_length: 20\nclip: {omega: 1}", key: "clip",
      words: "applies to sequences of one length, and min_length is set"),
    Refusal(
      lines: "task: {kind: reversal}\ninitial_state_scale: 1", key: "initial_state_scale",
      words: "starts its decoder from the states of its encoder"),
    Refusal(lines: "task: {kind: reversal}\nwashout: 3", key: "washout", words: "states of its encoder"),
    Refusal(
      lines: "task: {kind: reversal}\niterations: 5\ntruncation: {k1: 5, k2: 10}", key: "truncation",
      words: "states of its encoder"),
    Refusal(
      lines: "task: {kind: class-to-sequence}\nwashout: 3", key: "washout",
      words: "reads its input at the first step only"),
    Refusal(lines: "test_length: 5", key: "test_length", words: "add iterations"),
    Refusal(
      lines: trained + "test_length: [40, 4]", key: "test_length", words: "at least 11 steps, not 4",
      kind: .outOfRange),
    Refusal(
      lines: trained + "test_length: [40, 0]", key: "test_length", words: "whole numbers from 1",
      kind: .outOfRange),
    Refusal(
      lines: trained + "test_length: [40, 40]", key: "test_length", words: "given twice", kind: .repeatedValue
    ),
  ]

  @Test(arguments: refusals) func contradictionsAreRefused(_ refusal: Refusal) {
    do {
      _ = try parse(refusal.lines)
      Issue.record("read: \(refusal.lines)")
    } catch let error as SpecificationError {
      #expect(error.kind == refusal.kind, "\(error)")
      #expect(error.key == refusal.key && error.description.contains(refusal.words), "\(error)")
      #expect(error.file == "x.yaml")
    } catch {
      Issue.record("\(error)")
    }
  }

  /// What a command line makes unusable in a file is left out, as for every key.
  @Test func anOverrideSwitchesOffWhatDependsOnIt() throws {
    let text = "task: {kind: echo}\niterations: 5\ncells: rnn\nseeds: 1\nlayers: 2\ndropout: 0.5"
    #expect(try parse(text, overrides: ["layers=1"]).trials.map(\.dropout) == [0])
    #expect(try parse(text, overrides: ["iterations=0"]).trials.map(\.dropout) == [0])
  }
}
