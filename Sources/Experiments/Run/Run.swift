import Foundation
import GradientFlow

/// A run that exists: its specification and its store. Works on unfinished runs too.
public final class Run: Sendable {
  public let directory: RunDirectory
  /// What was asked for.
  public let specification: SweepSpecification
  /// All trials in grid order.
  public let trials: [TrialParameters]
  let store: RunStore

  /// Opens a run for reading.
  ///
  /// - Throws: ``RunError``, or ``SpecificationError`` if its `spec.yaml` is damaged.
  public convenience init(directory path: String) throws {
    let directory = RunDirectory(path)
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw RunError.notARun(path: path, problem: "it does not exist")
    }
    guard isDirectory.boolValue else {
      throw RunError.notARun(path: path, problem: "it is a file")
    }
    guard FileManager.default.fileExists(atPath: directory.specification) else {
      throw RunError.notARun(path: path, problem: "there is no spec.yaml in it")
    }
    guard FileManager.default.fileExists(atPath: directory.store) else {
      throw RunError.notARun(path: path, problem: "there is no trials.sqlite in it")
    }
    let specification = try SweepSpecification.readNormalised(path: directory.specification)
    try self.init(
      directory: directory, specification: specification,
      store: RunStore(path: directory.store, create: false))
  }

  init(directory: RunDirectory, specification: SweepSpecification, store: RunStore) throws {
    self.directory = directory
    self.specification = specification
    trials = specification.trials
    self.store = store
  }

  /// How many trials are stored, by status.
  public func progress() throws -> RunProgress {
    let statuses = try store.statuses()
    var progress = RunProgress(total: trials.count)
    for trial in trials { progress.count(statuses[trial.id]) }
    return progress
  }

  /// A stored trial; nil if it has not been run.
  public func record(_ trial: TrialParameters, withSteps: Bool = true) throws -> TrialRecord? {
    try store.record(trial.id, withSteps: withSteps)
  }

  /// Writes `trials.csv` and `timesteps.csv` from the store, in grid order, whatever the number of jobs.
  ///
  /// - Parameter jobs: pieces that are put into text at a time.
  /// - Returns: rows written to each.
  @discardableResult
  public func exportCSV(
    jobs: Int = ProcessInfo.processInfo.activeProcessorCount
  ) async throws -> (trials: Int, timesteps: Int) {
    let trialsFile = try StreamedFile(path: directory.trials)
    let stepsFile = try StreamedFile(path: directory.timesteps)
    try trialsFile.write(TrialsCSV.header + "\n")
    try stepsFile.write(TimestepsCSV.header + "\n")
    var rows = (trials: 0, timesteps: 0)
    try await inOrder(
      stride(from: 0, to: trials.count, by: 32).map { trials[$0..<min($0 + 32, trials.count)] },
      jobs: jobs, { try self.rowsOf($0) }
    ) { piece in
      try trialsFile.write(piece.trials)
      for text in piece.timesteps { try stepsFile.write(text) }
      rows.trials += piece.trialCount
      rows.timesteps += piece.timestepCount
    }
    try trialsFile.finish()
    try stepsFile.finish()
    return rows
  }

  /// The rows of some trials in both files.
  private struct RowPiece: Sendable {
    var trials = ""
    var timesteps: [String] = []
    var trialCount = 0
    var timestepCount = 0
  }

  private func rowsOf(_ trials: ArraySlice<TrialParameters>) throws -> RowPiece {
    var piece = RowPiece()
    for trial in trials {
      guard let record = try record(trial) else { continue }
      piece.trials += TrialsCSV.row(trial, record)
      piece.trialCount += 1
      if record.status == .failed { continue }
      // A trial without gradients still has its rows, empty but for its steps.
      let table = record.steps ?? StepTable(steps: trial.sequenceLength)
      TimestepsCSV.write(table, of: .init(trial)) { piece.timesteps.append($0) }
      piece.timestepCount += table.steps + 1
    }
    return piece
  }
}
