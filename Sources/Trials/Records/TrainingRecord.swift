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

/// Where the gradients of one update in one layer and direction are in a table of profiles.
public struct ProfileRows: Sendable, Equatable {
  /// The update.
  public let iteration: Int
  /// The layer and direction.
  public let place: LayerPlace
  /// t = 0…T.
  public let rows: Range<Int>
  /// T.
  public var steps: Int { rows.count - 1 }
}

extension TrainingRecord {
  /// All profiles, in the order of the updates, those of one update in that of the network's places: each begins where t
  /// is 0. None where the table has no times.
  public var profileRows: [ProfileRows] {
    guard let iterations = profiles.columns[.iteration], let times = profiles.columns[.t] else { return [] }
    let starts = times.indices.filter { times[$0] == 0 }
    return zip(starts, starts.dropFirst() + [times.count]).map { start, end in
      ProfileRows(iteration: Int(iterations[start]), place: place(of: start), rows: start..<end)
    }
  }

  /// The profiles of the last layer, read forward, by update: the only one of most networks.
  public var profilesByUpdate: [ProfileRows] {
    let all = profileRows
    guard let last = all.last(where: { $0.place.direction == .forward })?.place else { return [] }
    return all.filter { $0.place == last }
  }

  /// log10 ‖∂L/∂h_t‖ − log10 ‖∂L/∂h_T‖ of a profile, both over the sequences that have step t; nil where the table does not
  /// have norms, or the latter is zero.
  package func log10Ratio(_ profile: ProfileRows, at t: Int) -> Double? {
    guard profile.steps > 0, let last = profile.rows.last else { return nil }
    let row = profile.rows.lowerBound + t
    // Without lengths, all sequences have it.
    if profiles.columns[.ratioToLast] != nil { return profiles[.ratioToLast, row] }
    guard let hidden = profiles.columns[.hidden] else { return nil }
    let ratio = hidden[row] - hidden[last]
    return ratio.isNaN ? nil : ratio
  }

  /// The layers and directions that there are profiles of, in the order of the network's.
  public var profiledPlaces: [LayerPlace] {
    let all = profileRows
    return all.prefix { $0.iteration == all[0].iteration }.map(\.place)
  }

  private func place(of row: Int) -> LayerPlace {
    LayerPlace(
      part: profiles[.part, row].map { $0 == 0 ? .encoder : .decoder },
      layer: profiles[.layer, row].map { Int($0) } ?? 0,
      direction: profiles[.direction, row] == 1 ? .reverse : .forward)
  }

  /// The course with the profiles of some layers alone.
  public func only(_ places: Set<LayerPlace>) -> TrainingRecord {
    let all = profileRows
    guard all.contains(where: { !places.contains($0.place) }) else { return self }
    return TrainingRecord(
      rows: rows, profiles: profiles.only(rows: all.filter { places.contains($0.place) }.map(\.rows)))
  }
}
