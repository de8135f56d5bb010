import Experiments
import Foundation
import GradientFlow
import Synchronization
import TestSupport
import Testing

@Suite("Watched training runs") struct TrainingMonitorTests {
  /// A sweep as someone sees it who watches; the rows in the order they came.
  private func watched(
    _ directory: TemporaryDirectory, _ overrides: [String] = [], watches: Bool = true
  ) async throws -> (rows: [TrainingMonitor.Row], sweep: Sweep) {
    let specification = try SweepSpecification.parse(
      text: TrainingSweepTests.small, file: "test.yaml", overrides: overrides)
    let sweep = try Sweep(specification, directory: directory.file("run"), options: SweepOptions(jobs: 2))
    if watches { sweep.monitor.watch() }
    let rows = Mutex<[TrainingMonitor.Row]>([])
    _ = try await sweep.execute(follow: { _, _ in
      let new = sweep.monitor.takeRows()
      rows.withLock { $0 += new }
    })
    let rest = sweep.monitor.takeRows()
    try await sweep.run.exportCSV()
    return (rows.withLock { $0 } + rest, sweep)
  }

  @Test func everyProfileComesOnceAndInOrder() async throws {
    let directory = try TemporaryDirectory()
    let (rows, sweep) = try await watched(directory)
    let steps = CSVRows(try directory.read("run/training_timesteps.csv"))
    for trial in sweep.run.trials {
      let own = rows.filter { $0.trial == trial && $0.hidden != nil }
      let stored = steps.rows(where: ["trial": trial.id, "t": "1"]).map { $0["iteration"] }
      #expect(own.map { "\($0.iteration)" } == stored)
      for row in own {
        let norms = steps.rows(where: ["trial": trial.id, "iteration": "\(row.iteration)"]).dropFirst()
          .map { $0["log10_grad_h"].flatMap { Double($0) } }
        #expect(row.hidden?.map { Optional($0) } == norms)
      }
    }
  }

  @Test func theNumbersAreThoseOfTheTable() async throws {
    let directory = try TemporaryDirectory()
    let (rows, sweep) = try await watched(directory)
    let table = CSVRows(try directory.read("run/training.csv"))
    for trial in sweep.run.trials {
      let own = rows.filter { $0.trial == trial }
      let stored = table.rows(where: ["trial": trial.id])
      #expect(own.map { "\($0.iteration)" } == stored.map { $0["iteration"] })
      #expect(own.map(\.loss) == stored.map { $0["loss"].flatMap { Double($0) } })
      #expect(own.map(\.gradBefore) == stored.map { $0["log10_grad_before"].flatMap { Double($0) } })
    }
  }

  /// A training that ends between two rests has its last profile too.
  @Test func aTrainingThatDivergesIsWatchedToItsEnd() async throws {
    let directory = try TemporaryDirectory()
    let (rows, sweep) = try await watched(
      directory, ["cells=rnn-relu", "clip=none", "learning_rate=1e30", "seeds=1", "sequence_length=10"])
    let table = CSVRows(try directory.read("run/training.csv"))
    let trial = try #require(sweep.run.trials.first)
    #expect(try sweep.run.record(trial)?.status == .diverged)
    #expect(rows.map { "\($0.iteration)" } == table.rows(where: ["trial": trial.id]).map { $0["iteration"] })
    #expect(rows.contains { $0.hidden != nil })
  }

  @Test func whereNoOneWatchesNothingIsKept() async throws {
    let directory = try TemporaryDirectory()
    let (rows, sweep) = try await watched(directory, watches: false)
    #expect(rows.isEmpty && sweep.monitor.takeRows().isEmpty)
    sweep.monitor.watch()
    #expect(sweep.monitor.takeRows().isEmpty)
  }
}
