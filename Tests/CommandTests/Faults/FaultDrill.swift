import Foundation
import TestSupport

/// One command, whose calls of the system fail one after another: after each fault the same command must go on, and
/// leave what it leaves undisturbed.
struct FaultDrill {
  /// What the faults of a drill came to.
  struct Tally: CustomStringConvertible {
    var faults = 0
    /// Faults that did not happen: the call was not made.
    var unreached = 0
    var statuses: [Int32: Int] = [:]
    var failures: [String] = []

    var description: String {
      let ends = statuses.sorted { $0.key < $1.key }.map { "\($0.value) ended with \($0.key)" }
      return "\(faults) faults, of which \(ends.joined(separator: ", ")); \(unreached) not reached; "
        + "\(failures.count) failures"
    }
  }

  private let command: FaultedCommand
  private let program: BuiltProgram
  private let shim: FaultShim
  private let prepared: TemporaryDirectory
  private let whole: Ending
  private let counts: [String: FaultShim.Counts]

  /// How a run of the command ended.
  private struct Ending {
    let status: Int32
    let output: String
    let contents: RunContents
  }

  /// Prepares the command's input, and runs it undisturbed.
  init(_ command: FaultedCommand, _ program: BuiltProgram, _ shim: FaultShim) throws {
    self.command = command
    self.program = program
    self.shim = shim
    prepared = try TemporaryDirectory()
    try command.prepare(prepared, program)
    var counts: [String: FaultShim.Counts] = [:]
    var ending: Ending?
    for name in command.draws ? ["gradflow", "gnuplot"] : ["gradflow"] {
      let folder = try Self.copy(of: prepared)
      let outside = try TemporaryDirectory()
      let counters = outside.file("counters")
      let environment = shim.environment(nil, program: name, folder: folder, counters: counters)
      let outcome = try program.run(command.arguments(folder), environment: environment)
      counts[name] = shim.counts(counters)
      ending = Ending(
        status: outcome.status, output: Self.anonymous(outcome.output, folder),
        contents: try RunContents(of: folder))
    }
    self.counts = counts
    guard let ending, ending.status == 0 else {
      throw FaultedCommand.Unprepared(arguments: command.arguments(prepared), errors: "not undisturbed")
    }
    whole = ending
  }

  /// Makes faults, a quarter of them in gnuplot where there is one.
  func run(_ count: Int, seed: UInt64) throws -> Tally {
    var generator = SeededGenerator(seed: seed)
    var faults: [FaultShim.Fault] = []
    for (name, counts) in counts.sorted(by: { $0.key < $1.key }) {
      let share = self.counts.count == 1 ? count : name == "gnuplot" ? count / 4 : count - count / 4
      faults += shim.faults(share, in: name, among: counts, &generator)
    }
    var tally = Tally()
    for fault in faults { try make(fault, &tally) }
    return tally
  }

  private func make(_ fault: FaultShim.Fault, _ tally: inout Tally) throws {
    let folder = try Self.copy(of: prepared)
    let outside = try TemporaryDirectory()
    let counters = outside.file("counters")
    var failures: [String] = []
    let first = try finish(
      program.start(
        command.arguments(folder),
        environment: shim.environment(fault, folder: folder, counters: counters)))
    let isReached = shim.counts(counters).failed > 0
    tally.faults += 1
    if !isReached { tally.unreached += 1 }
    tally.statuses[first.status, default: 0] += 1
    switch first.status {
    case 0:
      failures += try differences(first, in: folder, "ended with 0")
    case 73 where isReached, 69 where isReached && fault.program == "gnuplot":
      if !Self.saysWhatToDo(first.errors) { failures.append("no advice") }
    default: failures.append("ended with \(first.status)")
    }
    let again = try finish(
      program.start(command.arguments(folder), environment: ["TMPDIR": folder.file("tmp")]))
    if again.status != 0 {
      failures.append("the same command then ended with \(again.status): \(again.errors)")
    }
    failures += try differences(again, in: folder, "the same command then")
    if !failures.isEmpty {
      tally.failures.append("\(fault): \(failures.joined(separator: "; ")): \(first.errors)")
    }
  }

  /// Waits half a minute; a program that hangs is killed.
  private func finish(_ running: RunningProgram) throws -> BuiltProgram.Outcome {
    _ = running.waits { !running.isRunning }
    if running.isRunning { running.send(SIGKILL) }
    return try running.wait()
  }

  private func differences(
    _ outcome: BuiltProgram.Outcome, in folder: TemporaryDirectory, _ when: String
  ) throws -> [String] {
    var found = try RunContents(of: folder).differences(to: whole.contents)
    if Self.anonymous(outcome.output, folder) != whole.output { found.append("standard output") }
    return found.isEmpty ? [] : ["\(when), but different: \(found.joined(separator: ", "))"]
  }

  private static func saysWhatToDo(_ errors: String) -> Bool {
    ["same command", "set TMPDIR", "choose another directory", "gnuplot"].contains { errors.contains($0) }
  }

  /// What was said, whatever folder it was in.
  private static func anonymous(_ text: String, _ folder: TemporaryDirectory) -> String {
    text.replacingOccurrences(of: folder.path, with: "FOLDER")
  }

  private static func copy(of folder: TemporaryDirectory) throws -> TemporaryDirectory {
    let copy = try TemporaryDirectory()
    for name in try folder.contents() {
      try FileManager.default.copyItem(atPath: folder.file(name), toPath: copy.file(name))
    }
    return copy
  }
}
