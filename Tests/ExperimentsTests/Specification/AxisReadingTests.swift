import Experiments
import GradientFlow
import Testing

@Suite struct AxisReadingTests {
  @Test func stepRangesComeOutAsWritten() throws {
    #expect(
      try parse("spectral_radius: {from: 0.5, to: 1.5, step: 0.1}").values(
        of: .spectralRadius, \.spectralRadius)
        == [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5])
    #expect(
      try parse("forget_bias: {from: -0.3, to: 0.3, step: 0.1}").values(of: .forgetBias, \.forgetBias)
        == [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
    #expect(try parse("input_scale: {from: 1, to: 1, step: 5}").values(of: .inputScale, \.inputScale) == [1])
    #expect(
      try parse("input_scale: {from: 0.5, to: 1.6, step: .4}").values(of: .inputScale, \.inputScale) == [
        0.5, 0.9, 1.3,
      ])
    #expect(
      try parse("batch_size: {from: 1, to: 1e1, step: 3.0}").values(of: .batchSize, \.batchSize) == [
        1, 4, 7, 10,
      ])
  }

  @Test func countRangesComeOutAsWritten() throws {
    #expect(
      try parse("spectral_radius: {from: 0.9, to: 1.1, count: 5}").values(
        of: .spectralRadius, \.spectralRadius)
        == [0.9, 0.95, 1, 1.05, 1.1])
    #expect(
      try parse("forget_bias: {from: -0.3, to: 0.3, count: 7, scale: linear}").values(
        of: .forgetBias, \.forgetBias)
        == [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
    #expect(
      try parse("input_scale: {from: 0.001, to: 10, count: 5, scale: log}").values(
        of: .inputScale, \.inputScale)
        == [0.001, 0.01, 0.1, 1, 10])
    #expect(
      try parse("input_scale: {from: 0, to: 1, count: 4}").values(of: .inputScale, \.inputScale)
        == [0, 0.333333333333, 0.666666666667, 1])
  }

  @Test func logRangesOfWholeNumbersRoundAndDropRepeats() throws {
    #expect(
      try parse("sequence_length: {from: 10, to: 1000, count: 5, scale: log}").values(
        of: .sequenceLength, \.sequenceLength)
        == [10, 32, 100, 316, 1000])
    #expect(
      try parse("hidden_size: {from: 1, to: 4, count: 9, scale: log}").values(of: .hiddenSize, \.hiddenSize)
        == [1, 2, 3, 4])
  }

  @Test func seedsCountOrEnumerate() throws {
    #expect(try parse("seeds: 3").values(of: .seed, \.seed) == [0, 1, 2])
    #expect(try parse("seeds: [3]").values(of: .seed, \.seed) == [3])
    #expect(try parse("seed: 3").values(of: .seed, \.seed) == [3])
    #expect(try parse("seed: [5, 18446744073709551615]").values(of: .seed, \.seed) == [5, .max])
    #expect(try parse("seeds: {from: 5, to: 9, step: 2}").values(of: .seed, \.seed) == [5, 7, 9])
    #expect(
      try parse("seeds: 4", overrides: ["seed=9999999999999999999"]).values(of: .seed, \.seed)
        == [9_999_999_999_999_999_999])
  }

  @Test func clipsAreNamesOrRules() throws {
    #expect(
      try parse(
        "clip: [none, {global-norm: 1}, {value: .5}, {step-norm: 1e3}, {step-norm-example: 2.50}]"
      ).values(of: .clip, \.clip) == [
        .none, .globalNorm(1), .value(0.5), .stepNorm(1000), .stepNormExample(2.5),
      ])
    #expect(try parse("", overrides: ["clip={step-norm: 1}"]).values(of: .clip, \.clip) == [.stepNorm(1)])
  }

  @Test func overridesReplaceKeysByNameOrAlias() throws {
    let specification = try parse(
      "cells: rnn\nspectral_radius: [broken]",
      overrides: [
        "cell=[gru, lstm]", "spectral_radius=[0.9,1.1]", "precision=float64", "root_seed=7",
        "name=other", "task={kind: gaussian-noise}",
      ])
    #expect(specification.values(of: .cell, \.cell) == [.gru, .lstm])
    #expect(specification.values(of: .spectralRadius, \.spectralRadius) == [0.9, 1.1])
    #expect(specification.values(of: .precision, \.precision) == [.float64])
    #expect(specification.rootSeed == 7)
    #expect(specification.name == "other")
  }

  @Test func negativeZeroIsZero() throws {
    #expect(try parse("spectral_radius: -0.0").normalisedYAML.contains("spectral_radius: [0]\n"))
    #expect(failure("name: x\nforget_bias: [0, -0]\n")?.kind == .repeatedValue)
  }

  @Test func byteOrderMarkAndCarriageReturnsAreRead() throws {
    #expect(try parse("\u{FEFF}name: y\r\nseeds: 1\r\n").values(of: .seed, \.seed) == [0])
  }
}
