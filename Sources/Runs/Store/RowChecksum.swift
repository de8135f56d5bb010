import Foundation
import TextFiles
import Trials

/// 16 bytes over all content of a stored trial: detects damage that leaves the database's own structure intact, and
/// tells whether two stores agree on a trial, without comparing them number by number.
enum RowChecksum {
  /// The first 16 bytes of SHA-256 over the parts, each with its length, numbers by their bits.
  package static func of(
    id: String, parameters: String, record: TrialRecord, columnList: String?, blob: Data?,
    layers: StoredLayers?
  ) -> Data {
    var hash = SHA256()
    func add(_ text: String?) {
      add(integer: text?.utf8.count)
      if let text { hash.update(Array(text.utf8)) }
    }
    func add(integer value: Int?) {
      withUnsafeBytes(of: UInt64(bitPattern: Int64(value ?? .min)).littleEndian) {
        hash.update($0)
      }
    }
    add(id)
    add(parameters)
    add(record.status.rawValue)
    add(record.message)
    add(integer: record.divergedAt)
    add(integer: record.decayRateLags)
    for column in RunStore.numberColumns {
      let value = record[keyPath: column.number]
      // Rows of older stores have nothing there, and keep their checksums.
      if !column.isOriginal, value == nil { continue }
      // SQLite keeps neither NaN nor the sign of zero.
      add(integer: value.flatMap { $0.isNaN ? nil : Int(bitPattern: UInt(($0 == 0 ? 0 : $0).bitPattern)) })
    }
    add(integer: record.steps?.steps)
    add(columnList)
    add(integer: blob?.count)
    if let blob { hash.update(blob) }
    // Rows without training keep the checksums they had.
    if let training = record.training {
      add(record.divergedKind?.rawValue)
      for (rows, list, values) in [
        (training.rows.rows, training.rows.columnList, training.rows.blob),
        (training.profiles.rows, training.profiles.columnList, training.profiles.blob),
      ] {
        add(integer: rows)
        add(list)
        add(integer: values.count)
        hash.update(values)
      }
    }
    // Rows without layers of their own and without tests by step or at other lengths keep the checksums they had.
    if let layers {
      for (list, values) in [
        (layers.places, Data()), (layers.columns, layers.values), (layers.stepCounts, Data()),
        (layers.stepColumns, layers.stepValues),
      ] {
        add(list)
        add(integer: values.count)
        hash.update(values)
      }
    }
    if record.lengthTests.rows > 0 {
      add(integer: record.lengthTests.rows)
      add(record.lengthTests.columnList)
      hash.update(record.lengthTests.blob)
    }
    if record.stepTests.rows > 0 {
      add(integer: record.stepTests.rows)
      add(record.stepTests.columnList)
      hash.update(record.stepTests.blob)
    }
    return Data(hash.finalize().bytes.prefix(16))
  }
}
