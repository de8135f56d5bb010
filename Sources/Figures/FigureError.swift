/// Why a figure could not be written or rendered.
public enum FigureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no gnuplot on the PATH. Scripts and data have been written.
  case gnuplotMissing(command: String, scripts: [String])
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
        ? "" : "; scripts and data are written, draw them later with 'gnuplot -d \(scripts[0])'"
      return "'\(command)' was not found: apt-get install gnuplot-nox\(written)"
    case .scriptFailed(let script, let line, let message):
      return "\(script)\(line.map { ":\($0)" } ?? ""): gnuplot: \(message)"
    case .emptyImage(let script, let format):
      return "\(script): gnuplot wrote no \(format.rawValue); 'gnuplot -d -e \"print "
        + "GPVAL_TERMINALS\"' lists the formats of this gnuplot"
    case .brokenImage(let path, let flaw):
      return
        "\(path): gnuplot ended well, but the new image is not whole: \(flaw); check the disk and the space on "
        + "it, then draw it again"
    case .foreign(let path, let script):
      return
        "\(path): not drawn by gradflow, for there is no \(script) of it beside; no figure is written: move "
        + "it away, or give another directory with 'gradflow plot -o'"
    case .cannotWrite(let path, let problem):
      return "\(path): cannot be written (\(problem)); check that its directory exists, is "
        + "writable and has space, then type the same command"
    }
  }
}
