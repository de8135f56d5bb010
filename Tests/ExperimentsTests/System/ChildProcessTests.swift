import Experiments
import Foundation
import TestSupport
import Testing

@Suite("Child processes") struct ChildProcessTests {
  private func shell(_ script: String) -> ChildProcess { ChildProcess("/bin/sh", ["-c", script]) }

  @Test func givesTheExitCodeAndWhatWasWritten() throws {
    let outcome = try shell("echo out; echo err >&2; exit 3").run()
    #expect(outcome.status == 3 && outcome.output == "out\n" && outcome.errors == "err\n")
  }

  @Test func aSignalIsNoExitCode() throws {
    #expect(try shell("kill -9 $$").run().status == nil)
  }

  @Test func thereIsNothingToRead() throws {
    #expect(try shell("cat; echo end").run().output == "end\n")
  }

  @Test func longOutputsOfBothKindsDoNotBlock() throws {
    let outcome = try shell("head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero").run()
    #expect(outcome.output.utf8.count == 300_000 && outcome.errors.utf8.count == 300_000)
  }

  @Test func aProgramThatIsNotThereIsSaidToBeMissing() {
    #expect(throws: ChildProcess.Failure.notFound) { try ChildProcess("gradflow-no-such-program", []).run() }
    #expect(throws: ChildProcess.Failure.notFound) { try ChildProcess("/no/such/program", []).run() }
  }

  @Test func aFileThatIsNoProgramIsNotStarted() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("text", to: "text")
    #expect(throws: ChildProcess.Failure.notStarted(problem: "Permission denied")) {
      try ChildProcess(path, []).run()
    }
  }

  @Test(arguments: [
    "sleep 30", "trap '' TERM INT; while :; do :; done", "exec >&- 2>&-; sleep 30",
    "while :; do echo y; sleep 0.01; done & sleep 30",
  ])
  func whatHangsIsKilledAtItsTimeLimit(script: String) {
    var process = shell(script)
    process.timeLimit = 0.2
    process.isSheltered = true
    let start = ContinuousClock.now
    #expect(throws: ChildProcess.Failure.tooSlow(seconds: 0.2)) { try process.run() }
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func whatItHasStartedIsNotWaitedFor() throws {
    let start = ContinuousClock.now
    #expect(try shell("sleep 20 & echo here").run().output == "here\n")
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func endlessOutputIsAnError() {
    var process = shell("yes")
    process.outputLimit = 1 << 17
    #expect(throws: ChildProcess.Failure.tooMuchOutput(bytes: 1 << 17)) { try process.run() }
  }

  @Test func withheldVariablesAreNotSeen() throws {
    var process = shell("echo \"$HOME\"")
    process.withheld = ["HOME"]
    #expect(try process.run().output == "\n")
  }

  @Test func noDescriptorIsLeftOpen() throws {
    func count() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    guard FileManager.default.fileExists(atPath: "/proc/self/fd") else { return }
    let before = try count()
    for _ in 0..<200 { _ = try shell("exit 0").run() }
    // Other tests of this process open and close some meanwhile.
    #expect(try count() < before + 150)
  }
}
