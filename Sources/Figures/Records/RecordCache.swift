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
  private let profilesLayers: Bool
  private var records: [TrialParameters: TrialRecord?] = [:]
  /// The layers whose steps are kept.
  private var places: [TrialParameters: Set<LayerPlace>] = [:]
  private var sizes: [TrialParameters: Int] = [:]
  private var valuesLeft: Int

  /// - Parameters:
  ///   - columns: the per-step columns that will be asked for.
  ///   - profiles: likewise of the profiles of a training.
  ///   - profilesLayers: whether profiles of all layers will be, or of those alone that trials are spoken of by.
  ///   - capacity: bytes to keep.
  /// - Throws: ``RunError``.
  init(
    _ run: Run, columns: Set<StepColumn>, profiles: Set<ProfileColumn> = [], profilesLayers: Bool = false,
    capacity: Int = 1 << 29
  ) throws {
    valuesLeft = capacity / 8
    self.run = run
    self.columns = columns
    self.profiles = profiles
    self.profilesLayers = profilesLayers
    progress = try run.progress()
  }

  /// A trial without its steps; nil if it has not been run or failed.
  func record(_ trial: TrialParameters) throws -> TrialRecord? {
    try record(trial, withSteps: false, isWhole: { _ in true }) { _ in 0 }
  }

  /// A trial with the steps of some of its layers, where it has them; nil if it has not been run or failed.
  ///
  /// - Parameter others: layers that will be asked for too.
  func recordWithSteps(
    _ trial: TrialParameters, at wanted: Set<LayerPlace>, and others: Set<LayerPlace> = []
  ) throws -> TrialRecord? {
    let known = places[trial] ?? []
    return try record(trial, isWhole: { $0.hasSteps && wanted.isSubset(of: known) }) { record in
      let kept = wanted.union(known).union(others)
      record.reduceSteps(to: columns, at: kept, main: trial.mainPlace)
      (record.training, record.stepTests) = (nil, ColumnTable())
      places[trial] = kept
      return record.stepCount
    }
  }

  /// A trial with the course of its training, without its steps; nil if it has not been run or failed.
  func recordWithTraining(_ trial: TrialParameters) throws -> TrialRecord? {
    try record(trial, isWhole: { $0.training != nil }) { record in
      record.reduceSteps(to: [], at: [], main: trial.mainPlace)
      places[trial] = []
      guard let course = record.training else { return 0 }
      let rows = course.rows
      let all = profilesLayers ? course : course.only([trial.mainPlace])
      let kept = all.profiles.only(profiles)
      record.training = TrainingRecord(rows: rows, profiles: kept)
      let steps = record.stepTests
      return kept.columns.count * kept.rows + rows.columns.count * rows.rows
        + steps.columns.count * steps.rows
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
    guard var record = try run.record(trial, withSteps: withSteps, columns: columns),
      record.status != .failed
    else {
      records[trial] = .some(nil)
      return nil
    }
    let size = reduce(&record)
    let room = valuesLeft + (sizes[trial] ?? 0)
    guard size <= room else {
      (records[trial], sizes[trial], places[trial]) = (nil, nil, nil)
      valuesLeft = room
      return record
    }
    (valuesLeft, sizes[trial]) = (room - size, size)
    records[trial] = .some(record)
    return record
  }
}

extension TrialRecord {
  /// Whether it has steps of some layer.
  fileprivate var hasSteps: Bool { steps != nil || layers.contains { $0.steps != nil } }

  /// Values of all its steps. The trial's own are those of one of its layers.
  fileprivate var stepCount: Int {
    let tables = layers.isEmpty ? [steps].compactMap { $0 } : layers.compactMap(\.steps)
    return tables.reduce(0) { $0 + $1.columns.count * $1.rows }
  }

  /// Leaves some columns of the steps of some layers.
  fileprivate mutating func reduceSteps(
    to columns: Set<StepColumn>, at places: Set<LayerPlace>, main: LayerPlace
  ) {
    for k in layers.indices {
      layers[k].steps = places.contains(layers[k].place) ? layers[k].steps?.only(measured: columns) : nil
    }
    steps = places.contains(main) ? steps?.only(measured: columns) : nil
  }
}
