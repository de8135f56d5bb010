import Experiments
import Foundation
import GradientFlow

/// gnuplot as a child process.
///
/// The user's settings stay out (`-d`, no `GNUTERM`), and a figure is there only if gnuplot ended
/// well and wrote something.
public struct GnuplotProcess: Sendable {
  /// The program: a name to be looked up on the PATH, or a path.
  public let command: String
  /// Seconds that it may take for a question, and for an image beside what its data takes to be read.
  public let patience: Double

  public init(command: String = "gnuplot", patience: Double = 30) {
    self.command = command
    self.patience = patience
  }

  /// Renders a script to an image file, which appears under its name when it is whole.
  ///
  /// - Parameter metadata: what the image says of itself; nil: what gnuplot writes.
  /// - Returns: gnuplot's warnings, empty as a rule.
  /// - Throws: ``FigureError``, `ModelFileError` of kind `cannotWrite`; a file already at `path` is then unchanged.
  public func render(
    _ script: String, format: ImageFormat, to path: String, metadata: ImageMetadata? = nil
  ) async throws -> [String] {
    let image = try StagedFile(for: path)
    let output = try Self.output(image.path, besides: script, named: path)
    let warnings: [String]
    do {
      let setting = "format='\(format.rawValue)'; output=\(Markup.quoted(output))"
      warnings = try await run(script, setting: setting)
    } catch let error as FigureError {
      if case .scriptFailed = error { try Self.checkDisk(image, path) }
      throw error
    }
    let bytes = try Self.contents(image, path)
    if let flaw = format.flaw(in: bytes) {
      try Self.checkDisk(image, path)
      throw bytes.isEmpty
        ? FigureError.emptyImage(script: script, format: format) : .brokenImage(path: path, flaw: flaw)
    }
    if let named = metadata?.added(to: bytes, format), format.flaw(in: named) == nil {
      guard ftruncate(image.descriptor, 0) == 0 else {
        throw FigureError.cannotWrite(path: path, problem: String(cString: strerror(errno)))
      }
      try image.write(named)
    }
    try image.publish()
    return warnings
  }

  /// The name that gnuplot, which is run in the script's folder, is to write to.
  private static func output(_ image: String, besides script: String, named path: String) throws(FigureError)
    -> String
  {
    if PathName.folder(of: image) == PathName.folder(of: script) { return "./" + PathName.last(of: image) }
    guard let whole = PathName.absolute(image), !whole.contains(where: \.isNewline) else {
      throw .cannotWrite(path: path, problem: "gnuplot takes no line feed in a name")
    }
    return whole
  }

  /// Throws if the disk is full or fails: gnuplot does not say so.
  private static func checkDisk(_ image: StagedFile, _ path: String) throws(FigureError) {
    do { try image.probe(1 << 16) } catch { throw .cannotWrite(path: path, problem: error.problem) }
  }

  private static func contents(_ image: StagedFile, _ path: String) throws(FigureError) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = pread(image.descriptor, &part, part.count, off_t(bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotWrite(path: path, problem: String(cString: strerror(errno))) }
      if count == 0 { return bytes }
      bytes += part[..<count]
    }
  }

  /// - Returns: gnuplot's warnings.
  private func run(_ script: String, setting: String) async throws -> [String] {
    // In the script's folder, so that the names that gnuplot reads are ours, whatever the folder is called.
    let result = try await execute(
      ["-d", "-e", setting, "./" + PathName.last(of: script)], script: script,
      folder: PathName.folder(of: script))
    guard result.succeeded else { throw Self.failure(script, messages: result.messages) }
    // To gnuplot data that it cannot read are a warning, and a figure without them a figure.
    let unread = result.messages.filter { $0.contains("Cannot find or open file") }
    guard unread.isEmpty else { throw Self.failure(script, messages: unread) }
    return result.messages
  }

  /// Runs gnuplot with arguments, in a folder if one is given; `script` is what errors name.
  func execute(
    _ arguments: [String], script: String, folder: String? = nil
  ) async throws -> (succeeded: Bool, output: String, messages: [String]) {
    // From another folder a relative path would lead elsewhere.
    let program = command.contains("/") ? PathName.absolute(command) ?? command : command
    var process = ChildProcess(program, arguments)
    process.folder = folder.map(PathName.explicit)
    process.withheld = ["GNUTERM"]
    // A PDF has a date, whose length depends on the time zone.
    process.given = ["TZ": "UTC0", "SOURCE_DATE_EPOCH": "0"]
    process.isSheltered = true
    process.outputLimit = 1 << 20
    process.timeLimit = patience + Self.readingTime(script)
    let result: ChildProcess.Outcome
    do throws(ChildProcess.Failure) {
      result = try process.run()
    } catch {
      throw FigureError(error, command: command, script: script)
    }
    let messages = result.errors.split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }.filter { !$0.isEmpty }
    return (result.status == 0, result.output, messages)
  }

  /// Seconds for reading a script and its data, on a slow machine: a megabyte a second.
  private static func readingTime(_ script: String) -> Double {
    let data = (script as NSString).deletingPathExtension + ".csv"
    return [script, data].reduce(0) { seconds, path in
      let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
      return seconds + Double(size ?? 0) / 1e6
    }
  }

  /// gnuplot's last message is `"FILE" line N: what`.
  private static func failure(_ script: String, messages: [String]) -> FigureError {
    guard let last = messages.last else {
      return .scriptFailed(script: script, line: nil, message: "ended without a message")
    }
    if let match = last.firstMatch(of: /^".*" line ([0-9]+): (.*)$/) {
      return .scriptFailed(script: script, line: Int(match.1), message: String(match.2))
    }
    return .scriptFailed(script: script, line: nil, message: last)
  }
}
