import GradientFlow
import Specification
import TextFiles

/// `training.csv`: one row per few updates of each training run, columns in fixed order; new ones go to the right.
public enum TrainingCSV {
  /// The column names.
  ///
  /// - Parameters:
  ///   - axes: those that came later and have a column in the run.
  ///   - hasNetworks: see ``SweepSpecification/hasNetworkColumns``.
  ///   - hasLanguage: whether language models are trained, which have the columns of networks, too.
  public static func header(_ axes: [Axis] = [], hasNetworks: Bool = false, hasLanguage: Bool = false)
    -> String
  {
    TrainingParameterFields.header(columns(hasNetworks, hasLanguage).map(\.name), axes)
  }

  private static func columns(_ hasNetworks: Bool, _ hasLanguage: Bool) -> [TrainingColumn] {
    if hasLanguage { return TrainingRow.columns }
    return TrainingRow.columnsOfAll + (hasNetworks ? TrainingRow.networkColumns : [])
  }

  /// Writes the rows of a training.
  ///
  /// - Parameters:
  ///   - axes: those that came later and have a column in the run.
  ///   - hasNetworks: see ``SweepSpecification/hasNetworkColumns``.
  ///   - hasLanguage: whether language models are trained, which have the columns of networks, too.
  package static func write(
    _ course: TrainingRecord, of trial: TrialParameters, axes: [Axis], hasNetworks: Bool,
    hasLanguage: Bool, to write: (String) throws -> Void
  ) rethrows {
    let parameters = TrainingParameterFields(trial, axes)
    let columns = columns(hasNetworks, hasLanguage).map { course.rows.columns[$0] }
    try writeInPieces(0..<course.rows.rows, to: write) { row, text in
      text += parameters.head
      for column in columns { CSVField.append(column?[row], to: &text) }
      text += parameters.end
    }
  }
}

/// `training_timesteps.csv`: one row per layer, direction and timestep of an update that was looked at.
public enum TrainingTimestepsCSV {
  private static let columns = TrainingProfile.columns.filter {
    $0 != .iteration && $0 != .t && !TrainingProfile.placeColumns.contains($0)
      && !TrainingProfile.lengthColumns.contains($0)
  }

  /// The column names.
  ///
  /// - Parameters:
  ///   - axes: those that came later and have a column in the run.
  ///   - hasNetworks: see ``SweepSpecification/hasNetworkColumns``.
  ///   - hasLengths: see ``SweepSpecification/hasLengthColumns``.
  public static func header(_ axes: [Axis] = [], hasNetworks: Bool = false, hasLengths: Bool = false)
    -> String
  {
    let further =
      (hasNetworks ? TrainingProfile.placeColumns : []) + (hasLengths ? TrainingProfile.lengthColumns : [])
    return TrainingParameterFields.header(
      ["iteration", "t", "lag"] + columns.map(\.name) + further.map(\.name), axes)
  }

  /// Writes the rows of a training.
  ///
  /// - Parameters:
  ///   - axes: those that came later and have a column in the run.
  ///   - hasNetworks: see ``SweepSpecification/hasNetworkColumns``.
  ///   - hasLengths: see ``SweepSpecification/hasLengthColumns``.
  package static func write(
    _ course: TrainingRecord, of trial: TrialParameters, axes: [Axis], hasNetworks: Bool, hasLengths: Bool,
    to write: (String) throws -> Void
  ) rethrows {
    let parameters = TrainingParameterFields(trial, axes)
    let values = columns.map { course.profiles.columns[$0] }
    let lengths = hasLengths ? TrainingProfile.lengthColumns.map { course.profiles.columns[$0] } : []
    let rows = course.profileRows.lazy.flatMap { profile in profile.rows.lazy.map { (profile, $0) } }
    try writeInPieces(rows, to: write) { found, text in
      let (profile, row) = found
      let t = row - profile.rows.lowerBound
      text += parameters.head
      text += ",\(profile.iteration),\(t),\(profile.steps - t)"
      for column in values { CSVField.append(column?[row], to: &text) }
      if hasNetworks {
        let place = profile.place
        text += ",\(place.layer),\(place.direction.rawValue),\(place.part?.rawValue ?? "")"
      }
      for column in lengths { CSVField.append(column?[row], to: &text) }
      text += parameters.end
    }
  }
}

extension SweepSpecification {
  /// Whether tables of trainings tell layers and directions apart, and say of tests what only some tasks and networks
  /// have: in runs that use an axis of networks, or whose task reads what was said. All others stay as they were.
  package var hasNetworkColumns: Bool {
    laterAxes.contains { $0.added == Axis.network } || task.identity.topology.feedsBack
  }

  /// Whether profiles say over how many sequences norms are: where some trainings have sequences of different lengths.
  package var hasLengthColumns: Bool {
    values(of: .shortestLength, \.shortestLength).contains { $0 != nil }
  }
}

/// The parameters in each row of both files: what it begins with and what it ends with.
private struct TrainingParameterFields {
  let head, end: String

  private static let axes: [Axis] = [
    .cell, .hiddenSize, .spectralRadius, .sequenceLength, .forgetBias, .clip, .optimiser, .learningRate,
    .truncation, .seed,
  ]

  /// The names of a file's columns, with those of the parameters around them.
  static func header(_ columns: [String], _ later: [Axis]) -> String {
    (["trial", "task"] + axes.map(\.column) + columns + later.map(\.column)).joined(separator: ",")
  }

  init(_ trial: TrialParameters, _ later: [Axis]) {
    head = ([trial.id, trial.task.kind.name] + Self.axes.map { $0.field(trial) }).joined(separator: ",")
    end = later.map { "," + $0.field(trial) }.joined() + "\n"
  }
}
