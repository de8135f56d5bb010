import Experiments
import Foundation
import Testing

@Suite struct NormalisedSpecificationTests {
  static let samples = [
    "name: x",
    "name: \"null\"\ncells: gru",
    "name: '1e3'\nseeds: 100000\ncells: rnn-linear",
    "name: -a\nseeds: [3, 1, 2]\nclip: [none, {value: 1e-7}, {global-norm: 1e22}]",
    "name: a.b_c-d\nspectral_radius: {from: 0, to: 1e-3, count: 7}\ninput_scale: 0",
    "name: x\nloss: [final-dot, final-mse, cross-entropy-every-step]\nreadout_size: [1, 65536]",
    "name: x\ncells: [rnn, rnn-relu, rnn-linear, lstm, gru]\nforget_bias: [-1.5, 0, 1e100]",
    "name: x\ninitializer: [gaussian, orthogonal, identity, uniform]\n"
      + "root_seed: 18446744073709551615",
    "name: x\ninitial_state_scale: [0, 0.5]\nwashout: [100]",
    "name: x\nprecision: [float64, float32]\nsequence_length: [1, 100000000]\nseed: 9",
  ]

  @Test(arguments: samples) func normalisedFormReadsBackEqual(_ text: String) throws {
    let specification = try SweepSpecification.parse(text: text, file: "x.yaml")
    let normalised = specification.normalisedYAML
    let again = try SweepSpecification.parse(text: normalised, file: "x.yaml")
    #expect(again == specification)
    #expect(again.normalisedYAML == normalised)
  }

  @Test func normalisedFormHasEveryKeyInFixedOrder() throws {
    #expect(
      try parse("seeds: 2\nname: x\nloss: final-mse\nhidden_size: 8").normalisedYAML == """
        name: x
        task: {kind: gaussian-noise}
        cells: [rnn, lstm]
        hidden_size: [8]
        input_size: [16]
        batch_size: [16]
        sequence_length: [100]
        spectral_radius: [1]
        initializer: [gaussian]
        input_scale: [1]
        forget_bias: [1]
        loss: [final-mse]
        readout_size: [10]
        clip: [none]
        seeds: [0, 1]
        precision: [float32]
        root_seed: 0

        """)
  }

  /// A run from before these keys existed is the same run, and another start is another run.
  @Test func theZeroStartIsNotWrittenAndKnownAllTheSame() throws {
    let old = try parse("seeds: 1")
    #expect(try parse("seeds: 1\ninitial_state_scale: 0\nwashout: [0]").normalisedYAML == old.normalisedYAML)
    let both = try parse("seeds: 1\ninitial_state_scale: [0, 1]\nwashout: 0")
    #expect(both.normalisedYAML.contains("initial_state_scale: [0, 1]\nforget_bias"))
    guard case .extends(let added) = SpecificationChange(from: old, to: both) else {
      Issue.record("another first state extends a run")
      return
    }
    #expect(added.map(\.description) == ["initial_state_scale: + [1]"])
    guard case .conflicts(let found) = SpecificationChange(from: old, to: try parse("seeds: 1\nwashout: 5"))
    else {
      Issue.record("the washout of a run was changed")
      return
    }
    #expect(found.map(\.description) == ["washout: [0] → [5]"])
  }

  @Test func unusualPathsSurvive() throws {
    for path in ["a b.txt", "ä \"q\" \\ \u{2028}\t.txt", "null", "~", "1", "- x", "#c", "*a"] {
      let sha256 = String(repeating: "a", count: 64)
      let quoted = String(decoding: try JSONEncoder().encode(path), as: UTF8.self)
        .replacing("\\/", with: "/").replacing("\u{2028}", with: "\\u2028")
      let specification = try SweepSpecification.parse(
        text: "name: x\ntask: {kind: text, path: \(quoted), sha256: \(sha256)}\n",
        file: "/runs/x.yaml", requiringTaskFile: false)
      let again = try SweepSpecification.parse(
        text: specification.normalisedYAML, file: "/runs/x.yaml", requiringTaskFile: false)
      #expect(again == specification)
      guard let file = again.task.file, file.path == path else {
        Issue.record("the path has changed: \(again.task)")
        continue
      }
    }
  }

  @Test func templateIsTheDefaultSpecification() throws {
    let template = SpecificationTemplate.text(name: "decay")
    let specification = try SweepSpecification.parse(text: template, file: "x.yaml")
    #expect(try specification == parse("name: decay"))
    for key in SpecificationKey.allCases {
      // What is for training alone is there to be uncommented.
      #expect(template.contains("\n\(key.isForTraining ? "# " : "")\(key.rawValue): "))
      #expect(!key.summary.isEmpty && !key.allowed.isEmpty)
    }
    for line in template.split(separator: "\n") {
      #expect(line.count <= 100)
    }
  }
}
