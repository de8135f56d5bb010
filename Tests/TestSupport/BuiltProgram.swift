import Foundation

/// The `gradflow` that was built beside the tests, run as a user runs it.
public struct BuiltProgram {
  /// What a run of the program gave.
  public struct Outcome: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String
  }

  private let executable: String

  /// Where it is.
  public var path: String { executable }

  /// The program beside the test executable.
  public init() throws {
    let folder =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      .map { ($0 as NSString).deletingLastPathComponent } ?? Bundle.main.bundlePath
    executable = folder + "/gradflow"
    guard FileManager.default.isExecutableFile(atPath: executable) else {
      throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: executable])
    }
  }

  /// Runs the program with arguments in a directory; environment entries replace or, if nil, remove.
  public func run(
    _ arguments: [String], in directory: String? = nil, environment changes: [String: String?] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    var environment = ProcessInfo.processInfo.environment
    for (key, value) in changes { environment[key] = value }
    process.environment = environment
    // Files, not pipes: long output cannot block.
    let folder = try TemporaryDirectory()
    let files = ["out", "err"].map { folder.file($0) }
    for file in files { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: files[0])
    process.standardError = FileHandle(forWritingAtPath: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try folder.read("out"),
      errors: try folder.read("err"))
  }
}
