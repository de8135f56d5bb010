import Experiments
import Foundation

/// Progress on standard error: one redrawn line on a terminal, a plain line now and then elsewhere.
final class ProgressMeter: @unchecked Sendable {
  private let silent: Bool
  private let redraws = Terminal.canRedraw
  private let lock = NSLock()
  private var lastShown: ContinuousClock.Instant?
  private var isOnLine = false
  /// The update whose gradients were shown last, by trial.
  private var watched: [String: Int] = [:]

  init(silent: Bool) { self.silent = silent }

  /// One more trial is stored.
  func update(_ progress: SweepProgress) {
    lock.withLock {
      guard !silent, isTime(afterSeconds: redraws ? 0.1 : 10) else { return }
      show(progress)
    }
  }

  /// Training runs have advanced.
  func follow(_ progress: SweepProgress, _ courses: [TrainingMonitor.Course]) {
    lock.withLock {
      guard !silent, let first = courses.first, isTime(afterSeconds: redraws ? 0.4 : 10) else { return }
      show(progress, first)
    }
  }

  /// Whether that much time has passed since something was shown; then it is noted as shown now.
  private func isTime(afterSeconds interval: Double) -> Bool {
    let now = ContinuousClock.now
    if let lastShown, now - lastShown < .seconds(interval) { return false }
    lastShown = now
    return true
  }

  /// One line per new profile of the active training runs: the gradient of every timestep as it evolves.
  func watch(_ courses: [TrainingMonitor.Course]) {
    for course in courses.sorted(by: { $0.trial.id < $1.trial.id }) {
      guard let profile = course.profile, watched[course.trial.id] != profile.iteration else { continue }
      watched[course.trial.id] = profile.iteration
      note(TrainingReport.watched(course, profile))
    }
  }

  /// A separate line, omitted with --quiet.
  func note(_ text: String) {
    if !silent { line(text) }
  }

  /// A separate line above the redrawn one, even if no progress is shown.
  func line(_ text: String) {
    lock.withLock { Terminal.talk(isOnLine ? "\r\u{1B}[K\(text)\n" : text + "\n") }
  }

  /// The last state.
  func finish(_ progress: SweepProgress) {
    lock.withLock {
      if !silent, progress.ran > 0 { show(progress) }
    }
    endLine()
  }

  /// What follows begins on a new line.
  func endLine() {
    lock.withLock {
      if isOnLine { Terminal.talk("\n") }
      isOnLine = false
    }
  }

  private func show(_ progress: SweepProgress, _ course: TrainingMonitor.Course? = nil) {
    let counts = progress.counts
    let rate = Double(progress.ran) / max(progress.elapsed, 1e-3)
    var parts = ["\(counts.done + counts.failed)/\(counts.total) trials"]
    if counts.left == 0 {
      parts += [Self.rate(rate), Duration.text(seconds: progress.elapsed)]
    } else if progress.elapsed >= 1, let left = progress.secondsLeft {
      // The first trials draw what later ones share, and tell little.
      parts += [Self.rate(rate), Duration.text(seconds: left) + " left"]
    }
    for (count, what) in [
      (counts.overflowed, "overflowed"), (counts.underflowed, "underflowed"),
      (counts.diverged, "diverged"), (counts.failed, "failed"),
    ] where count > 0 { parts.append("\(count) \(what)") }
    if let course, let training = course.trial.training {
      parts.append("update \(course.iteration) of \(training.iterations)")
      if let loss = course.loss { parts.append(String(format: "loss %.4g", loss)) }
      if let error = course.testError { parts.append(String(format: "%.1f %% wrong", 100 * error)) }
    }
    let text = parts.joined(separator: ", ")
    Terminal.talk(redraws ? "\r\u{1B}[K\(text)" : text + "\n")
    isOnLine = redraws
  }

  private static func rate(_ perSecond: Double) -> String {
    perSecond >= 1
      ? String(format: "%.0f per second", perSecond) : String(format: "%.1f per minute", perSecond * 60)
  }
}
