import Experiments
import GradientFlow

/// The stored trials of a run, each read once for all figures of a set as long as they fit into a number of bytes.
///
/// Of a trial's steps and profiles only the columns that some figure reads are kept.
public final class RunRecords {
  /// The run they are from.
  public let run: Run
  /// How far the run was when reading began.
  public let progress: RunProgress
  private let columns: Set<StepColumn>
  private let profiles: Set<ProfileColumn>
  private var records: [TrialParameters: TrialRecord?] = [:]
  private var valuesLeft: Int

  /// - Parameters:
  ///   - columns: the per-step columns that will be asked for.
  ///   - profiles: likewise of the profiles of a training.
  ///   - capacity: bytes to keep.
  /// - Throws: ``RunError``.
  public init(
    _ run: Run, columns: Set<StepColumn>, profiles: Set<ProfileColumn> = [], capacity: Int = 1 << 29
  ) throws {
    valuesLeft = capacity / 8
    self.run = run
    self.columns = columns
    self.profiles = profiles
    progress = try run.progress()
  }

  /// A trial without its steps; nil if it has not been run or failed.
  public func record(_ trial: TrialParameters) throws -> TrialRecord? {
    if let known = records[trial] { return known }
    let record = try run.record(trial, withSteps: false).flatMap { $0.status == .failed ? nil : $0 }
    records[trial] = .some(record)
    return record
  }

  /// A trial with its steps, where it has them; nil if it has not been run or failed.
  public func recordWithSteps(_ trial: TrialParameters) throws -> TrialRecord? {
    if let known = records[trial], known == nil || known?.steps != nil { return known }
    guard var record = try run.record(trial), record.status != .failed else {
      records[trial] = .some(nil)
      return nil
    }
    if let steps = record.steps {
      let kept = steps.only(columns)
      record.steps = kept
      let size = kept.columns.count * kept.rows
      guard size <= valuesLeft else { return record }
      valuesLeft -= size
    }
    records[trial] = .some(record)
    return record
  }

  /// A trial with the course of its training, without its steps; nil if it has not been run or failed.
  public func recordWithTraining(_ trial: TrialParameters) throws -> TrialRecord? {
    if let known = records[trial], known == nil || known?.training != nil { return known }
    guard var record = try run.record(trial), record.status != .failed else {
      records[trial] = .some(nil)
      return nil
    }
    record.steps = nil
    guard let training = record.training else { return record }
    let kept = training.profiles.only(profiles)
    record.training = TrainingRecord(rows: training.rows, profiles: kept)
    let size = kept.columns.count * kept.rows + training.rows.columns.count * training.rows.rows
    guard size <= valuesLeft else { return record }
    valuesLeft -= size
    records[trial] = .some(record)
    return record
  }
}
