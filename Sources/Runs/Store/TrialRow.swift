import Foundation
import GRDB
import GradientFlow
import Specification
import TextFiles
import Trials

/// A row of the table of trials, read by SQLite or from the bytes of a file.
struct TrialRow {
  private let row: Row
  /// Of the store, for messages.
  private let path: String

  package init(_ row: Row, of path: String) {
    self.row = row
    self.path = path
  }

  /// A row from its values; columns added after it was written are empty.
  package init(columns: [String], values: [DatabaseValue]) {
    var named: [String: (any DatabaseValueConvertible)?] = [:]
    for (column, value) in zip(columns, values) { named[column] = .some(value) }
    row = Row(named)
    path = ""
  }

  /// The complete trial, verified against its checksum.
  ///
  /// - Throws: ``RunError/damaged(path:problem:)``, or an error of GRDB's for values of other types.
  package func trial() throws -> StoredTrial {
    var record = try record()
    let id = try row.decode(String.self, forColumn: "id")
    let parameters = try row.decode(String.self, forColumn: "parameters")
    var (columns, blob): (String?, Data?) = (nil, nil)
    if let steps = try row.decode(Int?.self, forColumn: "step_count") {
      let list = try row.decode(String.self, forColumn: "step_columns")
      let values = try row.decode(Data.self, forColumn: "step_values")
      guard (0...values.count).contains(steps),
        let table = StepTable(rows: steps + 1, columnList: list, blob: values)
      else {
        throw damaged("the steps of trial \(id) are inconsistent")
      }
      record.steps = table
      (columns, blob) = (list, values)
    }
    record.training = try training(of: id)
    record.lengthTests = try lengthTests(of: id)
    let layers = try layers()
    if let layers {
      guard let found = layers.records(main: record.steps) else {
        throw damaged("the layers of trial \(id) are inconsistent")
      }
      record.layers = found
    }
    let isTimed = row.hasColumn("checksum")
    let trial = StoredTrial(
      id: id, parameters: parameters, record: record,
      seconds: isTimed ? try row.decode(Double?.self, forColumn: "seconds") : nil,
      session: isTimed ? try row.decode(Int64?.self, forColumn: "session") : nil)
    guard let checksum = isTimed ? try row.decode(Data?.self, forColumn: "checksum") : nil else {
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
      let name = try row.decode(String.self, forColumn: "status")
      guard let status = TrialStatus(rawValue: name) else {
        throw damaged("unknown status \(Excerpt.quoted(name))")
      }
      return status
    }
  }

  /// Its results, without steps and training course.
  private func record() throws -> TrialRecord {
    var record = TrialRecord(status: try status)
    record.message = try row.decode(String?.self, forColumn: "message")
    record.divergedAt = try row.decode(Int?.self, forColumn: "diverged_at")
    record.decayRateLags = try row.decode(Int?.self, forColumn: "decay_rate_lags")
    if row.hasColumn("diverged_kind"), let kind = try row.decode(String?.self, forColumn: "diverged_kind") {
      guard let known = TrainingEvent.Kind(rawValue: kind) else {
        throw damaged("unknown divergence \(Excerpt.quoted(kind))")
      }
      record.divergedKind = known
    }
    for column in RunStore.numberColumns {
      if row.hasColumn(column.name) {
        record[keyPath: column.number] = try row.decode(Double?.self, forColumn: column.name)
      }
    }
    return record
  }

  /// The course of a training run; nil if the trial has none.
  private func training(of id: String) throws -> TrainingRecord? {
    guard row.hasColumn("training_rows"), let rows = try row.decode(Int?.self, forColumn: "training_rows")
    else { return nil }
    func table<Source>(_ rows: Int, _ kind: String) throws -> ColumnTable<Source>? {
      ColumnTable(
        rows: rows, columnList: try row.decode(String.self, forColumn: kind + "_columns"),
        blob: try row.decode(Data.self, forColumn: kind + "_values"))
    }
    guard let course: ColumnTable<TrainingRow> = try table(rows, "training"),
      let profiles: ColumnTable<TrainingProfile> = try table(
        try row.decode(Int.self, forColumn: "profile_rows"), "profile")
    else { throw damaged("the training data of trial \(id) are inconsistent") }
    return TrainingRecord(rows: course, profiles: profiles)
  }

  /// The layers of its network; nil where there is one, read forward.
  private func layers() throws -> StoredLayers? {
    guard row.hasColumn("layer_places"),
      let places = try row.decode(String?.self, forColumn: "layer_places")
    else { return nil }
    return StoredLayers(
      places: places, columns: try row.decode(String.self, forColumn: "layer_columns"),
      values: try row.decode(Data.self, forColumn: "layer_values"),
      stepCounts: try row.decode(String.self, forColumn: "layer_step_counts"),
      stepColumns: try row.decode(String.self, forColumn: "layer_step_columns"),
      stepValues: try row.decode(Data.self, forColumn: "layer_step_values"))
  }

  /// The tests at other lengths; no rows where there are none.
  private func lengthTests(of id: String) throws -> ColumnTable<LengthTest> {
    guard row.hasColumn("test_rows"), let rows = try row.decode(Int?.self, forColumn: "test_rows") else {
      return ColumnTable()
    }
    guard
      let table = ColumnTable<LengthTest>(
        rows: rows, columnList: try row.decode(String.self, forColumn: "test_columns"),
        blob: try row.decode(Data.self, forColumn: "test_values"))
    else { throw damaged("the tests of trial \(id) at other lengths are inconsistent") }
    return table
  }

  private func damaged(_ problem: String) -> RunError { .damaged(path: path, problem: problem) }
}
