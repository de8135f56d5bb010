import GradientFlow

/// `training.csv`: a row for some updates in turn of each training, columns in fixed order; new ones go to the right.
public enum TrainingCSV {
  /// The column names.
  public static let header =
    (TrainingIdentity.names + TrainingColumn.allCases.map(\.rawValue)).joined(separator: ",")

  /// Writes the rows of a training.
  static func write(
    _ course: TrainingRecord, of trial: TrialParameters, to write: (String) throws -> Void
  ) rethrows {
    let head = TrainingIdentity.fields(trial)
    let columns = TrainingColumn.allCases.map { course.rows.columns[$0] }
    var text = ""
    for row in 0..<course.rows.rows {
      text += head
      for column in columns { CSVField.append(column?[row], to: &text) }
      text += "\n"
    }
    try write(text)
  }
}

/// `training_timesteps.csv`: a row for a timestep of an update that was looked at.
public enum TrainingTimestepsCSV {
  private static let columns = ProfileColumn.allCases.filter { $0 != .iteration && $0 != .t }

  /// The column names.
  public static let header =
    (TrainingIdentity.names + ["iteration", "t", "lag"] + columns.map(\.rawValue)).joined(separator: ",")

  /// Writes the rows of a training.
  static func write(
    _ course: TrainingRecord, of trial: TrialParameters, to write: (String) throws -> Void
  ) rethrows {
    let head = TrainingIdentity.fields(trial)
    let values = columns.map { course.profiles.columns[$0] }
    guard let iterations = course.profiles.columns[.iteration], let times = course.profiles.columns[.t] else {
      return
    }
    // Rows of an update end with its T.
    var last = [Int](repeating: 0, count: times.count)
    var end = 0
    for row in times.indices.reversed() {
      if row == times.count - 1 || times[row + 1] == 0 { end = Int(times[row]) }
      last[row] = end
    }
    var text = ""
    for row in times.indices {
      text += head
      let t = Int(times[row])
      text += ",\(Int(iterations[row])),\(t),\(last[row] - t)"
      for column in values { CSVField.append(column?[row], to: &text) }
      text += "\n"
      if text.utf8.count > 60_000 {
        try write(text)
        text.removeAll(keepingCapacity: true)
      }
    }
    try write(text)
  }
}

/// The parameters that stand in each row of both files.
private enum TrainingIdentity {
  static let names = [
    "trial", "task", "cell", "hidden_size", "spectral_radius", "sequence_length", "forget_bias", "clip",
    "optimizer", "learning_rate", "truncation", "seed",
  ]

  static func fields(_ p: TrialParameters) -> String {
    [
      p.id, p.task.kind.rawValue, p.cell.rawValue, "\(p.hiddenSize)", CSVField.number(p.spectralRadius),
      "\(p.sequenceLength)", CSVField.number(p.forgetBias), CSVField.text(p.rule.label),
      p.training?.optimiser.label ?? "", CSVField.number(p.training?.learningRate),
      p.training?.truncation?.label ?? "", "\(p.seed)",
    ].joined(separator: ",")
  }
}
