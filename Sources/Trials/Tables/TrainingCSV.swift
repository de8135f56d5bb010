import GradientFlow
import Specification
import TextFiles

/// `training.csv`: one row per few updates of each training run, columns in fixed order; new ones go to the right.
public enum TrainingCSV {
  /// The column names.
  ///
  /// - Parameter axes: those that came later and have a column in the run.
  public static func header(_ axes: [Axis] = []) -> String {
    (TrainingIdentity.names + TrainingRow.columns.map(\.name) + axes.map(\.column)).joined(separator: ",")
  }

  /// Writes the rows of a training.
  ///
  /// - Parameter axes: those that came later and have a column in the run.
  package static func write(
    _ course: TrainingRecord, of trial: TrialParameters, axes: [Axis],
    to write: (String) throws -> Void
  ) rethrows {
    let head = TrainingIdentity.fields(trial)
    let end = TrainingIdentity.end(trial, axes)
    let columns = TrainingRow.columns.map { course.rows.columns[$0] }
    var text = ""
    for row in 0..<course.rows.rows {
      text += head
      for column in columns { CSVField.append(column?[row], to: &text) }
      text += end
    }
    try write(text)
  }
}

/// `training_timesteps.csv`: one row per timestep of an update that was looked at.
public enum TrainingTimestepsCSV {
  private static let columns = TrainingProfile.columns.filter { $0 != .iteration && $0 != .t }

  /// The column names.
  ///
  /// - Parameter axes: those that came later and have a column in the run.
  public static func header(_ axes: [Axis] = []) -> String {
    let names = ["iteration", "t", "lag"] + columns.map(\.name) + axes.map(\.column)
    return (TrainingIdentity.names + names).joined(separator: ",")
  }

  /// Writes the rows of a training.
  ///
  /// - Parameter axes: those that came later and have a column in the run.
  package static func write(
    _ course: TrainingRecord, of trial: TrialParameters, axes: [Axis],
    to write: (String) throws -> Void
  ) rethrows {
    let head = TrainingIdentity.fields(trial)
    let end = TrainingIdentity.end(trial, axes)
    let values = columns.map { course.profiles.columns[$0] }
    var text = ""
    for profile in course.profilesByUpdate {
      for (t, row) in profile.rows.enumerated() {
        text += head
        text += ",\(profile.iteration),\(t),\(profile.steps - t)"
        for column in values { CSVField.append(column?[row], to: &text) }
        text += end
        if text.utf8.count > 60_000 {
          try write(text)
          text.removeAll(keepingCapacity: true)
        }
      }
    }
    try write(text)
  }
}

/// The parameters in each row of both files.
private enum TrainingIdentity {
  private static let axes: [Axis] = [
    .cell, .hiddenSize, .spectralRadius, .sequenceLength, .forgetBias, .clip, .optimiser, .learningRate,
    .truncation, .seed,
  ]

  static let names = ["trial", "task"] + axes.map(\.column)

  static func fields(_ trial: TrialParameters) -> String {
    ([trial.id, trial.task.kind.name] + axes.map { $0.field(trial) }).joined(separator: ",")
  }

  /// What every row of a trial ends with.
  static func end(_ trial: TrialParameters, _ axes: [Axis]) -> String {
    axes.map { "," + $0.field(trial) }.joined() + "\n"
  }
}
