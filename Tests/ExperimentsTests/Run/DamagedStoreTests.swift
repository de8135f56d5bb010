import Experiments
import Foundation
import GRDB
import GradientFlow
import TestSupport
import Testing

@Suite("Damaged stores") struct DamagedStoreTests {
  private let directory: TemporaryDirectory

  init() async throws {
    directory = try TemporaryDirectory()
    let spec = try SweepSpecification.parse(
      text: "name: d\ncells: rnn\nhidden_size: 4\nsequence_length: 3\nseeds: 2", file: "d.yaml")
    let sweep = try Sweep(spec, directory: directory.path, options: SweepOptions(jobs: 1))
    _ = try await sweep.execute()
  }

  private func read() throws {
    let run = try Run(directory: directory.path)
    for trial in run.trials { _ = try run.record(trial) }
    _ = try run.progress()
  }

  @Test(arguments: [
    "UPDATE trials SET decay_rate = 'abc'", "UPDATE trials SET step_columns = NULL",
    "UPDATE trials SET status = x'ff'", "UPDATE trials SET status = 'odd'",
    "UPDATE trials SET diverged_at = 'x'", "UPDATE trials SET step_count = 9223372036854775807",
    "UPDATE trials SET step_count = -1", "UPDATE trials SET step_values = x'00'",
    "DROP TABLE trials",
  ])
  func wrongValuesAreErrorsThatNameTheFile(_ sql: String) throws {
    try read()
    try DatabaseQueue(path: directory.file("trials.sqlite")).write { try $0.execute(sql: sql) }
    #expect {
      try read()
    } throws: { error in
      switch error {
      case RunError.store(let path, _), RunError.damaged(let path, _): return path.hasSuffix("trials.sqlite")
      default: return false
      }
    }
  }

  @Test func aNewerSchemaIsRefused() throws {
    try DatabaseQueue(path: directory.file("trials.sqlite")).write {
      try $0.execute(sql: "PRAGMA user_version = 999")
    }
    #expect {
      try read()
    } throws: { error in
      guard case RunError.newerSchema(_, let found, _) = error else { return false }
      return found == 999
    }
  }

  @Test func bytesThatAreNoDatabaseAreAnError() throws {
    _ = try directory.write(String(repeating: "junk ", count: 500), to: "trials.sqlite")
    #expect(throws: RunError.self) { try read() }
  }
}
