import Foundation

/// A program that has been started, and what it says.
public final class RunningProgram {
  private let process: Process
  // Files, not pipes: long output cannot block.
  private let folder: TemporaryDirectory

  init(_ process: Process) throws {
    self.process = process
    folder = try TemporaryDirectory()
    let files = ["out", "err"].map { folder.file($0) }
    for file in files { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: files[0])
    process.standardError = FileHandle(forWritingAtPath: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// What it has said so far on standard error.
  public var errors: String { (try? folder.read("err")) ?? "" }

  public var processIdentifier: Int32 { process.processIdentifier }

  public var isRunning: Bool { process.isRunning }

  public func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until something is the case or the program has ended.
  ///
  /// - Returns: whether it is the case; false also after half a minute.
  public func waits(until condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<6000 {
      if try condition() { return true }
      guard process.isRunning else { return try condition() }
      usleep(5000)
    }
    return false
  }

  /// Waits for its end. The status of a program that was killed is the signal's number.
  public func wait() throws -> BuiltProgram.Outcome {
    process.waitUntilExit()
    return BuiltProgram.Outcome(
      status: process.terminationStatus, output: try folder.read("out"), errors: try folder.read("err"))
  }
}
