import GRDB
import TextFiles

/// What is whole in a store, whatever else of it is damaged: every trial whose own bytes are as they were written,
/// which its checksum proves.
///
/// SQLite gives up a file whose header is damaged, and a part of the tree of pages whose root is. Here rows are looked
/// for in the bytes themselves, in the file and in its write-ahead log.
package struct SalvagedStore {
  private let search: SalvageSearch
  private let pages: [SalvagePages]
  private let files: [SalvageFile]
  /// The version that the header states; nil where there is no header.
  private let statedVersion: Int?

  /// - Throws: ``RunError``.
  package init(_ path: String) throws(RunError) {
    guard let file = try SalvageFile(path: path) else {
      throw .notARun(path: path, problem: "there is no such file")
    }
    let log = try SalvageFile(path: path + "-wal")
    files = [file] + (log.map { [$0] } ?? [])
    search = SalvageSearch(files)
    let header = file.bytes(at: 0, count: 100)
    statedVersion = header.count == 100 ? SalvagePages.bigEndian(header[60..<64]) : nil
    pages = Self.layouts(header, log: log?.bytes(at: 0, count: 32) ?? []).map {
      SalvagePages($0, file: file, log: log)
    }
  }

  /// How pages may be laid out: as SQLite does by default, and as the headers state it.
  private static func layouts(_ header: [UInt8], log: [UInt8]) -> [SalvagePages.Layout] {
    var sizes = [4096]
    if header.count == 100 {
      let stated = SalvagePages.bigEndian(header[16..<18])
      sizes.append(stated == 1 ? 65536 : stated)
    }
    if log.count == 32 { sizes.append(SalvagePages.bigEndian(log[8..<12])) }
    let reserved = header.count == 100 ? [0, Int(header[20])] : [0]
    var layouts: [SalvagePages.Layout] = []
    for size in sizes {
      for unused in reserved {
        guard let layout = SalvagePages.Layout(size: size, reserved: unused), !layouts.contains(layout) else {
          continue
        }
        layouts.append(layout)
      }
    }
    return layouts
  }

  /// Bytes that the disk did not give.
  package var unreadable: Int { files.reduce(0) { $0 + $1.unreadable } }

  /// The version of a newer program that wrote the store; nil otherwise, also where its number is damaged: a newer
  /// version has columns that are not known here.
  var newerVersion: Int? {
    guard let statedVersion, statedVersion > RunStore.schemaVersion,
      let columns = SalvagedTable.columns(of: "trials", in: files),
      !Set(columns).isSubset(of: RunStore.columnNames)
    else { return nil }
    return statedVersion
  }

  /// The sessions by number.
  package func sessions() -> [Int64: StoreSession] {
    var found: [Int64: StoreSession] = [:]
    for (number, find) in search.sessions {
      for row in rows(find) {
        let texts = find.header.values(of: row).dropFirst().map { String.fromDatabaseValue($0) }
        guard let session = StoreSession(texts) else { continue }
        found[number] = session
        break
      }
    }
    return found
  }

  /// Gives every whole trial; of one that lies in several places, each.
  package func forEachTrial(_ body: (StoredTrial) throws -> Void) rethrows {
    for find in search.trials {
      if let trial = trial(find) { try body(trial) }
    }
  }

  private func trial(_ find: SalvageSearch.Find) -> StoredTrial? {
    for row in rows(find) {
      let values = find.header.values(of: row)
      for columns in RunStore.layouts where values.count <= columns.count {
        if let trial = try? TrialRow(columns: columns, values: values).trial() { return trial }
      }
    }
    return nil
  }

  /// The bytes that a row may have, by the layouts of pages and with and without the log.
  private func rows(_ find: SalvageSearch.Find) -> [[UInt8]] {
    var rows: [[UInt8]] = []
    for pages in pages {
      for usesLog in files.count > 1 ? [true, false] : [false] {
        guard
          let row = pages.row(of: find.header.size, at: find.offset, in: find.file, usesLog: usesLog),
          row != rows.last
        else { continue }
        rows.append(row)
      }
    }
    return rows
  }
}
