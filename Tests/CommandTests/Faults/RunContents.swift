import Foundation
import GRDB
import TestSupport

/// What a command left that anyone will look at: tables, figures' data and scripts, models, and the rows of the store,
/// without times and who computed.
struct RunContents: Equatable {
  private var files: [String: Data] = [:]
  private var rows: [String] = []

  private static let endings = [".csv", ".gp", ".safetensors", "spec.yaml", "summary.json"]

  init(of folder: TemporaryDirectory) throws {
    let run = folder.file("run")
    guard let names = FileManager.default.enumerator(atPath: run) else { return }
    for case let name as String in names where Self.endings.contains(where: name.hasSuffix) {
      files[name] = FileManager.default.contents(atPath: run + "/" + name)
    }
    if let summary = files["summary.json"] { files["summary.json"] = try Self.timeless(summary) }
    let store = run + "/trials.sqlite"
    guard FileManager.default.fileExists(atPath: store) else { return }
    var configuration = Configuration()
    configuration.readonly = true
    rows = try DatabaseQueue(path: store, configuration: configuration).read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM trials ORDER BY id").map { row in
        row.columnNames.filter { $0 != "seconds" && $0 != "session" }.map { name in
          let value: DatabaseValue = row[name]
          if case .blob(let data) = value.storage { return "\(name): \(data.base64EncodedString())" }
          return "\(name): \(value)"
        }.joined(separator: ", ")
      }
    }
  }

  /// The summary of a diagnosis without the times that its parts took.
  private static func timeless(_ summary: Data) throws -> Data {
    var object = try ExactJSON.object(with: summary) as? [String: Any] ?? [:]
    object["seconds"] = nil
    return try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
  }

  /// What is not as in another run.
  func differences(to other: RunContents) -> [String] {
    Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }.sorted()
      + (rows == other.rows ? [] : ["\(rows.count) rows of the store, not the same as \(other.rows.count)"])
  }
}
