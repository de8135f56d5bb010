import Experiments

/// The stored trials of a run, each read once for all figures of a set as long as they fit into a number of bytes.
///
/// Of a trial's steps and profiles only the columns that some figure reads are kept.
final class RecordCache {
  /// The run they are from.
  let run: Run
  /// How far the run was when reading began.
  let progress: RunProgress
  private let columns: Set<StepColumn>
  private let profiles: Set<ProfileColumn>
  private var records: [TrialParameters: TrialRecord?] = [:]
  private var valuesLeft: Int

  /// - Parameters:
  ///   - columns: the per-step columns that will be asked for.
  ///   - profiles: likewise of the profiles of a training.
  ///   - capacity: bytes to keep.
  /// - Throws: ``RunError``.
  init(
    _ run: Run, columns: Set<StepColumn>, profiles: Set<ProfileColumn> = [], capacity: Int = 1 << 29
  ) throws {
    valuesLeft = capacity / 8
    self.run = run
    self.columns = columns
    self.profiles = profiles
    progress = try run.progress()
  }

  /// A trial without its steps; nil if it has not been run or failed.
  func record(_ trial: TrialParameters) throws -> TrialRecord? {
    try record(trial, withSteps: false, isWhole: { _ in true }) { _ in 0 }
  }

  /// A trial with its steps, where it has them; nil if it has not been run or failed.
  func recordWithSteps(_ trial: TrialParameters) throws -> TrialRecord? {
    try record(trial, isWhole: { $0.steps != nil }) { record in
      record.steps = record.steps?.only(columns)
      return record.steps.map { $0.columns.count * $0.rows } ?? 0
    }
  }

  /// A trial with the course of its training, without its steps; nil if it has not been run or failed.
  func recordWithTraining(_ trial: TrialParameters) throws -> TrialRecord? {
    try record(trial, isWhole: { $0.training != nil }) { record in
      record.steps = nil
      guard let (rows, all) = record.training.map({ ($0.rows, $0.profiles) }) else { return 0 }
      let kept = all.only(profiles)
      record.training = TrainingRecord(rows: rows, profiles: kept)
      return kept.columns.count * kept.rows + rows.columns.count * rows.rows
    }
  }

  /// A trial as it is kept, or as it is read, and kept if there is room.
  ///
  /// - Parameter reduce: leaves out what no figure reads; returns the number of values that stay.
  private func record(
    _ trial: TrialParameters, withSteps: Bool = true, isWhole: (TrialRecord) -> Bool,
    reduce: (inout TrialRecord) -> Int
  ) throws -> TrialRecord? {
    if let known = records[trial], known.map(isWhole) ?? true { return known }
    guard var record = try run.record(trial, withSteps: withSteps), record.status != .failed else {
      records[trial] = .some(nil)
      return nil
    }
    let size = reduce(&record)
    guard size <= valuesLeft else { return record }
    valuesLeft -= size
    records[trial] = .some(record)
    return record
  }
}
