import Foundation
import GradientFlow

/// Standard output for data, standard error for talk.
enum Terminal {
  /// Whether standard error is a terminal that can redraw a line.
  static var canRedraw: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Prints data. Where no one reads any more (`| head`) the program ends quietly.
  static func data(_ text: String) {
    guard !write(text, to: STDOUT_FILENO) else { return }
    if errno == EPIPE { exit(0) }
    say("gradflow: standard output cannot be written: \(SystemFailure.last)")
    exit(ExitStatus.cannotWrite.rawValue)
  }

  /// Prints a line of talk, unless the user wants none.
  static func say(_ line: String, unless quiet: Bool = false) {
    if !quiet { talk(line + "\n") }
  }

  /// Prints talk as it is; goes on where no one listens.
  static func talk(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      written += count
    }
    return true
  }
}
