import Experiments
import Foundation

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
  /// - Returns: gnuplot's warnings, empty as a rule.
  /// - Throws: ``FigureError``; a file already at `path` is then unchanged.
  public func render(
    _ script: String, format: ImageFormat, to path: String
  ) async throws -> [String] {
    let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).tmp"
    defer { unlink(temporary) }
    let output = GnuplotText.quoted(temporary.hasPrefix("/") ? temporary : "./" + temporary)
    let result = try await run(
      script, setting: "format='\(format.rawValue)'; output=\(output)", limit: 1 << 20)
    let attributes = try? FileManager.default.attributesOfItem(atPath: temporary)
    guard let size = attributes?[.size] as? Int, size > 0 else {
      throw FigureError.emptyImage(script: script, format: format)
    }
    guard rename(temporary, path) == 0 else {
      throw FigureError.cannotWrite(path: path, problem: String(cString: strerror(errno)))
    }
    return result.warnings
  }

  /// Renders a script as text, one page a panel.
  ///
  /// - Throws: ``FigureError``.
  public func text(_ script: String, columns: Int = 80, rows: Int = 24) async throws -> String {
    let setting = "format='dumb'; columns=\(columns); rows=\(rows)"
    let output = try await run(script, setting: setting, limit: 1 << 26).output
    return Self.tidied(output)
  }

  /// Without the blanks that fill each page's lines, and with one empty line between pages.
  private static func tidied(_ output: String) -> String {
    var lines: [Substring] = []
    for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = line
      while line.last?.isWhitespace == true { line.removeLast() }
      if line.isEmpty, lines.last?.isEmpty ?? true { continue }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  private func run(
    _ script: String, setting: String, limit: Int
  ) async throws -> (output: String, warnings: [String]) {
    // A script whose name begins with '-' would be taken for an option.
    let file = script.hasPrefix("/") ? script : "./" + script
    let result = try await execute(["-d", "-e", setting, file], script: script, limit: limit)
    guard result.succeeded else { throw Self.failure(script, messages: result.messages) }
    return (result.output, result.messages)
  }

  /// Runs gnuplot with arguments; `script` is what errors name.
  func execute(
    _ arguments: [String], script: String, limit: Int = 1 << 20
  ) async throws -> (succeeded: Bool, output: String, messages: [String]) {
    var process = ChildProcess(command, arguments)
    process.withheld = ["GNUTERM"]
    process.isSheltered = true
    process.outputLimit = limit
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
