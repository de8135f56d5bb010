import Foundation
import GradientFlow
import Synchronization

/// A sweep about to be run: what is to do, and where it goes.
public final class Sweep: Sendable {
  public let run: Run
  /// Trials that are not stored yet or had failed, in a deterministic shuffled order, so that a picture of an
  /// unfinished run already shows the whole grid.
  public let pending: [TrialParameters]
  /// Values added to an existing run's axes; empty for a new or unchanged one.
  public let added: [String]
  private let runner: TrialRunner
  private let stopRequested = Atomic<Bool>(false)

  /// Opens a new or existing run.
  ///
  /// - Throws: ``RunError`` when the directory holds a run of another specification, cannot be written, or
  ///   the trials would not fit into memory or on the disk.
  public init(_ specification: SweepSpecification, directory path: String, jobs: Int) throws {
    let directory = RunDirectory(path)
    var text: String?
    if case .text(_, let resolvedPath, let sha256) = specification.task {
      text = try SweepText.read(resolvedPath, sha256: sha256)
    }
    let runner = TrialRunner(text: text)
    self.runner = runner
    let trials = specification.trials
    try SweepLimits.check(trials, jobs: jobs, directory: path, inputSize: runner.inputSize)

    let known = try Self.additions(to: directory, by: specification)
    self.added = known ?? []
    try makeDirectory(path)
    let store = try RunStore(path: directory.store, create: true)
    if known != [] {
      try AtomicFile.write(Array(specification.normalisedYAML.utf8), to: directory.specification)
    }
    run = try Run(directory: directory, specification: specification, store: store)
    let statuses = try store.statuses()
    var order = Philox(key: (specification.rootSeed, 0), counter: (0, 0, 0, .max))
    pending = trials.filter { (statuses[$0.id] ?? .failed) == .failed }.shuffled(using: &order)
  }

  /// What a specification adds to the run in a directory: nil if there is none yet, nothing if it is the same.
  ///
  /// - Throws: ``RunError/specificationChanged(path:differences:)`` where it does more than add.
  static func additions(
    to directory: RunDirectory, by specification: SweepSpecification
  ) throws -> [String]? {
    guard FileManager.default.fileExists(atPath: directory.specification) else {
      if FileManager.default.fileExists(atPath: directory.store) {
        throw RunError.notARun(
          path: directory.path, problem: "there is a trials.sqlite but no spec.yaml in it")
      }
      return nil
    }
    let old = try SweepSpecification.readNormalised(path: directory.specification)
    switch SpecificationChange(from: old, to: specification) {
    case .same: return []
    case .extends(let values): return values.map(\.description)
    case .conflicts(let differences):
      throw RunError.specificationChanged(
        path: directory.path, differences: differences.map(\.description))
    }
  }

  /// Asks a running sweep to end after the trials that are being computed; may be called from any thread.
  public func stop() { stopRequested.store(true, ordering: .relaxed) }

  /// Whether ``stop()`` was called.
  public var isStopped: Bool { stopRequested.load(ordering: .relaxed) }

  /// Runs what is pending, `jobs` trials at a time, each stored in a transaction of its own when it ends.
  ///
  /// - Parameter observe: called after each trial, from one task at a time.
  /// - Returns: how far the run is.
  public func execute(
    jobs: Int, observe: @Sendable (TrialParameters, TrialRecord, RunProgress) -> Void
  ) async throws -> RunProgress {
    BLASEnvironment.useOneThread()
    var progress = RunProgress(total: run.trials.count)
    let statuses = try run.store.statuses()
    let waiting = Set(pending.map(\.id))
    for trial in run.trials where !waiting.contains(trial.id) { progress.count(statuses[trial.id]) }
    let (runner, pending) = (runner, pending)
    try await withThrowingTaskGroup(of: (Int, TrialRecord).self) { group in
      var next = 0
      func start() {
        guard next < pending.count, !isStopped else { return }
        let index = next
        group.addTask { (index, runner.run(pending[index])) }
        next += 1
      }
      for _ in 0..<min(max(1, jobs), pending.count) { start() }
      while let (index, record) = try await group.next() {
        start()
        try run.store.save(record, of: pending[index])
        progress.count(record.status)
        observe(pending[index], record, progress)
      }
    }
    try run.store.finish()
    return progress
  }
}
