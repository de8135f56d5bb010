import Foundation
import GradientFlow
import Synchronization
import TestSupport
import Testing

@testable import Experiments

/// When checkpoints are written.
@Suite("Time between checkpoints") struct CheckpointTimeTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Trains until so many updates have been made; returns the update of the checkpoint that is there when the training is
  /// about to make the next one.
  private func checkpoint(after updates: Int, interval: Duration, in run: String) throws -> Int? {
    let specification = try SweepSpecification.read(
      path: try directory.write(
        """
        name: c
        task: {kind: adding}
        cells: rnn
        hidden_size: 3
        batch_size: 2
        sequence_length: 10
        iterations: 1000
        evaluation_size: 100
        evaluate_every: 0
        diagnose_every: 0
        record_every: 500
        seeds: 1

        """, to: "c.yaml"))
    let trial = specification.trials[0]
    let files = TrainingFiles(RunDirectory(directory.file(run)))
    // It is asked once an update, before a checkpoint is written.
    let asked = Mutex(0)
    let found = Mutex<Int?>(nil)
    let path = files.checkpoint(trial.id)
    let runner = try TrialRunner(
      specification,
      context: TrainingContext(
        files: files, checkpointInterval: interval,
        isStopped: {
          let count = asked.withLock { count in
            count += 1
            return count
          }
          guard count > updates else { return false }
          let metadata = (try? SafetensorsFile(contentsOf: path))?.metadata ?? [:]
          found.withLock { $0 = metadata["gradflow.iteration"].flatMap { Int($0) } }
          return true
        }))
    _ = runner.run(trial)
    return found.withLock { $0 }
  }

  @Test(arguments: [1, 7, 100]) func anUpdateThatTakesLongerThanTheIntervalIsKept(updates: Int) throws {
    #expect(try checkpoint(after: updates, interval: .zero, in: "a\(updates)") == updates)
  }

  @Test func shortUpdatesAreNotKeptOneByOne() throws {
    #expect(try checkpoint(after: 300, interval: .seconds(3600), in: "b") == nil)
  }
}
