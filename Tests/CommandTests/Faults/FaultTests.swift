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
      Self.asked ?? (command.draws ? 4 : 6), seed: UInt64(command.rawValue.utf8.count))
    if Self.asked != nil { print("\(command): \(tally)") }
    #expect(tally.failures.isEmpty, "\(tally.failures.joined(separator: "\n"))")
    #expect(tally.faults > tally.unreached)
  }
}

extension Comment {
  /// Why tests that preload a library are skipped.
  static let noPreloading: Comment = "no C compiler here, or no preloading"
}
