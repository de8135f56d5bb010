import Figures
import Foundation
import GradientFlow
import Synchronization

/// Standard output for data, standard error for messages.
enum Terminal {
  /// Whether standard error is a terminal that can redraw a line.
  static var canRedraw: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// How long a line of data may be: what COLUMNS says, else the width of the terminal; nil where data go elsewhere, and
  /// lines are as long as they are.
  static var width: Int? {
    if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 {
      return columns
    }
    return size(STDOUT_FILENO).map { Int($0.ws_col) }
  }

  /// How many lines a screen has: what LINES says, else the height of the terminal; nil where data go elsewhere.
  static var height: Int? {
    if let lines = ProcessInfo.processInfo.environment["LINES"].flatMap({ Int($0) }), lines > 0 {
      return lines
    }
    return size(STDOUT_FILENO).map { Int($0.ws_row) }
  }

  /// The terminal behind a descriptor; nil if it is none, or does not know its size.
  static func size(_ descriptor: Int32) -> winsize? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return nil
    }
    return size
  }

  /// Whether text may be coloured: on a terminal that knows colours, unless NO_COLOR forbids it, and anywhere if
  /// CLICOLOR_FORCE asks for it (no-color.org, bixense.com/clicolors).
  static func style(_ descriptor: Int32) -> TextStyle {
    let environment = ProcessInfo.processInfo.environment
    func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty && $0 != "0" } ?? false }
    if environment["NO_COLOR"]?.isEmpty == false { return .plain }
    let term = environment["TERM"] ?? "dumb"
    guard isSet("CLICOLOR_FORCE") || (isatty(descriptor) == 1 && term != "dumb") else { return .plain }
    return ["truecolor", "24bit"].contains(environment["COLORTERM"]) ? .trueColor : .indexed
  }

  /// Whether data could not be printed, though someone may be waiting for it: a full disk.
  static var hasLostData: Bool { lostData.withLock { $0 } }
  private static let lostData = Mutex(false)

  /// Prints data. If no one reads any more (`| head`), nothing is printed and the work continues; its exit code
  /// is that of the work. A stream that fails otherwise is reported once, and the command ends with 73.
  static func data(_ text: String) {
    guard !write(text, to: STDOUT_FILENO), errno != EPIPE else { return }
    let problem = SystemFailure.last
    let isFirst = lostData.withLock { lost in
      defer { lost = true }
      return !lost
    }
    if isFirst { say("gradflow: standard output cannot be written: \(problem)") }
  }

  /// Prints a line to standard error, unless the user asked for quiet.
  static func say(_ line: String, unless quiet: Bool = false) {
    if !quiet { talk(line + "\n") }
  }

  /// Prints a message as it is; continues if no one listens.
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
        // A stream that another program has set not to wait.
        if errno == EAGAIN {
          var stream = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&stream, 1, -1)
          continue
        }
        return false
      }
      written += count
    }
    return true
  }
}
