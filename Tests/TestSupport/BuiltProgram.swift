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

  /// Where the test executable is, and what is built for it.
  static let folder =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    .map { ($0 as NSString).deletingLastPathComponent } ?? Bundle.main.bundlePath

  /// The program beside the test executable.
  public init() throws {
    executable = Self.folder + "/gradflow"
    guard FileManager.default.isExecutableFile(atPath: executable) else {
      throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: executable])
    }
  }

  /// Runs the program with arguments in a directory; environment entries replace or, if nil, remove.
  public func run(
    _ arguments: [String], in directory: String? = nil, environment changes: [String: String?] = [:]
  ) throws -> Outcome {
    try start(arguments, in: directory, environment: changes).wait()
  }

  /// Starts the program and goes on.
  public func start(
    _ arguments: [String], in directory: String? = nil, environment changes: [String: String?] = [:]
  ) throws -> RunningProgram {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    var environment = ProcessInfo.processInfo.environment
    for (key, value) in changes { environment[key] = value }
    process.environment = environment
    return try RunningProgram(process)
  }
}
