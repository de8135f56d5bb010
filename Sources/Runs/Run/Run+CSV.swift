import Foundation
import GradientFlow
import Machine
import Specification
import TextFiles
import Trials

extension Run {
  /// Writes `trials.csv` and `timesteps.csv` from the store, and for training runs also `training.csv` and
  /// `training_timesteps.csv`, in grid order, whatever the number of jobs.
  ///
  /// - Parameter jobs: pieces that are put into text at a time; fewer where trials are long.
  /// - Returns: rows written to each.
  @discardableResult
  public func exportCSV(
    jobs: Int = ProcessInfo.processInfo.activeProcessorCount
  ) async throws -> ExportedRows {
    let trialsFile = try StreamedFile(path: directory.trials)
    let stepsFile = try StreamedFile(path: directory.timesteps)
    let (trains, axes) = (specification.trains, specification.laterAxes)
    let trainingFile = trains ? try StreamedFile(path: directory.training) : nil
    let profilesFile = trains ? try StreamedFile(path: directory.trainingTimesteps) : nil
    try trainingFile?.write(TrainingCSV.header(axes) + "\n")
    try profilesFile?.write(TrainingTimestepsCSV.header(axes) + "\n")
    try trialsFile.write(TrialsCSV(specification).header + "\n")
    try stepsFile.write(TimestepsCSV.header(axes) + "\n")
    var rows = ExportedRows()
    let pieces = pieces()
    let longest = pieces.map { $0.reduce(0) { $0 + $1.sequenceLength } }.max() ?? 0
    let atOnce = min(jobs, Self.mostPieces, max(1, 8 * Self.pieceRows / max(1, longest)))
    if atOnce > 1 {
      try await inOrder(pieces, jobs: atOnce, { try self.rowsOf($0) }) { piece in
        try trialsFile.write(piece.trials)
        for text in piece.timesteps { try stepsFile.write(text) }
        for text in piece.training { try trainingFile?.write(text) }
        for text in piece.profiles { try profilesFile?.write(text) }
        rows.add(piece.count)
      }
    } else {
      // Long tables are written to the files as they are formatted.
      for piece in pieces {
        rows.add(
          try writeRows(
            of: piece,
            trials: { try trialsFile.write($0) }, timesteps: { try stepsFile.write($0) },
            training: { try trainingFile?.write($0) }, profiles: { try profilesFile?.write($0) }))
      }
    }
    try trialsFile.finish()
    try stepsFile.finish()
    try trainingFile?.finish()
    try profilesFile?.finish()
    return rows
  }

  /// Rows written to each file.
  public struct ExportedRows: Sendable, Equatable {
    public internal(set) var trials = 0, timesteps = 0, training = 0, profiles = 0

    package mutating func add(_ other: ExportedRows) {
      trials += other.trials
      timesteps += other.timesteps
      training += other.training
      profiles += other.profiles
    }
  }

  /// About the number of rows formatted at a time; a row takes some 600 bytes as numbers and as text.
  private static let pieceRows = 8192
  /// Pieces held at a time, whatever the number of jobs.
  private static let mostPieces = 16

  /// Trials in grid order, as many together as give a piece of about ``pieceRows``.
  private func pieces() -> [ArraySlice<TrialParameters>] {
    var pieces: [ArraySlice<TrialParameters>] = []
    var start = 0
    var rows = 0
    for (k, trial) in trials.enumerated() {
      let profiles =
        trial.training.map { $0.diagnoseEvery > 0 ? $0.iterations / $0.diagnoseEvery + 1 : 0 } ?? 0
      let added = (trial.sequenceLength + 1) * (1 + min(profiles, 10_000))
      if rows > 0, rows + added > Self.pieceRows {
        pieces.append(trials[start..<k])
        (start, rows) = (k, 0)
      }
      rows += added
    }
    if start < trials.count { pieces.append(trials[start...]) }
    return pieces
  }

  /// The rows of some trials in both files.
  private struct RowPiece: Sendable {
    var trials = ""
    var timesteps: [String] = []
    var training: [String] = []
    var profiles: [String] = []
    var count = ExportedRows()
  }

  private func rowsOf(_ trials: ArraySlice<TrialParameters>) throws -> RowPiece {
    var piece = RowPiece()
    piece.count = try writeRows(
      of: trials, trials: { piece.trials += $0 }, timesteps: { piece.timesteps.append($0) },
      training: { piece.training.append($0) }, profiles: { piece.profiles.append($0) })
    return piece
  }

  /// Writes the rows of some trials, with one function per file.
  private func writeRows(
    of trials: ArraySlice<TrialParameters>, trials writeTrial: (String) throws -> Void,
    timesteps writeSteps: (String) throws -> Void, training writeTraining: (String) throws -> Void,
    profiles writeProfiles: (String) throws -> Void
  ) throws -> ExportedRows {
    var count = ExportedRows()
    let (table, axes) = (TrialsCSV(specification), specification.laterAxes)
    for trial in trials {
      guard let record = try record(trial) else { continue }
      try writeTrial(table.row(trial, record, theory: theory))
      count.trials += 1
      if record.status == .failed { continue }
      // A trial without gradients still has rows, which are empty except for their steps.
      let steps = record.steps ?? StepTable(rows: trial.sequenceLength + 1)
      try TimestepsCSV(trial, axes: axes).write(steps, to: writeSteps)
      count.timesteps += steps.rows
      guard let course = record.training else { continue }
      try TrainingCSV.write(course, of: trial, axes: axes, to: writeTraining)
      try TrainingTimestepsCSV.write(course, of: trial, axes: axes, to: writeProfiles)
      count.training += course.rows.rows
      count.profiles += course.profiles.rows
    }
    return count
  }
}
