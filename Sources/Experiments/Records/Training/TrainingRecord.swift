import GradientFlow

/// The course of one training.
public struct TrainingRecord: Sendable, Equatable {
  /// A row for some updates in turn.
  public var rows: ColumnTable<TrainingColumn>
  /// A row for a timestep of an update that was looked at.
  public var profiles: ColumnTable<ProfileColumn>

  public init(
    rows: ColumnTable<TrainingColumn> = .init(rows: 0), profiles: ColumnTable<ProfileColumn> = .init(rows: 0)
  ) {
    self.rows = rows
    self.profiles = profiles
  }

  /// Bytes it holds in memory.
  var size: Int { (rows.rows * rows.columns.count + profiles.rows * profiles.columns.count) * 8 }
}
