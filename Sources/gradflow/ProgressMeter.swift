import Experiments
import Foundation

/// Progress on standard error: one redrawn line on a terminal, a plain line now and then elsewhere.
final class ProgressMeter: @unchecked Sendable {
  private let pending: Int
  private let silent: Bool
  private let redraws = Terminal.canRedraw
  private let start = Date()
  private let lock = NSLock()
  private var finishedHere = 0
  private var lastShown = Date.distantPast

  init(pending: Int, silent: Bool) {
    self.pending = pending
    self.silent = silent
  }

  /// One more trial is stored.
  func update(_ progress: RunProgress) {
    lock.withLock {
      finishedHere += 1
      let interval = redraws ? 0.1 : 10
      guard !silent, Date().timeIntervalSince(lastShown) >= interval else { return }
      lastShown = Date()
      show(progress)
    }
  }

  /// A line of its own, above the redrawn one.
  func line(_ text: String) {
    lock.withLock { Terminal.talk(redraws && !silent ? "\r\u{1B}[K\(text)\n" : text + "\n") }
  }

  /// The last state.
  func finish(_ progress: RunProgress) {
    lock.withLock {
      guard !silent, finishedHere > 0 else { return }
      show(progress)
      if redraws { Terminal.talk("\n") }
    }
  }

  private func show(_ progress: RunProgress) {
    let elapsed = Date().timeIntervalSince(start)
    let rate = Double(finishedHere) / max(elapsed, 1e-3)
    var text = "\(progress.done + progress.failed)/\(progress.total) trials, "
    text += String(format: "%.0f a second", rate)
    if finishedHere < pending {
      text += ", " + Self.duration(Double(pending - finishedHere) / max(rate, 1e-9)) + " left"
    } else {
      text += ", " + Self.duration(elapsed)
    }
    if progress.overflowed > 0 { text += ", \(progress.overflowed) overflowed" }
    if progress.underflowed > 0 { text += ", \(progress.underflowed) underflowed" }
    if progress.diverged > 0 { text += ", \(progress.diverged) diverged" }
    if progress.failed > 0 { text += ", \(progress.failed) failed" }
    Terminal.talk(redraws ? "\r\u{1B}[K\(text)" : text + "\n")
  }

  private static func duration(_ seconds: Double) -> String {
    if seconds < 60 { return String(format: "%.0f s", seconds) }
    if seconds < 3600 {
      return String(
        format: "%.0f min %02.0f s", (seconds / 60).rounded(.down),
        seconds.truncatingRemainder(dividingBy: 60))
    }
    return String(format: "%.1f h", seconds / 3600)
  }
}
