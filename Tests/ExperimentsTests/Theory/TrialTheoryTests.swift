import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Theory beside the trials of a sweep") struct TrialTheoryTests {
  private func trials(_ text: String) throws -> [TrialParameters] {
    try SweepSpecification.parse(
      text: "name: t\nhidden_size: 6\ninput_size: 3\nbatch_size: 5\nsequence_length: 14\nseeds: 1\n" + text,
      file: "t.yaml"
    ).trials
  }

  private func predictions(_ trial: TrialParameters) -> SlopePredictions {
    TrialTheory().predictions(trial, TrialRunner().run(trial))
  }

  private func known(_ trial: TrialParameters) -> Set<SlopePrediction> {
    let found = predictions(trial)
    return Set(SlopePrediction.allCases.filter { found[$0] != nil })
  }

  private static let plain: Set<SlopePrediction> = [
    .linear, .pascanuBound, .meanFieldLower, .meanFieldUpper, .lyapunov,
  ]

  @Test(
    arguments: [
      ("cells: rnn", plain), ("cells: rnn-relu", plain), ("cells: rnn-linear", plain),
      ("cells: lstm", [.lyapunov, .forgetPath, .tiedMeanField]), ("cells: gru", [.lyapunov]),
      // W_hh must be random, and inputs independent in time and not beyond all saturation.
      ("cells: rnn\ninitializer: orthogonal", plain),
      ("cells: rnn\ninitializer: identity", [.linear, .pascanuBound, .lyapunov]),
      ("cells: lstm\ninitializer: identity", [.lyapunov, .forgetPath]),
      ("cells: rnn\ninput_scale: 2e6", [.linear, .pascanuBound, .lyapunov]),
      ("cells: lstm\ninput_scale: 2e6", [.lyapunov, .forgetPath]),
      // A rectified network passes nothing back at the fixed point 0, and without input it is no random half that goes on
      // firing. The LSTM's theory starts at the zero state with the first measured step.
      ("cells: rnn\ninput_scale: 0", plain), ("cells: rnn\ninput_scale: 0\ninitial_state_scale: 1", plain),
      ("cells: rnn-relu\ninput_scale: 0\ninitial_state_scale: 1", [.linear, .pascanuBound, .lyapunov]),
      ("cells: lstm\ninitial_state_scale: 1", [.lyapunov, .forgetPath]),
      ("cells: lstm\nwashout: 5", [.lyapunov, .forgetPath]),
      ("cells: lstm\ninput_scale: 0\nwashout: 5", [.lyapunov, .forgetPath, .tiedMeanField]),
      // Neither loss nor clip changes what is predicted, only what it is compared with.
      ("cells: rnn\nloss: cross-entropy-every-step", plain), ("cells: rnn\nclip: {step-norm: 1}", plain),
    ] as [(String, Set<SlopePrediction>)])
  func predictionsExistWhereTheirTheoryHolds(_ text: String, _ expected: Set<SlopePrediction>) throws {
    for trial in try trials(text) { #expect(known(trial) == expected) }
  }

  @Test func aTextHasNoTiedMeanField() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write(String(repeating: "abcab ", count: 40), to: "text.txt")
    let path = try directory.write(
      "name: t\ncells: [rnn, lstm]\nhidden_size: 4\nbatch_size: 2\nsequence_length: 6\nseeds: 1\n"
        + "task: {kind: text, path: text.txt}\n", to: "t.yaml")
    let trials = try SweepSpecification.parse(text: directory.read("t.yaml"), file: path).trials
    let theory = TrialTheory()
    #expect(trials.map { theory.tiedMeanField($0) == nil } == [true, true])
    #expect(trials.map { theory.band($0) == nil } == [false, true])
  }

  @Test func predictionsAreThoseOfTheLibrary() throws {
    let rnn = try #require(try trials("cells: rnn\nspectral_radius: 1.3\ninput_scale: 0.7").first)
    let record = TrialRunner().run(rnn)
    let found = TrialTheory().predictions(rnn, record)
    let radius = try #require(record.measuredSpectralRadius)
    let sigma = try #require(record.measuredSigmaMax)
    #expect(abs(radius - 1.3) < 1e-6 && sigma >= radius)
    #expect(found[.linear] == log10(radius) && found[.pascanuBound] == log10(sigma))
    let band = MeanFieldBand(cell: .rnn, spectralRadius: 1.3, hiddenSize: 6, inputScale: 0.7)
    #expect(found[.meanFieldLower] == band?.lower && found[.meanFieldUpper] == band?.upper)
    let lstm = try #require(try trials("cells: lstm\nforget_bias: 2\nspectral_radius: 1.3").first)
    let scales = try #require(Initializer.gaussian.recurrentScales(spectralRadius: 1.3, hiddenSize: 6))
    let tied = TiedLSTMMeanField(
      recurrentScale: scales.lowerBound, inputScale: 1, forgetBias: 2, steps: 14, sites: 500, replicas: 2)
    #expect(TrialTheory().tiedMeanField(lstm) == tied.decayRate?.rate)
  }

  // MARK: - Residuals

  @Test func residualsAreMeasuredMinusPredicted() {
    var found = SlopePredictions()
    found[.linear] = -0.5
    found[.meanFieldLower] = -0.3
    found[.meanFieldUpper] = -0.1
    found[.lyapunov] = -.infinity
    #expect(found.residual(.linear, of: -0.75) == -0.25)
    // Of a band, by how far outside.
    for (measured, residual) in [(-0.5, -0.2), (-0.3, 0), (-0.2, 0), (-0.1, 0), (0.1, 0.2)] {
      for end in [SlopePrediction.meanFieldLower, .meanFieldUpper] {
        #expect(difference([found.residual(end, of: measured) ?? .nan], [residual], absolute: 1e-15) == nil)
      }
    }
    #expect(found.residual(.lyapunov, of: -0.5) == nil)
    #expect(found.residual(.forgetPath, of: -0.5) == nil)
    for measured in [nil, .nan, .infinity, -.infinity] as [Double?] {
      #expect(found.residual(.linear, of: measured) == nil)
      #expect(found.residual(.meanFieldLower, of: measured) == nil)
    }
    found[.meanFieldUpper] = nil
    #expect(found.residual(.meanFieldLower, of: -0.5) == nil)
  }

  private func row(_ trial: TrialParameters) -> [String: String] {
    CSVRows(
      Self.table.header + "\n" + Self.table.row(trial, TrialRunner().run(trial), theory: TrialTheory())
    ).rows[0]
  }

  /// Of a run that does not train.
  private static let table = {
    guard let specification = try? SweepSpecification.parse(text: "name: x", file: "x.yaml") else {
      preconditionFailure("the smallest specification there is")
    }
    return TrialsCSV(specification)
  }()

  private static let residuals = [
    "residual_log10_rho", "residual_pascanu_bound", "residual_mean_field", "residual_lyapunov",
    "residual_forget_path", "residual_tied_mean_field",
  ]

  @Test func residualsAreEmptyWhereTheDecayIsNotPlain() throws {
    for (text, isPlain) in [
      ("clip: none", true), ("clip: {global-norm: 0.1}", true), ("clip: {value: 0.1}", true),
      ("clip: {step-norm: 0.1}", false), ("clip: {step-norm-example: 0.1}", false),
      ("loss: final-mse", true), ("loss: cross-entropy-final", true),
      ("loss: cross-entropy-every-step", false),
    ] {
      for trial in try trials("cells: [rnn, lstm]\n" + text) {
        #expect(trial.hasPlainDecay == isPlain)
        let row = row(trial)
        let there = Set(Self.residuals.filter { row[$0] != "" })
        let possible =
          trial.cell == .rnn ? Set(Self.residuals.prefix(4)) : Set(Self.residuals.suffix(3))
        #expect(there == (isPlain ? possible : []), "\(text)")
        #expect(row["decay_rate"] != "" && row["lyapunov_rate"] != "")
        #expect((row["predicted_mean_field_low"] != "") == (trial.cell == .rnn))
        #expect((row["predicted_tied_mean_field"] != "") == (trial.cell == .lstm))
        #expect((row["forget_path_rate"] != "") == (trial.cell == .lstm))
        guard isPlain, let rate = row["decay_rate"].flatMap(Double.init),
          let lyapunov = row["lyapunov_rate"].flatMap(Double.init)
        else { continue }
        #expect(row["residual_lyapunov"] == CSVField.number(rate - lyapunov))
      }
    }
  }

  /// The memory tasks read their answers at every step, and their loss is called the task's: there is no plain decay.
  @Test(arguments: [
    ("copy-memory", 40, true), ("memorisation, bits: 5", 14, true), ("temporal-order", 20, false),
  ])
  func aTaskWithItsLossAtEveryStepHasNoResiduals(_ kind: String, _ steps: Int, _ isEveryStep: Bool) throws {
    let trials = try SweepSpecification.parse(
      text: "name: t\ntask: {kind: \(kind)}\ncells: [rnn, lstm]\nhidden_size: 6\nbatch_size: 3\n"
        + "sequence_length: \(steps)\nseeds: 1", file: "t.yaml"
    ).trials
    for trial in trials {
      #expect(trial.hasLossAtEveryStep == isEveryStep && trial.hasPlainDecay == !isEveryStep)
      let row = row(trial)
      #expect(row["decay_rate"] != "")
      #expect(Self.residuals.allSatisfy { row[$0] == "" } == isEveryStep, "\(kind)")
    }
  }

  @Test func onlyOneStepReadIsTheLast() throws {
    // One step is the final one, whatever the loss is called.
    var trial = try #require(try trials("loss: cross-entropy-every-step").first)
    #expect(trial.hasLossAtEveryStep)
    trial.sequenceLength = 1
    #expect(!trial.hasLossAtEveryStep)
  }

  @Test func columnsStandToTheRightOfTheFixedOnes() throws {
    let fixed = [
      "trial", "cell", "hidden_size", "spectral_radius", "sequence_length", "forget_bias", "clip", "seed",
      "input_scale", "initializer", "input_size", "batch_size", "task", "loss_kind", "readout_size",
      "precision",
      "root_seed", "status", "loss", "measured_spectral_radius", "measured_sigma_max", "log10_grad_total",
      "log10_grad_w_hh_total", "log10_ratio_first_last", "decay_rate", "decay_rate_r2", "half_life",
      "clip_fraction", "clip_cosine", "log10_grad_total_unclipped", "log10_grad_w_ih_total",
      "log10_grad_b_total",
      "diverged_at", "decay_rate_lags", "message",
    ]
    let theory = [
      "lyapunov_rate", "forget_path_rate", "predicted_log10_rho", "predicted_pascanu_bound",
      "predicted_mean_field_low", "predicted_mean_field_high", "predicted_tied_mean_field",
    ]
    #expect(Self.table.header == (fixed + theory + Self.residuals).joined(separator: ","))
    // Where sequences start stands behind all that, in runs that choose it.
    let chosen = try SweepSpecification.parse(text: "name: x\nwashout: 5", file: "x.yaml")
    #expect(TrialsCSV(chosen).header == Self.table.header + ",initial_state_scale,washout")
  }

  // MARK: - Rates of the trajectory

  /// λ_1 of a tanh network from its states: J_t = diag(1 − h_t²) W_hh, from the same first vectors.
  @Test(arguments: [1, 2, 6, 14, 40]) func theLyapunovRateIsThatOfItsTangents(_ steps: Int) throws {
    let trial = try #require(
      try trials("cells: rnn\nprecision: float64\nspectral_radius: 1.4\n")
        .first.map { (trial: TrialParameters) in
          var trial = trial
          trial.sequenceLength = steps
          return trial
        })
    let problem = try TrialRunner().problem(trial, in: Double.self).problem
    let pass = SequencePass(
      cell: TanhCell(parameters: problem.parameters), shape: problem.shape, inputs: problem.numbers)
    let weights = problem.parameters.weightHH
    // The first four of the five sequences are followed.
    var stream = RandomStream(rootSeed: 0, trialSeed: 0, purpose: .tangentVectors)
    let start = stream.normals(4 * 6)
    let transient = steps / 10
    var sum = 0.0
    for b in 0..<4 {
      var v = Array(start[b * 6..<(b + 1) * 6])
      for t in 1...steps {
        let h = (pass.hiddenState(t) ?? [])[b * 6..<(b + 1) * 6]
        let before = Double.euclideanNorm(v)
        let old = v
        v = zip(h, 0..<6).map { h, i -> Double in
          let current = (0..<6).reduce(0.0) { $0 + weights[i, $1] * old[$1] }
          return (1 - h * h) * current
        }
        if t > transient { sum += log10(Double.euclideanNorm(v) / before) }
      }
    }
    let rate = try #require(TrialRunner().run(trial).lyapunovRate)
    #expect(difference([rate], [sum / Double(4 * (steps - transient))], absolute: 1e-12) == nil)
  }

  @Test func theForgetPathIsTheMeanLogarithmOfItsGates() throws {
    let trial = try #require(
      try trials("cells: lstm\nprecision: float64\nforget_bias: -0.5\n").first)
    let problem = try TrialRunner().problem(trial, in: Double.self).problem
    let pass = SequencePass(
      cell: LSTMCell(parameters: problem.parameters), shape: problem.shape, inputs: problem.numbers)
    let p = problem.parameters
    var sum = 0.0
    for t in 1...14 {
      let h = pass.hiddenState(t - 1) ?? []
      for (b, k) in (0..<4).flatMap({ b in (6..<12).map { (b, $0) } }) {
        var a = p.biasIH[k] + p.biasHH[k]
        for i in 0..<3 { a += p.weightIH[k, i] * problem.numbers[((t - 1) * 5 + b) * 3 + i] }
        for j in 0..<6 { a += p.weightHH[k, j] * h[b * 6 + j] }
        sum -= log10(1 + exp(-a))
      }
    }
    let rate = try #require(TrialRunner().run(trial).forgetPathRate)
    #expect(difference([rate], [sum / Double(4 * 6 * 14)], absolute: 1e-12) == nil)
  }

  /// Every tangent and every gradient changes by ρ a step, whatever the transient.
  @Test func aLinearOrthogonalNetworkLeavesNothingOver() throws {
    for steps in [3, 9, 60] {
      for trial in try trials(
        "cells: rnn-linear\ninitializer: orthogonal\nspectral_radius: [0.5, 0.9, 1, 1.1]\n")
      {
        var trial = trial
        trial.sequenceLength = steps
        let row = row(trial)
        for column in [
          "residual_log10_rho", "residual_lyapunov", "residual_mean_field", "residual_pascanu_bound",
        ] {
          let residual = try #require(row[column].flatMap(Double.init))
          #expect(abs(residual) < 1e-5, "T = \(steps), ρ = \(trial.spectralRadius): \(column) \(residual)")
        }
      }
    }
  }

  // MARK: - The ends of the grid

  @Test(arguments: Initializer.allCases) func theEndsOfTheGridHaveRows(_ initializer: Initializer) throws {
    let theory = TrialTheory()
    let runner = TrialRunner()
    let specification = try SweepSpecification.parse(
      text: """
        name: ends
        cells: [rnn, rnn-relu, rnn-linear, lstm, gru]
        initializer: \(initializer.rawValue)
        hidden_size: [1, 3]
        input_size: 2
        batch_size: [1, 5]
        sequence_length: [1, 2, 11]
        spectral_radius: [0, 1, 1e6]
        input_scale: [0, 1e300]
        forget_bias: [-1e6, 1e6]
        seeds: 1
        """, file: "ends.yaml")
    let columns = Self.table.header.split(separator: ",").count
    var statuses: Set<TrialStatus> = []
    for trial in specification.trials {
      let record = runner.run(trial)
      statuses.insert(record.status)
      #expect(record.status != .failed, "\(trial): \(record.message ?? "")")
      let row = Self.table.row(trial, record, theory: theory)
      #expect(
        row.split(separator: ",", omittingEmptySubsequences: false).count == columns && !row.contains("nan"))
      if let rate = record.forgetPathRate { #expect(rate <= 0) }
      if let path = record.forgetPathRate, trial.inputScale == 0, trial.spectralRadius < 2 {
        // The gate is its bias alone.
        #expect(trial.forgetBias == 1e6 ? path == 0 : path < -1e5 || path == -.infinity)
      }
    }
    #expect(statuses.contains(.ok) && statuses.contains(.diverged))
  }
}
