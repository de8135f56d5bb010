import Foundation
import TextFiles
import Trials

/// 16 bytes over all content of a stored trial: detects damage that leaves the database's own structure intact, and
/// tells whether two stores agree on a trial, without comparing them number by number.
///
/// The first 16 bytes of SHA-256 over the parts, each with its length, numbers by their bits: what a trial has of its own,
/// then its steps, its training, its layers, its tests at other lengths and by step, and other models of its text. Rows without one of the later parts
/// keep the checksums that they had before there was such a part.
struct RowChecksum {
  private var hash = SHA256()

  init(id: String, parameters: String, _ record: TrialRecord) {
    add(id)
    add(parameters)
    add(record.status.rawValue)
    add(record.message)
    add(record.divergedAt)
    add(record.decayRateLags)
    for column in RunStore.numberColumns {
      let value = record[keyPath: column.number]
      // Rows of older stores have nothing there, and keep their checksums.
      if !column.isOriginal, value == nil { continue }
      // SQLite keeps neither NaN nor the sign of zero.
      add(value.flatMap { $0.isNaN ? nil : Int(bitPattern: UInt(($0 == 0 ? 0 : $0).bitPattern)) })
    }
  }

  mutating func add(_ text: String?) {
    add(text?.utf8.count)
    if let text { hash.update(Array(text.utf8)) }
  }

  mutating func add(_ integer: Int?) {
    withUnsafeBytes(of: UInt64(bitPattern: Int64(integer ?? .min)).littleEndian) { hash.update($0) }
  }

  /// Bytes that come in pieces, whose number was added before.
  mutating func update(_ bytes: some ContiguousBytes) { hash.update(bytes) }

  /// Of everything that was added.
  consuming func value() -> Data { Data(hash.finalize().bytes.prefix(16)) }
}

extension RowChecksum {
  /// Of a trial that is to be stored.
  init(_ trial: StoredTrial, _ layers: StoredLayers?) {
    let record = trial.record
    self.init(id: trial.id, parameters: trial.parameters, record)
    add(record.steps.map { $0.rows - 1 })
    add(record.steps?.columnList)
    add(record.steps?.byteCount)
    if let steps = record.steps { add(steps) }
    if let training = record.training {
      add(record.divergedKind?.rawValue)
      for table in [training.rows, training.profiles] as [any StoredColumns] {
        add(table.rows)
        add(table.columnList)
        add(table.byteCount)
        add(table)
      }
    }
    if let layers {
      add(layers.places)
      add(0)
      add(layers.results.columnList)
      add(layers.results.byteCount)
      add(layers.results)
      add(layers.stepCounts)
      add(0)
      add(layers.steps.columnList)
      add(layers.steps.byteCount)
      add(layers.steps)
    }
    for tests in [record.lengthTests, record.stepTests, record.baselines] as [any StoredColumns]
    where tests.rows > 0 {
      add(tests.rows)
      add(tests.columnList)
      add(tests)
    }
  }

  private mutating func add(_ columns: any StoredColumns) { columns.forEachPiece { hash.update($0) } }
}
