import Foundation
import GRDB

/// Trials of one process: by which program, on which machine, since when.
struct StoreSession: Sendable, Equatable {
  let provenance: Provenance
  let startedAt: String
  let command: String

  /// Of this process.
  static var current: StoreSession {
    StoreSession(
      provenance: .current, startedAt: Date().ISO8601Format(),
      command: CommandText.of(CommandLine.arguments))
  }
}

extension RunStore {
  /// Notes who writes from now on.
  ///
  /// - Returns: the number that the trials of the session carry.
  func begin(_ session: StoreSession) throws -> Int64 {
    try write { db in
      let p = session.provenance
      try db.execute(
        sql: """
          INSERT INTO sessions (started_at, version, source_revision, kernels, blas, processor, host, command)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          session.startedAt, p.version, p.sourceRevision, p.kernels, p.blas, p.processor, p.host,
          session.command,
        ])
      return db.lastInsertedRowID
    }
  }

  /// How many trials each program on each type of machine has computed; most first.
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
  func sessions() throws -> [Int64: StoreSession] {
    try read(whenEmpty: [:]) { db in
      guard try db.tableExists("sessions") else { return [:] }
      var result: [Int64: StoreSession] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT * FROM sessions") {
        func text(_ name: String) throws -> String { try row.decode(String.self, forColumn: name) }
        result[try row.decode(Int64.self, forColumn: "id")] = StoreSession(
          provenance: Provenance(
            version: try text("version"),
            sourceRevision: try row.decode(String?.self, forColumn: "source_revision"),
            kernels: try text("kernels"), blas: try text("blas"), processor: try text("processor"),
            host: try text("host")),
          startedAt: try text("started_at"), command: try text("command"))
      }
      return result
    }
  }
}
