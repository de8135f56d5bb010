import Foundation
import GradientFlow

extension Run {
  /// Writes `trials.csv` and `timesteps.csv` from the store, in grid order, whatever the number of jobs.
  ///
  /// - Parameter jobs: pieces that are put into text at a time; fewer where trials are long.
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
    let pieces = pieces()
    let longest = pieces.map { $0.reduce(0) { $0 + $1.sequenceLength } }.max() ?? 0
    try await inOrder(
      pieces, jobs: min(jobs, max(1, 8 * Self.pieceRows / max(1, longest))), { try self.rowsOf($0) }
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

  /// About as many rows are put into text at a time; a row is some 600 bytes as numbers and as text.
  private static let pieceRows = 8192

  /// Trials in grid order, as many together as give a piece of about ``pieceRows``.
  private func pieces() -> [ArraySlice<TrialParameters>] {
    var pieces: [ArraySlice<TrialParameters>] = []
    var start = 0
    var rows = 0
    for (k, trial) in trials.enumerated() {
      let added = trial.sequenceLength + 1
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
    var trialCount = 0
    var timestepCount = 0
  }

  private func rowsOf(_ trials: ArraySlice<TrialParameters>) throws -> RowPiece {
    var piece = RowPiece()
    for trial in trials {
      guard let record = try record(trial) else { continue }
      piece.trials += TrialsCSV.row(trial, record, theory: theory)
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
