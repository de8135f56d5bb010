import Foundation
import TestSupport
import Testing

/// Disks that fill up or fail, limits on open files, signals in the middle of a call, at any call that a command makes:
/// a few of them, and with `GRADFLOW_FAULTS=200` so many for each command (`script/faults`).
@Suite("Faults of the system") struct FaultTests {
  private static let variable = "GRADFLOW_FAULTS"

  private static let asked = ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }

  @Test(
    .enabled(if: FaultShim.shared != nil, .noPreloading), .timeLimit(.minutes(60)),
    arguments: FaultedCommand.allCases)
  func theSameCommandGoesOnAfterAFault(_ command: FaultedCommand) throws {
    let shim = try #require(FaultShim.shared)
    let drill = try FaultDrill(command, try BuiltProgram(), shim)
    let tally = try drill.run(
      Self.asked ?? (command.draws ? 2 : 4), seed: UInt64(command.rawValue.utf8.count))
    if Self.asked != nil { print("\(command): \(tally)") }
    #expect(tally.failures.isEmpty, "\(tally.failures.joined(separator: "\n"))")
    #expect(tally.faults > tally.unreached)
  }

  // The first page of the store, which has no trial in it.
  @Test(.enabled(if: FaultShim.shared != nil, .noPreloading))
  func whatTheDiskDoesNotGiveIsGivenUpOnlyWhereThatIsAsked() throws {
    let shim = try #require(FaultShim.shared)
    let (program, folder, outside) = (try BuiltProgram(), try TemporaryDirectory(), try TemporaryDirectory())
    try FaultedCommand.repair.prepare(folder, program)
    let repair = FaultedCommand.repair.arguments(folder)
    let fault = FaultShim.Fault(call: .pread, place: 1, error: EIO, times: 3)
    func environment() -> [String: String?] {
      shim.environment(fault, folder: folder, counters: outside.file("counters"))
    }
    let before = FileManager.default.contents(atPath: folder.file("run/trials.sqlite"))
    let refused = try program.run(repair, environment: environment())
    #expect(refused.status == 73)
    #expect(refused.errors.contains("4096 bytes cannot be read; check the disk"), "\(refused.errors)")
    #expect(before == FileManager.default.contents(atPath: folder.file("run/trials.sqlite")))
    #expect(try !folder.names("run").contains { $0.contains("damaged") || $0.contains("repaired") })
    let asked = try program.run(repair + ["--skip-unreadable"], environment: environment())
    #expect(
      asked.status == 0 && asked.errors.contains("4096 bytes of it could not be read"), "\(asked.errors)")
    let skipped = try RunContents(of: folder)
    let whole = try TemporaryDirectory()
    try FaultedCommand.repair.prepare(whole, program)
    #expect(try program.run(FaultedCommand.repair.arguments(whole)).status == 0)
    #expect(skipped.differences(to: try RunContents(of: whole)).isEmpty)
  }
}

extension Comment {
  /// Why tests that preload a library are skipped.
  static let noPreloading: Comment = "no C compiler here, or no preloading"
}
