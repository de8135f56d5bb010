import Foundation

/// Shows what a command is doing: one redrawn line on a terminal, nothing elsewhere.
final class ActivityLine {
  private let shows: Bool

  init(quiet: Bool) { shows = !quiet && Terminal.canRedraw }

  /// Replaces the line.
  func show(_ text: String) {
    if shows { Terminal.talk("\r\u{1B}[K\(text) …") }
  }

  /// Leaves an empty line to what follows.
  func clear() {
    if shows { Terminal.talk("\r\u{1B}[K") }
  }
}
