import Foundation
import GradientFlow
import Subprocess

/// gnuplot as a child process.
///
/// The user's settings stay out (`-d`, no `GNUTERM`), and a figure is there only if gnuplot ended
/// well and wrote something.
public struct GnuplotProcess: Sendable {
  /// The program: a name to be looked up on the PATH, or a path.
  public let command: String

  public init(command: String = "gnuplot") { self.command = command }

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
    guard uninterrupted({ rename(temporary, path) }) == 0 else {
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
    // To gnuplot data that it cannot read are a warning, and a figure without them a figure.
    let unread = result.messages.filter { $0.contains("Cannot find or open file") }
    guard unread.isEmpty else { throw Self.failure(script, messages: unread) }
    return (result.output, result.messages)
  }

  /// Runs gnuplot with arguments; `script` is what errors name.
  func execute(
    _ arguments: [String], script: String, limit: Int = 1 << 20
  ) async throws -> (succeeded: Bool, output: String, messages: [String]) {
    let executable: Executable = command.contains("/") ? .path(.init(command)) : .name(command)
    let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
    do {
      result = try await Subprocess.run(
        executable, arguments: Arguments(arguments),
        environment: .inherit.updating(["GNUTERM": nil]), output: .string(limit: limit),
        error: .string(limit: 1 << 20))
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw FigureError.gnuplotMissing(command: command, scripts: script.isEmpty ? [] : [script])
    } catch let error as SubprocessError {
      throw FigureError.scriptFailed(script: script, line: nil, message: error.description)
    }
    let messages = result.standardError.split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }.filter { !$0.isEmpty }
    return (result.terminationStatus == .exited(0), result.standardOutput, messages)
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
