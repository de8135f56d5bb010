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

  @Test(arguments: [
    "UPDATE trials SET decay_rate = decay_rate + 1e-9", "UPDATE trials SET checksum = NULL",
    "UPDATE trials SET checksum = NULL, seconds = NULL, session = NULL, parameters = parameters || ' '",
  ])
  func whatIsNotProvenIsReadByNobody(_ sql: String) throws {
    try DatabaseQueue(path: directory.file("trials.sqlite")).write { try $0.execute(sql: sql) }
    #expect(throws: RunError.self) { try read() }
    #expect(throws: RunError.self) { _ = try Comparison(Run(directory: directory.path)) }
  }

  /// Every bit of the entries of the index of trials: no trial is taken for another one, and none is passed over.
  @Test func aDamagedIndexLeadsToNoOtherTrial() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: directory.file("trials.sqlite"))))
    let run = try Run(directory: directory.path)
    let rates = try run.trials.map { try run.record($0)?.decayRate }
    let id = Array(run.trials[0].id.utf8)
    // A leaf of an index begins with 10, and its entries end the page.
    let page = try #require(
      stride(from: 4096, to: bytes.count, by: 4096).first { start in
        bytes[start] == 10 && (start..<start + 4096 - id.count).contains { bytes[$0...].starts(with: id) }
      })
    let entries = try #require((page + 16..<page + 4096).first { bytes[$0] != 0 })
    var refused = 0
    for place in (entries..<page + 4096) {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[place] ^= 1 << UInt8(bit)
        directory.write(damaged, to: "trials.sqlite")
        do {
          let run = try Run(directory: directory.path)
          let found = try run.trials.map { try run.record($0)?.decayRate }
          #expect(found == rates, "bit \(bit) of byte \(place)")
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > 100)
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
