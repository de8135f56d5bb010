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

  /// - Parameter positions: nil: by the names of the row.
  package init(_ row: Row, of path: String, positions: [String: Int]? = nil) {
    self.row = row
    self.path = path
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
  /// - Throws: ``RunError/damaged(path:problem:)``, or an error of GRDB's for values of other types.
  package func trial() throws -> StoredTrial {
    var record = try record()
    let id = try decode(String.self, "id")
    let parameters = try decode(String.self, "parameters")
    var (columns, blob): (String?, Data?) = (nil, nil)
    if let steps = try decode(Int?.self, "step_count") {
      let list = try decode(String.self, "step_columns")
      let values = try decode(Data.self, "step_values")
      guard (0...values.count).contains(steps),
        let table = StepTable(rows: steps + 1, columnList: list, blob: values)
      else {
        throw damaged("the steps of trial \(id) are inconsistent")
      }
      record.steps = table
      (columns, blob) = (list, values)
    }
    record.training = try training(of: id)
    record.lengthTests = try tests("test", of: id, are: "at other lengths")
    record.stepTests = try tests("step_test", of: id, are: "by step")
    let layers = try layers()
    if let layers {
      guard let found = layers.records(main: record.steps) else {
        throw damaged("the layers of trial \(id) are inconsistent")
      }
      record.layers = found
    }
    let isTimed = has("checksum")
    let trial = StoredTrial(
      id: id, parameters: parameters, record: record,
      seconds: isTimed ? try decode(Double?.self, "seconds") : nil,
      session: isTimed ? try decode(Int64?.self, "session") : nil)
    guard let checksum = isTimed ? try decode(Data?.self, "checksum") : nil else {
      // One of the first version, which had none: its id is that of its parameters.
      guard trial.seconds == nil, trial.session == nil, TrialParameters.id(ofJSON: parameters) == id else {
        throw damaged("trial \(id) is not what was written (its checksum is missing)")
      }
      return trial
    }
    guard
      checksum
        == RowChecksum.of(
          id: id, parameters: parameters, record: record, columnList: columns, blob: blob, layers: layers)
    else { throw damaged("trial \(id) is not what was written (its checksum differs)") }
    return trial
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
  private func training(of id: String) throws -> TrainingRecord? {
    guard has("training_rows"), let rows = try decode(Int?.self, "training_rows")
    else { return nil }
    func table<Source>(_ rows: Int, _ kind: String) throws -> ColumnTable<Source>? {
      ColumnTable(
        rows: rows, columnList: try decode(String.self, kind + "_columns"),
        blob: try decode(Data.self, kind + "_values"))
    }
    guard let course: ColumnTable<TrainingRow> = try table(rows, "training"),
      let profiles: ColumnTable<TrainingProfile> = try table(
        try decode(Int.self, "profile_rows"), "profile")
    else { throw damaged("the training data of trial \(id) are inconsistent") }
    return TrainingRecord(rows: course, profiles: profiles)
  }

  /// The layers of its network; nil where there is one, read forward.
  private func layers() throws -> StoredLayers? {
    guard has("layer_places"),
      let places = try decode(String?.self, "layer_places")
    else { return nil }
    return StoredLayers(
      places: places, columns: try decode(String.self, "layer_columns"),
      values: try decode(Data.self, "layer_values"),
      stepCounts: try decode(String.self, "layer_step_counts"),
      stepColumns: try decode(String.self, "layer_step_columns"),
      stepValues: try decode(Data.self, "layer_step_values"))
  }

  /// Tests of the trained network; no rows where there are none.
  private func tests<Source>(
    _ kind: String, of id: String, are words: String
  ) throws -> ColumnTable<Source> {
    guard has(kind + "_rows"), let rows = try decode(Int?.self, kind + "_rows")
    else { return ColumnTable(rows: 0) }
    guard
      let table = ColumnTable<Source>(
        rows: rows, columnList: try decode(String.self, kind + "_columns"),
        blob: try decode(Data.self, kind + "_values"))
    else { throw damaged("the tests of trial \(id) \(words) are inconsistent") }
    return table
  }

  private func damaged(_ problem: String) -> RunError { .damaged(path: path, problem: problem) }
}
