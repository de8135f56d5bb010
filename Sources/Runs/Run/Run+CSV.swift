import Foundation
import GradientFlow
import Machine
import Specification
import TextFiles
import Trials

extension Run {
  /// Writes `trials.csv` and `timesteps.csv` from the store, for networks that may have several layers also `layers.csv`,
  /// and for training runs also `training.csv`, `training_timesteps.csv`, `test_steps.csv`, `test_lengths.csv` and
  /// `baselines.csv`, in grid order, whatever the number of jobs.
  ///
  /// - Parameter jobs: pieces that are put into text at a time; fewer where trials are long.
  /// - Returns: the files, with the rows written to each.
  @discardableResult
  public func exportCSV(
    jobs: Int = ProcessInfo.processInfo.activeProcessorCount
  ) async throws -> [(path: String, rows: Int)] {
    let table = TrialsCSV(specification)
    let kinds = headers(table)
    var files: [CSVFile: StreamedFile] = [:]
    for (kind, header) in kinds {
      let file = try StreamedFile(path: path(of: kind))
      try file.write(header + "\n")
      files[kind] = file
    }
    var rows: [CSVFile: Int] = [:]
    func add(_ counts: [CSVFile: Int]) { rows.merge(counts, uniquingKeysWith: +) }
    let pieces = pieces()
    let longest = pieces.map { $0.reduce(0) { $0 + $1.stepRows } }.max() ?? 0
    let atOnce = min(jobs, Self.mostPieces, max(1, 8 * Self.pieceRows / max(1, longest)))
    if atOnce > 1 {
      try await inOrder(pieces, jobs: atOnce, { try self.rowsOf($0, table) }) { piece in
        for (file, text) in piece.texts { try files[file]?.write(text) }
        add(piece.counts)
      }
    } else {
      // Long tables are written to the files as they are formatted.
      for piece in pieces { add(try writeRows(of: piece, table) { try files[$0]?.write($1) }) }
    }
    if specification.trainsLanguage {
      let lines = BaselinesCSV.rows(try baselines())
      try files[.baselines]?.write(lines.joined())
      rows[.baselines] = lines.count
    }
    for (kind, _) in kinds { try files[kind]?.finish() }
    return kinds.map { (path(of: $0.file), rows[$0.file] ?? 0) }
  }

  /// What models without a recurrent network make of the text, which is one for all trials: of the first that has them.
  public func baselines() throws -> [Baseline] {
    guard specification.trainsLanguage else { return [] }
    for trial in trials {
      if let found = try record(trial, withSteps: false)?.baselines.baselines, !found.isEmpty { return found }
    }
    return []
  }

  /// A file of rows.
  private enum CSVFile {
    case trials, timesteps, layers, training, trainingTimesteps, testSteps, testLengths, baselines
  }

  private func path(of file: CSVFile) -> String {
    switch file {
    case .trials: directory.trials
    case .timesteps: directory.timesteps
    case .layers: directory.layers
    case .training: directory.training
    case .trainingTimesteps: directory.trainingTimesteps
    case .testSteps: directory.testSteps
    case .testLengths: directory.testLengths
    case .baselines: directory.baselines
    }
  }

  /// The files that the run has, with their column names.
  private func headers(_ table: TrialsCSV) -> [(file: CSVFile, header: String)] {
    let (axes, networks) = (specification.laterAxes, specification.hasNetworkColumns)
    var kinds: [(file: CSVFile, header: String)] = [
      (.trials, table.header), (.timesteps, TimestepsCSV.header(TimestepsCSV.FurtherColumns(specification))),
    ]
    if specification.hasLayerTable { kinds.append((.layers, LayersCSV.header(axes))) }
    if specification.trains {
      kinds.append(
        (
          .training,
          TrainingCSV.header(axes, hasNetworks: networks, hasLanguage: specification.trainsLanguage)
        ))
      kinds.append(
        (
          .trainingTimesteps,
          TrainingTimestepsCSV.header(
            axes, hasNetworks: networks, hasLengths: specification.hasLengthColumns)
        ))
      if specification.hasStepTests { kinds.append((.testSteps, StepTestsCSV.header)) }
      if !specification.testLengths.isEmpty { kinds.append((.testLengths, LengthTestsCSV.header)) }
      if specification.trainsLanguage { kinds.append((.baselines, BaselinesCSV.header)) }
    }
    return kinds
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
      let added = trial.stepRows + trial.profileRows * min(profiles, 10_000)
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
  ) throws -> (texts: [(CSVFile, String)], counts: [CSVFile: Int]) {
    var texts: [(CSVFile, String)] = []
    let counts = try writeRows(of: trials, table) { texts.append(($0, $1)) }
    return (texts, counts)
  }

  /// Writes the rows of some trials.
  ///
  /// - Returns: how many there are for each file.
  private func writeRows(
    of trials: ArraySlice<TrialParameters>, _ table: TrialsCSV, to write: (CSVFile, String) throws -> Void
  ) throws -> [CSVFile: Int] {
    var counts: [CSVFile: Int] = [:]
    let (axes, networks) = (specification.laterAxes, specification.hasNetworkColumns)
    let further = TimestepsCSV.FurtherColumns(specification)
    for trial in trials {
      guard let record = try record(trial) else { continue }
      try write(.trials, table.row(trial, record, theory: theory))
      counts[.trials, default: 0] += 1
      if record.status == .failed { continue }
      // A trial without gradients still has rows, which are empty except for their steps.
      for path in record.paths(of: trial) {
        try TimestepsCSV(trial, path, further: further).write(path.table) { try write(.timesteps, $0) }
        counts[.timesteps, default: 0] += path.table.rows
      }
      if specification.hasLayerTable {
        let rows = LayersCSV.rows(record, of: trial, axes: axes)
        try write(.layers, rows.joined())
        counts[.layers, default: 0] += rows.count
      }
      guard specification.trains, let course = record.training else { continue }
      try TrainingCSV.write(
        course, of: trial, axes: axes, hasNetworks: networks, hasLanguage: specification.trainsLanguage
      ) { try write(.training, $0) }
      counts[.training, default: 0] += course.rows.rows
      try TrainingTimestepsCSV.write(
        course, of: trial, axes: axes, hasNetworks: networks, hasLengths: specification.hasLengthColumns
      ) { try write(.trainingTimesteps, $0) }
      counts[.trainingTimesteps, default: 0] += course.profiles.rows
      if specification.hasStepTests {
        try StepTestsCSV.write(record, of: trial) { try write(.testSteps, $0) }
        counts[.testSteps, default: 0] += record.stepTests.rows
      }
      let tests = LengthTestsCSV.rows(record, of: trial)
      if !tests.isEmpty { try write(.testLengths, tests.joined()) }
      counts[.testLengths, default: 0] += tests.count
    }
    return counts
  }
}

extension TrialParameters {
  /// Rows that a profile of a training has, which are those of every step.
  fileprivate var profileRows: Int {
    (sequenceLength + 1) * layers * directions * (task.topology == .encoderDecoder ? 2 : 1)
  }

  /// About the rows that it has in a table by timestep.
  var stepRows: Int {
    let hasEncoder = task.topology == .encoderDecoder
    let rows = recording.rows(steps: sequenceLength, after: hasEncoder ? sequenceLength : 0)
    return rows * layers * directions * (hasEncoder ? 2 : 1)
  }
}
