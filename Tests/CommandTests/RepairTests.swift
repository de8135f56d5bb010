import Foundation
import GRDB
import TestSupport
import Testing

@Suite("Repair") struct RepairTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
    path = try directory.write("name: r\nhidden_size: 8\nsequence_length: 20\nseeds: 12\n", to: "r.yaml")
    let outcome = try program.run(["sweep", path, "-q", "--no-figures", "-o", directory.file("run")])
    try #require(outcome.status == 0)
  }

  private func repair(_ environment: [String: String?] = [:]) throws -> BuiltProgram.Outcome {
    try program.run(["repair", directory.file("run")], environment: environment)
  }

  private func sweep() throws -> BuiltProgram.Outcome {
    try program.run(["sweep", path, "-q", "--no-figures", "-o", directory.file("run")])
  }

  private func write(_ sql: String) throws {
    try DatabaseQueue(path: directory.file("run/trials.sqlite")).write { try $0.execute(sql: sql) }
  }

  private func done() throws -> Int {
    let text = try program.run(["status", directory.file("run"), "--json"]).output
    return Int(try #require(text.firstMatch(of: /"done": ([0-9]+)/)).1) ?? -1
  }

  @Test func aStoreOfANewerProgramIsLeftAlone() throws {
    try write("ALTER TABLE trials ADD COLUMN of_tomorrow REAL; PRAGMA user_version = 999")
    let newer = try repair()
    #expect(newer.status == 65)
    #expect(newer.errors.contains("schema version 999"))
    try write("PRAGMA user_version = 2")
    #expect(try done() == 24)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.file("run"))
    #expect(!names.contains { $0.contains("damaged") })
  }

  @Test func aDamagedVersionIsToldFromANewerProgram() throws {
    try write("PRAGMA user_version = 999")
    // No room for copies is needed.
    let repaired = try repair(["TMPDIR": "/no/such/folder"])
    #expect(repaired.status == 0 && repaired.errors.contains("24 of 24 trials saved"), "\(repaired.errors)")
    #expect(try done() == 24)
  }

  @Test(arguments: [90, 112, 1189, 4000, 4096]) func aStoreCutOffInItsFirstPageIsReplaced(length: Int) throws
  {
    truncate(directory.file("run/trials.sqlite"), off_t(length))
    let refused = try sweep()
    #expect(refused.status == 65 && refused.errors.contains("gradflow repair"), "\(refused.errors)")
    let repaired = try repair()
    #expect(repaired.status == 0 && repaired.errors.contains("0 of 24 trials saved"), "\(repaired.errors)")
    #expect(try sweep().status == 0)
    #expect(try done() == 24)
  }

  /// Words of the header: pages' size, reserved bytes, pages, list of free pages, cookie, encoding, version.
  @Test(arguments: [16, 18, 20, 28, 32, 36, 40, 44, 56, 60])
  func aDamagedHeaderCostsNoTrial(place: Int) throws {
    let whole = try directory.read("run/timesteps.csv")
    let store = URL(fileURLWithPath: directory.file("run/trials.sqlite"))
    let healthy = try Data(contentsOf: store)
    for byte in [3, 0xFF] as [UInt8] {
      var bytes = healthy
      bytes[place] = byte
      try bytes.write(to: store)
      // Some words are of no consequence.
      let swept = try sweep()
      #expect([0, 65].contains(swept.status), "\(byte): \(swept.status) \(swept.errors)")
      let repaired = try repair()
      #expect(
        repaired.status == 0 && repaired.errors.contains("24 of 24 trials saved"),
        "\(byte): \(repaired.errors)")
    }
    #expect(try sweep().status == 0)
    let same = try directory.read("run/timesteps.csv") == whole
    #expect(same)
  }

  @Test(.timeLimit(.minutes(1))) func aDamagedNumberOfARowCostsNothing() throws {
    try write("UPDATE trials SET rowid = 1 << 60 WHERE rowid = 5")
    #expect(try repair().errors.contains("24 of 24 trials saved"))
  }

  @Test func anInterruptedExchangeOfStoresIsFinished() throws {
    // As it is when the process is killed with the log away and the new store not yet in its place.
    let store = directory.file("run/trials.sqlite")
    let files = FileManager.default
    try files.copyItem(atPath: store, toPath: store + ".repaired")
    try write("DELETE FROM trials WHERE rowid > 3")
    try files.linkItem(atPath: store, toPath: store + ".damaged")
    let next = try program.run(["sweep", path, "--no-figures", "-o", directory.file("run")])
    #expect(next.status == 0, "\(next.errors)")
    #expect(next.errors.contains("0 of 24 trials left"))
    #expect(try done() == 24)
    #expect(!files.fileExists(atPath: store + ".repaired"))
  }

  @Test func randomDamageIsNeverTakenForResults() throws {
    let whole = try directory.read("run/timesteps.csv")
    let store = URL(fileURLWithPath: directory.file("run/trials.sqlite"))
    let healthy = try Data(contentsOf: store)
    var random = SeededGenerator(seed: 11)
    for _ in 0..<12 {
      var bytes = healthy
      for _ in 0..<random.number(1...6) {
        let start = random.number(0...bytes.count - 600)
        for k in start..<start + random.number(1...500) {
          bytes[k] = UInt8.random(in: 0...255, using: &random)
        }
      }
      try bytes.write(to: store)
      for command in ["status", "compare"] {
        let outcome = try program.run([command, directory.file("run")])
        #expect([0, 65].contains(outcome.status), "\(command): \(outcome.status) \(outcome.errors)")
      }
      let repaired = try repair()
      // A header that says "newer" is believed.
      guard repaired.status == 0 else {
        #expect(repaired.errors.contains("schema version"), "\(repaired.errors)")
        continue
      }
      let swept = try program.run(["sweep", path, "-q", "--no-figures", "-o", directory.file("run")])
      #expect(swept.status == 0, "\(swept.errors)")
      let same = try directory.read("run/timesteps.csv") == whole
      #expect(same)
    }
  }
}
