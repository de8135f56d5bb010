import Foundation
import Machine
import Specification
import TextFiles
import Trials

extension Run {
  /// Writes `trials.csv` and `timesteps.csv` from the store, and for training runs also `training.csv` and
  /// `training_timesteps.csv`, in grid order, whatever the number of jobs.
  ///
  /// - Parameter jobs: pieces that are put into text at a time; fewer where trials are long.
  /// - Returns: the files, with the rows written to each.
  @discardableResult
  public func exportCSV(
    jobs: Int = ProcessInfo.processInfo.activeProcessorCount
  ) async throws -> [(path: String, rows: Int)] {
    let (table, axes) = (TrialsCSV(specification), specification.laterAxes)
    var kinds = [(directory.trials, table.header), (directory.timesteps, TimestepsCSV.header(axes))]
    if specification.trains {
      let networks = specification.hasNetworkColumns
      kinds.append((directory.training, TrainingCSV.header(axes, hasNetworks: networks)))
      kinds.append((directory.trainingTimesteps, TrainingTimestepsCSV.header(axes, hasNetworks: networks)))
    }
    let files = try kinds.map { path, header in
      let file = try StreamedFile(path: path)
      try file.write(header + "\n")
      return file
    }
    var rows = Array(repeating: 0, count: files.count)
    func add(_ counts: [Int]) { rows = zip(rows, counts).map { $0 + $1 } }
    let pieces = pieces()
    let longest = pieces.map { $0.reduce(0) { $0 + $1.sequenceLength } }.max() ?? 0
    let atOnce = min(jobs, Self.mostPieces, max(1, 8 * Self.pieceRows / max(1, longest)))
    if atOnce > 1 {
      try await inOrder(pieces, jobs: atOnce, { try self.rowsOf($0, table) }) { piece in
        for (file, text) in piece.texts { try files[file.rawValue].write(text) }
        add(piece.counts)
      }
    } else {
      // Long tables are written to the files as they are formatted.
      for piece in pieces { add(try writeRows(of: piece, table) { try files[$0.rawValue].write($1) }) }
    }
    for file in files { try file.finish() }
    return zip(kinds, rows).map { ($0.0, $1) }
  }

  /// The files, in their order; the last two only where networks are trained.
  private enum CSVFile: Int {
    case trials, timesteps, training, trainingTimesteps
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

  /// The rows of some trials as texts, and how many there are for each file.
  private func rowsOf(
    _ trials: ArraySlice<TrialParameters>, _ table: TrialsCSV
  ) throws -> (texts: [(CSVFile, String)], counts: [Int]) {
    var texts: [(CSVFile, String)] = []
    let counts = try writeRows(of: trials, table) { texts.append(($0, $1)) }
    return (texts, counts)
  }

  /// Writes the rows of some trials.
  ///
  /// - Returns: how many there are for each file.
  private func writeRows(
    of trials: ArraySlice<TrialParameters>, _ table: TrialsCSV, to write: (CSVFile, String) throws -> Void
  ) throws -> [Int] {
    var counts = [0, 0, 0, 0]
    let (axes, networks) = (specification.laterAxes, specification.hasNetworkColumns)
    for trial in trials {
      guard let record = try record(trial) else { continue }
      try write(.trials, table.row(trial, record, theory: theory))
      counts[0] += 1
      if record.status == .failed { continue }
      // A trial without gradients still has rows, which are empty except for their steps.
      let steps = record.steps ?? StepTable(rows: trial.sequenceLength + 1)
      try TimestepsCSV(trial, axes: axes).write(steps) { try write(.timesteps, $0) }
      counts[1] += steps.rows
      guard specification.trains, let course = record.training else { continue }
      try TrainingCSV.write(course, of: trial, axes: axes, hasNetworks: networks) {
        try write(.training, $0)
      }
      counts[2] += course.rows.rows
      try TrainingTimestepsCSV.write(course, of: trial, axes: axes, hasNetworks: networks) {
        try write(.trainingTimesteps, $0)
      }
      counts[3] += course.profiles.rows
    }
    return counts
  }
}
