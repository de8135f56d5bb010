import Experiments
import GradientFlow
import Testing

@Suite struct SweepGridTests {
  @Test func defaultsMakeOneTrialForEachCellAndSeed() throws {
    let specification = try parse("")
    #expect(specification.trialCount == 20)
    #expect(specification.trials.count == 20)
    let first = try #require(specification.trials.first)
    #expect(first.cell == .rnn && first.forgetBias == nil && first.readoutSize == nil)
    #expect(first.hiddenSize == 64 && first.inputSize == 16 && first.batchSize == 16)
    #expect(first.sequenceLength == 100 && first.spectralRadius == 1 && first.inputScale == 1)
    #expect(first.clip == .none && first.precision == .float32 && first.loss == .finalDot)
    #expect(specification.trials.map(\.seed) == Array(0..<10) + Array(0..<10))
    #expect(specification.trials.last?.forgetBias == 1)
  }

  @Test func forgetBiasVariesForLSTMOnly() throws {
    let trials = try parse("cells: [gru, lstm]\nforget_bias: [0, 1]\nseeds: 2").trials
    #expect(trials.map(\.cell) == [.gru, .gru, .lstm, .lstm, .lstm, .lstm])
    #expect(trials.map(\.forgetBias) == [nil, nil, 0, 0, 1, 1])
  }

  @Test func readoutSizeVariesForLossesWithReadoutOnly() throws {
    let trials = try parse(
      "cells: rnn\nloss: [final-mse, final-dot]\nreadout_size: [2, 5]\nseeds: 1"
    ).trials
    #expect(trials.map(\.readoutSize) == [2, 5, nil])
    #expect(trials.map(\.loss) == [.finalMeanSquaredError, .finalMeanSquaredError, .finalDot])
  }

  @Test func firstStatesAndWashoutsNestBetweenInputScaleAndForgetBias() throws {
    let trials = try parse(
      "cells: lstm\ninput_scale: [2, 1]\ninitial_state_scale: [0.5, 0]\nwashout: [3, 0]\nforget_bias: [2, 1]\nseeds: 1"
    ).trials
    #expect(trials.map(\.inputScale) == [2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1])
    #expect(trials.prefix(8).map(\.initialStateScale) == [0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0])
    #expect(trials.prefix(4).map(\.washout) == [3, 3, 0, 0] && trials.prefix(2).map(\.forgetBias) == [2, 1])
    #expect(Set(trials.map(\.id)).count == 16)
  }

  /// Every axis has two values; the innermost must alternate fastest.
  @Test func axesNestInTheDocumentedOrder() throws {
    let specification = try parse(
      """
      cells: [lstm, rnn]
      hidden_size: [2, 1]
      input_size: [2, 1]
      batch_size: [2, 1]
      initializer: [uniform, gaussian]
      input_scale: [2, 1]
      forget_bias: [2, 1]
      spectral_radius: [2, 1]
      sequence_length: [2, 1]
      loss: [final-mse, cross-entropy-final]
      readout_size: [2, 1]
      precision: [float64, float32]
      clip: [{value: 1}, none]
      seeds: [2, 1]
      """)
    let trials = specification.trials
    #expect(trials.count == 3 << 12)
    #expect(specification.trialCount == trials.count)
    #expect(Set(trials).count == trials.count)
    #expect(Set(trials.map(\.id)).count == trials.count)
    let axes: [(TrialParameters) -> Bool] = [
      { $0.hiddenSize == 2 }, { $0.inputSize == 2 }, { $0.batchSize == 2 },
      { $0.initializer == .uniform }, { $0.inputScale == 2 }, { $0.forgetBias == 2 },
      { $0.spectralRadius == 2 }, { $0.sequenceLength == 2 },
      { $0.loss == .finalMeanSquaredError }, { $0.readoutSize == 2 },
      { $0.precision == .float64 }, { $0.clip == .value(1) }, { $0.seed == 2 },
    ]
    let lstm = trials.prefix(1 << 13)
    #expect(lstm.allSatisfy { $0.cell == .lstm })
    for (index, trial) in lstm.enumerated() {
      let bits = axes.reduce(0) { $0 << 1 | ($1(trial) ? 0 : 1) }
      #expect(bits == index)
    }
  }

  @Test func tenMillionTrialsAreTheLimit() throws {
    let tenMillion = "cells: rnn\nseeds: 100000\nhidden_size: {from: 1, to: 100, step: 1}"
    #expect(try parse(tenMillion).trialCount == 10_000_000)
    let error = failure("name: x\n\(tenMillion)\nclip: [none, {value: 1}]\n")
    #expect(error?.kind == .tooLarge)
    #expect(
      error?.description == "x.yaml: the grid has 20000000 trials (hidden_size 100 × clip 2 × "
        + "seeds 100000); allowed: up to 10000000 trials")
  }

  @Test func countBeyondIntIsStillAnError() {
    let long = "{from: 1, to: 2, count: 100000}"
    let error = failure(
      "name: x\nspectral_radius: \(long)\ninput_scale: \(long)\nforget_bias: \(long)\n"
        + "seeds: 100000\nsequence_length: {from: 1, to: 100000, step: 1}\n")
    #expect(error?.kind == .tooLarge)
    #expect(error?.value == "1.00001e+25")
  }
}
