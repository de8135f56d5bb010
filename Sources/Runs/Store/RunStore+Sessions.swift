import Foundation
import GRDB
import Machine
import TextFiles

/// The trials of one process: program, machine and start time.
package struct StoreSession: Sendable, Equatable {
  package let provenance: Provenance
  let startedAt: String
  package let command: String

  /// Of this process.
  package static var current: StoreSession {
    StoreSession(
      provenance: .current, startedAt: Date().ISO8601Format(),
      command: CommandText.of(CommandLine.arguments))
  }
}

extension RunStore {
  /// Notes who writes from now on.
  ///
  /// - Returns: the session number stored with each of its trials.
  package func begin(_ session: StoreSession) throws -> Int64 {
    try write { db in
      let columns = StoreSession.columns
      try db.execute(
        sql: """
          INSERT INTO sessions (\(columns.joined(separator: ", ")))
          VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
          """, arguments: StatementArguments(session.texts))
      return db.lastInsertedRowID
    }
  }

  /// How many trials each program on each type of machine has computed, in descending order.
  func trialsByProvenance() throws -> [(provenance: Provenance, trials: Int)] {
    let sessions = try sessions()
    let counts: [(Int64?, Int)] = try read(whenEmpty: []) { db in
      guard try db.tableExists("sessions") else { return [] }
      return try Row.fetchAll(db, sql: "SELECT session, count(*) AS trials FROM trials GROUP BY session")
        .map {
          (try $0.decode(Int64?.self, forColumn: "session"), try $0.decode(Int.self, forColumn: "trials"))
        }
    }
    var result: [(provenance: Provenance, trials: Int)] = []
    for (number, trials) in counts {
      guard let provenance = number.flatMap({ sessions[$0] })?.provenance else { continue }
      if let known = result.firstIndex(where: { $0.provenance.computesLike(provenance) }) {
        result[known].trials += trials
      } else {
        result.append((provenance, trials))
      }
    }
    return result.sorted { $0.trials > $1.trials }
  }

  /// All sessions by number; none in a store of schema 1.
  package func sessions() throws -> [Int64: StoreSession] {
    try read(whenEmpty: [:]) { db in
      guard try db.tableExists("sessions") else { return [:] }
      var result: [Int64: StoreSession] = [:]
      let rows = try Row.fetchCursor(db, sql: "SELECT id AS rowid, * FROM sessions ORDER BY id")
      var last = Int64.min
      while let row = try rows.next() {
        last = try Self.increasing(row, after: last, path: path)
        let names = StoreSession.columns
        result[last] = try StoreSession(names.map { try row.decode(String?.self, forColumn: $0) })
      }
      return result
    }
  }
}

extension StoreSession {
  /// The columns of a session beside its number.
  package static let columns = [
    "started_at", "version", "source_revision", "kernels", "blas", "processor", "host", "command",
  ]

  /// The texts of its row.
  fileprivate var texts: [String?] {
    let p = provenance
    return [startedAt, p.version, p.sourceRevision, p.kernels, p.blas, p.processor, p.host, command]
  }

  /// From the texts of a row; nil if one that every session has is missing.
  package init?(_ texts: [String?]) {
    guard texts.count == Self.columns.count, let startedAt = texts[0], let version = texts[1],
      let kernels = texts[3], let blas = texts[4], let processor = texts[5], let host = texts[6],
      let command = texts[7]
    else { return nil }
    self.init(
      provenance: Provenance(
        version: version, sourceRevision: texts[2], kernels: kernels, blas: blas, processor: processor,
        host: host),
      startedAt: startedAt, command: command)
  }
}
