import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Sweeps") struct SweepTests {
  static let small = """
    name: small
    cells: [rnn, lstm, gru]
    hidden_size: 9
    input_size: 3
    batch_size: 4
    sequence_length: [5, 12]
    spectral_radius: [0.5, 1.5]
    forget_bias: [0, 1]
    clip: [none, {step-norm: 0.5}, {global-norm: 1}]
    seeds: 3
    """

  @discardableResult
  private func run(
    _ text: String, _ directory: String, jobs: Int = 2, overrides: [String] = []
  ) async throws -> (progress: RunProgress, run: Run, ran: Int) {
    let spec = try SweepSpecification.parse(text: text, file: "test.yaml", overrides: overrides)
    let sweep = try Sweep(spec, directory: directory, options: SweepOptions(jobs: jobs))
    let progress = try await sweep.execute().counts
    try await sweep.run.exportCSV()
    return (progress, sweep.run, sweep.pending.count)
  }

  @Test func everyTrialIsRunOnceAndAgainNever() async throws {
    let directory = try TemporaryDirectory()
    let first = try await run(Self.small, directory.file("run"))
    let counts: [Int] = [first.progress.done, first.progress.total, first.ran]
    #expect(counts == [144, 144, 144])
    let second = try await run(Self.small, directory.file("run"))
    #expect(second.ran == 0 && second.progress.done == 144)
  }

  @Test func csvIsTheSameWhateverTheJobsAndTheHistory() async throws {
    let directory = try TemporaryDirectory()
    try await run(Self.small, directory.file("one"), jobs: 1)
    try await run(Self.small, directory.file("two"), jobs: 2)
    // The same grid in three steps: fewer seeds and radii first.
    try await run(
      Self.small, directory.file("grown"), overrides: ["seeds=1", "spectral_radius=1.5"])
    try await run(Self.small, directory.file("grown"), overrides: ["seeds=2"])
    let last = try await run(Self.small, directory.file("grown"))
    #expect(last.ran == 48)
    for name in ["trials.csv", "timesteps.csv"] {
      let one = try directory.read("one/" + name)
      let (two, grown) = (try directory.read("two/" + name), try directory.read("grown/" + name))
      #expect(one == two)
      #expect(one == grown)
    }
  }

  @Test func anyOtherChangeIsRefusedAndNothingIsLost() async throws {
    let directory = try TemporaryDirectory()
    try await run(Self.small, directory.file("run"))
    let before = try directory.read("run/trials.csv")
    for change in ["batch_size=5", "root_seed=1", "seeds=2", "hidden_size=8", "loss=final-mse"] {
      await #expect(throws: RunError.self) {
        try await run(Self.small, directory.file("run"), overrides: [change])
      }
    }
    let after = try directory.read("run/trials.csv")
    #expect(before == after)
    let again = try await run(Self.small, directory.file("run"))
    #expect(again.ran == 0)
  }

  @Test func columnsStandInTheirFixedOrder() async throws {
    let directory = try TemporaryDirectory()
    try await run(Self.small, directory.file("run"), overrides: ["seeds=1"])
    let steps = try directory.read("run/timesteps.csv")
    let stepColumns = [
      "trial", "cell", "hidden_size", "spectral_radius", "sequence_length", "forget_bias", "clip", "seed",
      "t", "lag", "log10_grad_h", "log10_grad_c", "log10_grad_a", "log10_grad_w_hh", "log10_grad_w_ih",
      "log10_grad_h_mean", "log10_grad_h_sd", "log10_grad_h_immediate", "log10_grad_b", "input_scale",
      "initializer",
    ].joined(separator: ",")
    #expect(steps.hasPrefix(stepColumns + ","))
    let trials = try directory.read("run/trials.csv")
    let parameters = [
      "trial", "cell", "hidden_size", "spectral_radius", "sequence_length", "forget_bias", "clip", "seed",
    ].joined(separator: ",")
    #expect(trials.hasPrefix(parameters + ","))
    let results = [
      "status", "loss", "measured_spectral_radius", "measured_sigma_max", "log10_grad_total",
      "log10_grad_w_hh_total", "log10_ratio_first_last", "decay_rate", "decay_rate_r2", "half_life",
      "clip_fraction",
    ].joined(separator: ",")
    #expect(trials.contains("," + results + ","))
    let lines = steps.split(separator: "\n")
    // 4 variants · 2 radii · 3 clips, each with T + 1 rows for both lengths.
    let rows = 24 * (6 + 13)
    #expect(lines.count == 1 + rows)
    #expect(!steps.contains("nan"))
    #expect(!trials.contains("nan"))
    let row = try #require(lines.first { $0.contains(",rnn,") })
    let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    #expect(Array(fields[8...9]) == ["0", "5"])  // t = 0 at lag T
    #expect(Array(fields[12...14]) == ["", "", ""])  // no step quantities there
    #expect(fields[17] == "-inf")  // the loss does not read h_0
  }

  @Test func linearOrthogonalDecayRateIsLog10OfTheRadius() async throws {
    let directory = try TemporaryDirectory()
    let result = try await run(
      """
      name: linear
      cells: rnn-linear
      hidden_size: 20
      initializer: orthogonal
      sequence_length: [2, 150]
      spectral_radius: [0.5, 0.9, 1, 1.1, 1.5]
      precision: float64
      seeds: 2
      """, directory.file("run"))
    for trial in result.run.trials {
      let record = try #require(try result.run.record(trial))
      let rate = try #require(record.decayRate)
      let measured = try #require(record.measuredSpectralRadius)
      let (rateError, radiusError) = (rate - log10(trial.spectralRadius), measured - trial.spectralRadius)
      #expect(rateError.magnitude < 1e-9)
      #expect(radiusError.magnitude < 1e-12)
    }
  }

  @Test func aDivergingForwardPassIsAResult() async throws {
    let directory = try TemporaryDirectory()
    let result = try await run(
      "name: d\ncells: rnn-linear\nhidden_size: 8\nsequence_length: 400\nspectral_radius: [0.5, 4]\nseeds: 1",
      directory.file("run"))
    #expect(result.progress.diverged == 1 && result.progress.failed == 0)
    let last = try #require(result.run.trials.last)
    let record = try #require(try result.run.record(last))
    #expect(record.status == .diverged)
    // 4^t passes 3.4e38 near t = 64.
    let step = record.divergedAt ?? 0
    #expect((55...70).contains(step))
    let lines = try directory.read("run/timesteps.csv").split(separator: "\n")
    #expect(lines.count == 803)
  }

  @Test func vanishingBelowTheRangeIsAResultWithItsNumber() async throws {
    let directory = try TemporaryDirectory()
    let result = try await run(
      "name: v\ncells: rnn\nhidden_size: 8\nsequence_length: 300\nspectral_radius: 0.1\nseeds: 1",
      directory.file("run"))
    let record = try #require(try result.run.record(result.run.trials[0]))
    #expect(record.status == .underflow)
    let ratio = try #require(record.log10RatioFirstLast)
    #expect(ratio < -200)
  }

  @Test func pairedTrialsSeeTheSameInputs() throws {
    let spec = try SweepSpecification.parse(
      text: "name: p\ncells: [rnn, lstm]\nspectral_radius: [0.5, 1.5]\nseeds: 1", file: "p.yaml")
    let runner = TrialRunner()
    let inputs = try spec.trials.map { trial -> [Float] in
      try runner.problem(trial, in: Float.self).problem.numbers
    }
    #expect(Set(inputs).count == 1)
  }

  @Test func anUnwritableDirectoryIsNamed() throws {
    let spec = try SweepSpecification.parse(text: "name: x", file: "x.yaml")
    #expect {
      try Sweep(spec, directory: "/proc/none/run", options: SweepOptions(jobs: 1))
    } throws: { error in
      guard case RunError.cannotWrite(let path, _) = error else { return false }
      return path == "/proc/none/run"
    }
  }

  @Test func sizesBeyondTheMachineAreRefusedBeforeTheyAreTaken() throws {
    let directory = try TemporaryDirectory()
    let spec = try SweepSpecification.parse(
      text: "name: x\nhidden_size: 16384\nbatch_size: 65536\nsequence_length: 100000", file: "x.yaml")
    #expect {
      try Sweep(spec, directory: directory.file("run"), options: SweepOptions(jobs: 1))
    } throws: { error in
      guard case RunError.tooLarge = error else { return false }
      return true
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("run")))
  }
}
