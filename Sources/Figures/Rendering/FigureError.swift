import Experiments

/// Why a figure could not be written or rendered.
public enum FigureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// gnuplot is not on the PATH. Scripts and data have been written.
  case gnuplotMissing(command: String, scripts: [String])
  /// There is a gnuplot, and the system did not start it.
  case notStarted(command: String, problem: String)
  /// gnuplot did not finish within a time that is ample, and was killed.
  case tooSlow(command: String, script: String, seconds: Double)
  /// gnuplot stopped at a line of a script.
  case scriptFailed(script: String, line: Int?, message: String)
  /// gnuplot ended well but wrote nothing.
  case emptyImage(script: String, format: ImageFormat)
  /// gnuplot ended well but the image is not whole.
  case brokenImage(path: String, flaw: String)
  /// A file of this name is not one of this program's figures.
  case foreign(path: String, script: String)
  /// A file cannot be written.
  case cannotWrite(path: String, problem: String)

  public var description: String {
    switch self {
    case .gnuplotMissing(let command, let scripts):
      let written =
        scripts.isEmpty
        ? "" : "; scripts and data were written; draw them later with 'gnuplot -d \(scripts[0])'"
      return "'\(command)' was not found: apt-get install gnuplot-nox\(written)"
    case .notStarted(let command, let problem):
      return
        "'\(command)' cannot be started (\(problem)): the limit on open files (ulimit -n), processes (ulimit -u) or "
        + "memory may be too low; scripts and data were written; draw them later with 'gradflow plot'"
    case .tooSlow(let command, let script, let seconds):
      let trial = script.isEmpty ? "\(command) --version" : "\(command) -d \(script)"
      return "'\(command)' did not finish within \(Int(seconds.rounded(.up))) s and was stopped; run "
        + "'\(trial)' in a terminal to see why"
    case .scriptFailed(let script, let line, let message):
      return "\(script)\(line.map { ":\($0)" } ?? ""): gnuplot: \(message)"
    case .emptyImage(let script, let format):
      return "\(script): gnuplot wrote no \(format.rawValue); 'gnuplot -d -e \"print "
        + "GPVAL_TERMINALS\"' lists the formats of this gnuplot"
    case .brokenImage(let path, let flaw):
      return
        "\(path): gnuplot reported no error, but the image is incomplete: \(flaw); check the disk and its "
        + "free space, then draw it again"
    case .foreign(let path, let script):
      let reason =
        path.hasSuffix(script) ? "its first lines do not say so" : "there is no \(script) next to it"
      return
        "\(path): not drawn by gradflow, since \(reason); no figure was written: "
        + "move it away, or choose another directory with 'gradflow plot -o'"
    case .cannotWrite(let path, let problem):
      return "\(path): cannot be written (\(problem)); check that its directory exists, is "
        + "writable and has space, then run the same command again"
    }
  }
}

extension FigureError {
  /// - Parameter script: what was to be drawn; empty for a question to gnuplot.
  init(_ failure: ChildProcess.Failure, command: String, script: String) {
    switch failure {
    case .notFound: self = .gnuplotMissing(command: command, scripts: script.isEmpty ? [] : [script])
    case .notStarted(let problem): self = .notStarted(command: command, problem: problem)
    case .tooSlow(let seconds): self = .tooSlow(command: command, script: script, seconds: seconds)
    case .tooMuchOutput(let bytes):
      self = .scriptFailed(script: script, line: nil, message: "wrote more than \(bytes) bytes of text")
    }
  }
}
