import Experiments
import Foundation
import GRDB
import GradientFlow
import TestSupport
import Testing

/// Damaged stores by the thousand: none ends the program or is taken for another result, and every trial whose own bytes
/// are whole is saved.
@Suite("Random damage to stores") struct StoreMutationTests {
  /// A record bit by bit: what does not exist is NaN, which equals nothing.
  private struct Bits: Equatable, Sendable {
    private let numbers: TrialRecord
    private let columns: String?
    private let values: Data?

    init(_ record: TrialRecord) {
      columns = record.steps?.columnList
      values = record.steps?.blob
      var numbers = record
      numbers.steps = nil
      self.numbers = numbers
    }
  }

  /// A run of a few trials, some of them on several pages, and its store as bytes.
  private struct Sample: Sendable {
    let specification: String
    let records: [String: Bits]
    let store: [UInt8]
    /// A store that is being written, with its log.
    let open: (store: [UInt8], log: [UInt8])
    /// For each block of the closed store, the trials that need it.
    let needed: [Set<String>]

    static let block = 64
  }

  private static let sample = Task { try await StoreMutationTests.makeSample() }

  private static func makeSample() async throws -> Sample {
    let directory = try TemporaryDirectory()
    let spec = try SweepSpecification.parse(
      text: "name: d\ncells: lstm\nhidden_size: 4\nsequence_length: [3, 40]\nseeds: 2", file: "d.yaml")
    let sweep = try Sweep(spec, directory: directory.path, options: SweepOptions(jobs: 1))
    _ = try await sweep.execute(observe: { _, _, _ in
      for name in ["trials.sqlite", "trials.sqlite-wal"] {
        _ = try? FileManager.default.removeItem(atPath: directory.file("open-" + name))
        try? FileManager.default.copyItem(
          atPath: directory.file(name), toPath: directory.file("open-" + name))
      }
    })
    func bytes(_ name: String) -> [UInt8] {
      Array(FileManager.default.contents(atPath: directory.file(name)) ?? Data())
    }
    var records: [String: Bits] = [:]
    for trial in sweep.run.trials { records[trial.id] = try sweep.run.record(trial).map(Bits.init) }
    // Without what is left over of rows that were moved between pages.
    try await DatabaseQueue(path: directory.file("trials.sqlite")).vacuum()
    let store = bytes("trials.sqlite")
    let needed = try stride(from: 0, to: store.count, by: Sample.block).map { start in
      var damaged = store
      for k in start..<min(start + Sample.block, store.count) { damaged[k] ^= 0xFF }
      return Set(records.keys).subtracting(try salvaged(damaged).keys)
    }
    return Sample(
      specification: try directory.read("spec.yaml"), records: records, store: store,
      open: (bytes("open-trials.sqlite"), bytes("open-trials.sqlite-wal")), needed: needed)
  }

  private static func salvaged(_ bytes: [UInt8], log: [UInt8]? = nil) throws -> [String: Bits] {
    let directory = try TemporaryDirectory()
    let store = directory.write(bytes, to: "trials.sqlite")
    if let log { directory.write(log, to: "trials.sqlite-wal") }
    var found: [String: Bits] = [:]
    try SalvagedStore(store).forEachTrial { found[$0.id] = Bits($0.record) }
    return found
  }

  /// What is wrong with what was saved of a damaged store; nil if nothing is.
  private static func loss(_ damage: StoreDamage, _ sample: Sample) throws -> String? {
    let saved = try salvaged(damage.bytes)
    if saved.contains(where: { sample.records[$0.key] != $0.value }) { return "another result was saved" }
    var lost: Set<String> = []
    for (k, trials) in sample.needed.enumerated() where !trials.isEmpty {
      let start = k * Sample.block
      if damage.touches(start..<min(start + Sample.block, sample.store.count)) { lost.formUnion(trials) }
    }
    let missing = Set(sample.records.keys).subtracting(lost).subtracting(saved.keys)
    return missing.isEmpty ? nil : "whole trials were given up: \(missing.sorted())"
  }

  private struct Wrong: Error {
    let problem: String
  }

  /// Reads a run as `status`, `compare` and `plot` do.
  private static func read(_ directory: String, _ sample: Sample) throws {
    let stored = try RunStatus(directory: directory).progress.done
    let run = try Run(directory: directory)
    var found = 0
    for trial in run.trials {
      guard let record = try run.record(trial) else { continue }
      if Bits(record) != sample.records[trial.id] { throw Wrong(problem: "another result was read") }
      found += 1
    }
    if found != stored { throw Wrong(problem: "\(found) of \(stored) trials were read") }
  }

  private static func complaint(_ error: any Error) -> String? {
    switch error {
    case let error as Wrong: return error.problem
    case RunError.damaged, RunError.newerSchema:
      return HostileReading.complaint(aboutMessage: "\(error)")
    default: return "an error that is not of damage"
    }
  }

  @Test func everySampleIsWhole() async throws {
    let sample = try await Self.sample.value
    #expect(sample.records.count == 4)
    #expect(try Self.salvaged(sample.store) == sample.records)
    #expect(try Self.salvaged(sample.open.store, log: sample.open.log) == sample.records)
    #expect(try Self.salvaged(sample.open.store).count < 4, "the log has no part in it")
    #expect(Set(sample.needed.flatMap(\.self)).count == 4)
  }

  @Test func everyLengthOfTheFirstPagesIsSalvaged() async throws {
    let sample = try await Self.sample.value
    for length in 0...min(2 * 4096 + 1, sample.store.count) {
      let damage = StoreDamage(bytes: Array(sample.store.prefix(length)), description: "cut off at \(length)")
      if let loss = try Self.loss(damage, sample) { Issue.record("\(damage): \(loss)") }
    }
  }

  @Test(.timeLimit(.minutes(60)), arguments: HostileReader.parts)
  func damagedStoresAreReadRefusedAndSalvaged(part: Int) async throws {
    let sample = try await Self.sample.value
    let directory = try TemporaryDirectory()
    _ = try directory.write(sample.specification, to: "spec.yaml")
    var reading = HostileReading(.store, part: part)
    var round = 0
    let tally = reading.tally { generator in
      generator.damagedStore(sample.store)
    } size: {
      $0.bytes.count
    } read: { damage in
      if let loss = try Self.loss(damage, sample) { throw Wrong(problem: loss) }
      directory.write(damage.bytes, to: "trials.sqlite")
      round += 1
      defer { if round % 100 == 0 { Self.repair(directory, damage, sample) } }
      try Self.read(directory.path, sample)
    } complaint: { error in
      Self.complaint(error)
    }
    #expect(tally.failures.isEmpty, "\(tally.failures.joined(separator: "\n"))")
    #expect(tally.read > 0 && tally.refused > 0)
  }

  /// Repairs a run, which must then have what is whole.
  private static func repair(_ directory: TemporaryDirectory, _ damage: StoreDamage, _ sample: Sample) {
    do {
      let saved = try StoreRepair(directory: directory.path).saved
      let whole = try salvaged(damage.bytes).count
      #expect(saved == whole, "\(damage)")
      try read(directory.path, sample)
    } catch {
      Issue.record("repair: \(damage): \(error)")
    }
    for name in (try? directory.contents()) ?? [] where name.contains("damaged") {
      try? FileManager.default.removeItem(atPath: directory.file(name))
    }
  }

  @Test(arguments: 0..<2) func damagedLogsAreNeverTakenForResults(part: Int) async throws {
    let sample = try await Self.sample.value
    let directory = try TemporaryDirectory()
    _ = try directory.write(sample.specification, to: "spec.yaml")
    var generator = SeededGenerator(seed: UInt64(100 + part))
    for _ in 0..<HostileReader.store.mutations / 40 {
      let log = generator.damagedStore(sample.open.log)
      let saved = try Self.salvaged(sample.open.store, log: log.bytes)
      #expect(!saved.contains { sample.records[$0.key] != $0.value }, "\(log)")
      directory.write(sample.open.store, to: "trials.sqlite")
      directory.write(log.bytes, to: "trials.sqlite-wal")
      do { try Self.read(directory.path, sample) } catch {
        if let complaint = Self.complaint(error) { Issue.record("\(log): \(complaint): \(error)") }
      }
    }
  }
}
