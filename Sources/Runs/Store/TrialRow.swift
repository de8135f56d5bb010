import Foundation
import GRDB
import GradientFlow
import Specification
import TextFiles
import Trials

/// A row of the table of trials, read by SQLite or from the bytes of a file.
struct TrialRow {
  private let row: Row
  /// Where the columns lie that it has: SQLite's way by name takes longer than all else about a small trial.
  private let positions: [String: Int]
  /// Of the store, for messages.
  private let path: String
  /// Where its long values are; nil where all are in the row.
  private let database: Database?

  /// - Parameters:
  ///   - positions: nil: by the names of the row.
  ///   - database: where the values are for which the row has NULL, since they are long.
  package init(_ row: Row, of path: String, positions: [String: Int]? = nil, in database: Database? = nil) {
    (self.row, self.path, self.database) = (row, path, database)
    self.positions = positions ?? Self.positions(of: row.columnNames)
  }

  /// Where columns lie in rows that have them in this order.
  static func positions(of names: some Sequence<String>) -> [String: Int] {
    Dictionary(zip(names, 0...), uniquingKeysWith: { first, _ in first })
  }

  /// A row from its values; columns added after it was written are empty.
  package init(columns: [String], values: [DatabaseValue]) {
    var named: [String: (any DatabaseValueConvertible)?] = [:]
    for (column, value) in zip(columns, values) { named[column] = .some(value) }
    self.init(Row(named), of: "")
  }

  private func has(_ column: String) -> Bool { positions[column] != nil }

  private func decode<Value: DatabaseValueConvertible>(
    _ type: Value.Type, _ column: String
  ) throws -> Value {
    guard let position = positions[column] else { return try row.decode(type, forColumn: column) }
    return try row.decode(type, atIndex: position)
  }

  private func decode<Value: DatabaseValueConvertible>(
    _ type: Value?.Type, _ column: String
  ) throws -> Value? {
    guard let position = positions[column] else { return try row.decode(type, forColumn: column) }
    return try row.decode(type, atIndex: position)
  }

  /// The complete trial, verified against its checksum.
  ///
  /// - Parameter columns: those of its steps that are kept; nil: all.
  /// - Throws: ``RunError/damaged(path:problem:)``, or an error of GRDB's for values of other types.
  package func trial(_ columns: Set<StepColumn>? = nil) throws -> StoredTrial {
    var record = try record()
    let id = try decode(String.self, "id")
    let parameters = try decode(String.self, "parameters")
    // The parts come in the order in which the checksum takes them.
    var checksum = RowChecksum(id: id, parameters: parameters, record)
    record.steps = try steps(of: id, columns, &checksum)
    record.training = try training(of: id, record, &checksum)
    if let layers = try layers(of: id, columns, main: record.steps, &checksum) { record.layers = layers }
    record.lengthTests = try tests("test", of: id, are: "at other lengths", &checksum)
    record.stepTests = try tests("step_test", of: id, are: "by step", &checksum)
    record.baselines = try tests("baseline", of: id, are: "of other models", &checksum)
    let isTimed = has("checksum")
    let trial = StoredTrial(
      id: id, parameters: parameters, record: record,
      seconds: isTimed ? try decode(Double?.self, "seconds") : nil,
      session: isTimed ? try decode(Int64?.self, "session") : nil)
    guard let stored = isTimed ? try decode(Data?.self, "checksum") : nil else {
      // One of the first version, which had none: its id is that of its parameters.
      guard trial.seconds == nil, trial.session == nil, TrialParameters.id(ofJSON: parameters) == id else {
        throw damaged("trial \(id) is not what was written (its checksum is missing)")
      }
      return trial
    }
    guard stored == checksum.value() else {
      throw damaged("trial \(id) is not what was written (its checksum differs)")
    }
    return trial
  }

  /// The bytes of a column.
  private func bytes(_ column: String) throws -> StoredBytes {
    if let data = try decode(Data?.self, column) { return .inMemory(data) }
    guard let database else { return .inMemory(try decode(Data.self, column)) }
    return .inFile(
      try LongValue(column, ofRow: try decode(Int64.self, "rowid"), in: database))
  }

  /// A table with the checksum of its bytes, which are in two columns; nil if they do not fit together.
  private func table<Source: ColumnSource>(
    rows: Int, _ list: String, _ bytes: StoredBytes, keeping kept: Set<ColumnTable<Source>.Column>? = nil,
    _ checksum: inout RowChecksum
  ) throws -> ColumnTable<Source>? {
    try ColumnTable(rows: rows, columnList: list, byteCount: bytes.count, keeping: kept) { offset, buffer in
      try bytes.copy(from: offset, to: buffer)
      checksum.update(UnsafeRawBufferPointer(buffer))
    }
  }

  private func steps(
    of id: String, _ columns: Set<StepColumn>?, _ checksum: inout RowChecksum
  ) throws -> StepTable? {
    guard let steps = try decode(Int?.self, "step_count") else {
      for _ in 0..<3 { checksum.add(nil as Int?) }
      return nil
    }
    let list = try decode(String.self, "step_columns")
    let bytes = try bytes("step_values")
    checksum.add(steps)
    checksum.add(list)
    checksum.add(bytes.count)
    guard (0...bytes.count).contains(steps),
      let table: StepTable = try table(
        rows: steps + 1, list, bytes, keeping: columns?.union([.time]), &checksum)
    else { throw damaged("the steps of trial \(id) are inconsistent") }
    return table
  }

  package var status: TrialStatus {
    get throws {
      let name = try decode(String.self, "status")
      guard let status = TrialStatus(rawValue: name) else {
        throw damaged("unknown status \(Excerpt.quoted(name))")
      }
      return status
    }
  }

  /// Its results, without steps and training course.
  private func record() throws -> TrialRecord {
    var record = TrialRecord(status: try status)
    record.message = try decode(String?.self, "message")
    record.divergedAt = try decode(Int?.self, "diverged_at")
    record.decayRateLags = try decode(Int?.self, "decay_rate_lags")
    if has("diverged_kind"), let kind = try decode(String?.self, "diverged_kind") {
      guard let known = TrainingEvent.Kind(rawValue: kind) else {
        throw damaged("unknown divergence \(Excerpt.quoted(kind))")
      }
      record.divergedKind = known
    }
    for column in RunStore.numberColumns {
      if has(column.name) {
        record[keyPath: column.number] = try decode(Double?.self, column.name)
      }
    }
    return record
  }

  /// The course of a training run; nil if the trial has none.
  private func training(
    of id: String, _ record: TrialRecord, _ checksum: inout RowChecksum
  ) throws -> TrainingRecord? {
    guard has("training_rows"), let rows = try decode(Int?.self, "training_rows")
    else { return nil }
    checksum.add(record.divergedKind?.rawValue)
    func table<Source: ColumnSource>(_ rows: Int, _ kind: String) throws -> ColumnTable<Source>? {
      let list = try decode(String.self, kind + "_columns")
      let bytes = try bytes(kind + "_values")
      checksum.add(rows)
      checksum.add(list)
      checksum.add(bytes.count)
      return try self.table(rows: rows, list, bytes, &checksum)
    }
    guard let course: ColumnTable<TrainingRow> = try table(rows, "training"),
      let profiles: ColumnTable<TrainingProfile> = try table(
        try decode(Int.self, "profile_rows"), "profile")
    else { throw damaged("the training data of trial \(id) are inconsistent") }
    return TrainingRecord(rows: course, profiles: profiles)
  }

  /// The layers of its network; nil where there is one, read forward.
  ///
  /// - Parameter main: steps of the trial.
  private func layers(
    of id: String, _ columns: Set<StepColumn>?, main: StepTable?, _ checksum: inout RowChecksum
  ) throws -> [LayerRecord]? {
    guard has("layer_places"),
      let places = try decode(String?.self, "layer_places")
    else { return nil }
    let stepCounts = try decode(String.self, "layer_step_counts")
    let (list, values) = (
      try decode(String.self, "layer_columns"), try bytes("layer_values")
    )
    let (stepList, stepValues) = (
      try decode(String.self, "layer_step_columns"), try bytes("layer_step_values")
    )
    checksum.add(places)
    checksum.add(0)
    checksum.add(list)
    checksum.add(values.count)
    guard let counts = StoredLayers.counts(places: places, stepCounts: stepCounts),
      // Of a training whose loss left the range nothing is known of any layer, and there are no columns.
      let results: ColumnTable<LayerRecord> = list.isEmpty && values.count == 0
        ? ColumnTable(rows: counts.places.count)
        : try table(rows: counts.places.count, list, values, &checksum)
    else { throw damaged("the layers of trial \(id) are inconsistent") }
    checksum.add(stepCounts)
    checksum.add(0)
    checksum.add(stepList)
    checksum.add(stepValues.count)
    let tables = try StepTable.tables(
      of: counts.steps, columnList: stepList, byteCount: stepValues.count,
      keeping: columns?.union([.time])
    ) { offset, buffer in
      try stepValues.copy(from: offset, to: buffer)
      checksum.update(UnsafeRawBufferPointer(buffer))
    }
    guard let tables else { throw damaged("the layers of trial \(id) are inconsistent") }
    return StoredLayers.records(counts.places, results, steps: tables, main: main)
  }

  /// Tests of the trained network; no rows where there are none.
  private func tests<Source: ColumnSource>(
    _ kind: String, of id: String, are words: String, _ checksum: inout RowChecksum
  ) throws -> ColumnTable<Source> {
    guard has(kind + "_rows"), let rows = try decode(Int?.self, kind + "_rows")
    else { return ColumnTable(rows: 0) }
    let list = try decode(String.self, kind + "_columns")
    let bytes = try bytes(kind + "_values")
    checksum.add(rows)
    checksum.add(list)
    guard let table: ColumnTable<Source> = try table(rows: rows, list, bytes, &checksum) else {
      throw damaged("the tests of trial \(id) \(words) are inconsistent")
    }
    return table
  }

  private func damaged(_ problem: String) -> RunError { .damaged(path: path, problem: problem) }
}
