import GradientFlow

/// The course of one training run.
public struct TrainingRecord: Sendable, Equatable {
  /// One row per few updates.
  public var rows: ColumnTable<TrainingRow>
  /// One row per timestep of an update that was looked at.
  public var profiles: ColumnTable<TrainingProfile>

  public init(
    rows: ColumnTable<TrainingRow> = .init(rows: 0), profiles: ColumnTable<TrainingProfile> = .init(rows: 0)
  ) {
    self.rows = rows
    self.profiles = profiles
  }

  /// Bytes it holds in memory.
  package var size: Int { (rows.rows * rows.columns.count + profiles.rows * profiles.columns.count) * 8 }
}

/// Where the gradients of one update are in a table of profiles.
public struct ProfileRows: Sendable, Equatable {
  /// The update.
  public let iteration: Int
  /// t = 0…T.
  public let rows: Range<Int>
  /// T.
  public var steps: Int { rows.count - 1 }
}

extension TrainingRecord {
  /// The profiles in the order of the updates: each begins where t is 0. None where the table has no times.
  public var profilesByUpdate: [ProfileRows] {
    guard let iterations = profiles.columns[.iteration], let times = profiles.columns[.t] else { return [] }
    let starts = times.indices.filter { times[$0] == 0 }
    return zip(starts, starts.dropFirst() + [times.count]).map { start, end in
      ProfileRows(iteration: Int(iterations[start]), rows: start..<end)
    }
  }
}
