import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Comparison") struct ComparisonTests {
  private let directory: TemporaryDirectory
  private let run: Run

  init() async throws {
    directory = try TemporaryDirectory()
    let spec = try SweepSpecification.parse(
      text: """
        name: c
        cells: [lstm, rnn]
        hidden_size: 16
        batch_size: 4
        sequence_length: 40
        spectral_radius: [0.6, 1]
        forget_bias: [1, 3]
        seeds: 6
        """, file: "c.yaml")
    let sweep = try Sweep(spec, directory: directory.path, options: SweepOptions(jobs: 1))
    _ = try await sweep.execute()
    run = sweep.run
  }

  private func rates(_ cell: CellKind, _ bias: Double?, _ radius: Double) throws -> [Double] {
    try run.trials.filter {
      $0.cell == cell && $0.forgetBias == bias && $0.spectralRadius == radius
    }.compactMap { try run.record($0)?.decayRate }
  }

  @Test func theRNNIsTheReferenceAndDifferencesArePairedBySeed() throws {
    let comparison = try Comparison(run)
    #expect(comparison.groups.count == 2)
    let group = try #require(comparison.groups.first { $0.group.spectralRadius == 1 })
    let labels = group.variants.map(\.variant.label)
    #expect(labels == ["rnn", "lstm, forget bias 1", "lstm, forget bias 3"])
    let (rnn, lstm) = (try rates(.rnn, nil, 1), try rates(.lstm, 3, 1))
    let differences = zip(lstm, rnn).map { $0 - $1 }
    let expected = try #require(MeanInterval(differences))
    #expect(group.variants[2].difference == expected)
    #expect(group.variants[0].difference == nil)
    #expect(group.variants[0].rate == MeanInterval(rnn))
    #expect(group.verdict.contains("lstm, forget bias 3"))
    #expect(group.verdict.contains("times slower than rnn"))
  }

  @Test func everyFormatHasEveryGroup() throws {
    let comparison = try Comparison(run)
    #expect(comparison.text(.csv).split(separator: "\n").count == 1 + 6)
    #expect(comparison.text(.md).contains("| ρ = 0.6, T = 40 | rnn |"))
    #expect(comparison.text(.text).contains("ρ = 0.6, T = 40"))
    let json = try JSONSerialization.jsonObject(with: Data(comparison.text(.json).utf8))
    let groups = try #require((json as? [String: Any])?["groups"] as? [[String: Any]])
    #expect(groups.count == 2)
    #expect((groups[0]["cells"] as? [[String: Any]])?.count == 3)
  }

  @Test func anUnfinishedRunSaysHowFarItIs() async throws {
    let other = try TemporaryDirectory()
    let spec = try SweepSpecification.parse(
      text: "name: u\ncells: rnn\nhidden_size: 4\nsequence_length: 3\nseeds: 100000", file: "u.yaml")
    let sweep = try Sweep(spec, directory: other.path, options: SweepOptions(jobs: 1))
    _ = try await sweep.execute { _, _, progress in
      if progress.counts.done == 5 { sweep.stop() }
    }
    let comparison = try Comparison(Run(directory: other.path))
    #expect((5..<100_000).contains(comparison.progress.done))
    #expect(comparison.text(.text).contains("of 100000 trials finished"))
  }
}
