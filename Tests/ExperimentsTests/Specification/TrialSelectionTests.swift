import Experiments
import GradientFlow
import Testing

@Suite("A selection of trials") struct TrialSelectionTests {
  private let trials: [TrialParameters]

  init() throws {
    trials = try SweepSpecification.parse(
      text: """
        name: s
        cells: [rnn, lstm]
        hidden_size: 4
        sequence_length: [10, 20, 30]
        spectral_radius: [0.5, 1]
        clip: [none, {global-norm: 1}]
        seeds: 2
        """, file: "s.yaml"
    ).trials
  }

  private func chosen(_ texts: String...) throws -> [TrialParameters] {
    try TrialSelection(texts).chosen(from: trials)
  }

  @Test func holdsTheTrialsWithTheseValuesInTheirOrder() throws {
    #expect(try chosen() == trials)
    #expect(try chosen("T=20") == trials.filter { $0.sequenceLength == 20 })
    #expect(try chosen("sequence_length=10,30") == trials.filter { $0.sequenceLength != 20 })
    #expect(try chosen("rho=1.0") == trials.filter { $0.spectralRadius == 1 })
    #expect(try chosen("cell=lstm", "seed=1") == trials.filter { $0.cell == .lstm && $0.seed == 1 })
  }

  @Test func severalAxesMayStandInOneText() throws {
    let expected = trials.filter {
      $0.clip == .globalNorm(1) && $0.sequenceLength != 20 && $0.spectralRadius == 0.5
    }
    #expect(try chosen("clip=global-norm:1,T=10,30,rho=0.5") == expected)
    #expect(try chosen("clip={global-norm: 1},T=[10,30]", "spectral_radius=0.5") == expected)
    #expect(try chosen("clip=none,global-norm:1").count == trials.count)
  }

  @Test func whatHeadingsCallAnAxisChoosesToo() throws {
    let both = try SweepSpecification.parse(
      text: "name: s\ncells: rnn\nhidden_size: 4\nbidirectional: [false, true]\nseeds: 1", file: "s.yaml"
    ).trials
    for (text, isBidirectional) in [("D=1", false), ("D=2", true)] {
      #expect(
        try TrialSelection([text]).chosen(from: both) == both.filter { $0.isBidirectional == isBidirectional }
      )
    }
    #expect(try TrialSelection(["D=1,2"]).chosen(from: both) == both)
    #expect(try TrialSelection(["D=2"]).text == "bidirectional=true")
  }

  @Test func everyValueOfEveryAxisIsFound() throws {
    for axis in Axis.all {
      for text in Set(trials.compactMap(axis.text)) {
        let found = try chosen("\(axis.key.rawValue)=\(text)")
        #expect(found == trials.filter { axis.text($0) == text }, "\(axis.key.rawValue)=\(text)")
      }
    }
  }

  @Test(arguments: [
    ("T=25", "no trial has this value of sequence_length; allowed: 10, 20, 30"),
    ("forget_bias=2", "no trial has this value of forget_bias; allowed: 1"),
    ("sequence_lenght=10", "'sequence_lenght' is no axis; did you mean 'sequence_length'?"),
    ("iterations=10", "'iterations' is no axis"), ("D=3", "is no value of D; allowed: 1, 2"),
    ("T=", "no value after '='"), ("T", "no value after '='"),
    ("T=long", "is not a number"), ("cell=rnm", "did you mean 'rnn'?"),
  ])
  func whatSelectsNothingIsRefused(text: String, message: String) {
    #expect {
      try chosen(text)
    } throws: {
      "\($0)".contains(message) && "\($0)".contains("command line")
    }
  }
}
