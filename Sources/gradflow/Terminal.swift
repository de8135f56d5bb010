import Foundation

/// Standard output for data, standard error for talk.
enum Terminal {
  /// Whether standard error is a terminal that can redraw a line.
  static var canRedraw: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Prints data. A closed pipe (`| head`) ends the program quietly.
  static func data(_ text: String) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        exit(errno == EPIPE ? 0 : 73)
      }
      written += count
    }
  }

  /// Prints a line of talk.
  static func say(_ line: String) { talk(line + "\n") }

  /// Prints talk as it is.
  static func talk(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
