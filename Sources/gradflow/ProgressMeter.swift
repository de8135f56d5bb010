import Experiments
import Figures
import Foundation
import TextFiles

/// Progress on standard error: a line on a terminal, redrawn with the curves of watched training runs above it; a plain
/// line now and then elsewhere.
final class ProgressMeter: @unchecked Sendable {
  private let silent: Bool
  private let redraws = Terminal.canRedraw
  private let lock = NSLock()
  private var lastShown: ContinuousClock.Instant?
  /// The lines that are redrawn; the cursor is at the end of the last one.
  private var redrawn: [String] = []
  private var trainings = WatchedTrainings()
  /// The training run whose lines came last.
  private var named: String?

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

  /// One line for each profile among new rows of training runs: the gradient of every timestep as it evolves.
  func watch(_ rows: [TrainingMonitor.Row]) {
    guard !silent, !rows.isEmpty else { return }
    lock.withLock { trainings.add(rows) }
    let lines = redraws ? linesByTraining(rows) : rows.compactMap(TrainingReport.watched)
    if !lines.isEmpty { line(lines.joined(separator: "\n")) }
  }

  /// Short lines, below the name of their training run where it is another than before.
  private func linesByTraining(_ rows: [TrainingMonitor.Row]) -> [String] {
    rows.map(\.trial).distinct.flatMap { trial in
      var lines = rows.filter { $0.trial == trial }.compactMap { TrainingReport.watched($0, width: width) }
      if !lines.isEmpty, named != trial.id {
        lines.insert(TrainingReport.name(trial), at: 0)
        named = trial.id
      }
      return lines
    }
  }

  /// A separate line, omitted with --quiet.
  func note(_ text: String) {
    if !silent { line(WrappedText.paragraph(text, indent: "  ", width: redraws ? width : nil)) }
  }

  /// How wide what is redrawn may be: a line that the terminal broke could not be cleared.
  private var width: Int { Terminal.size(STDERR_FILENO).map { Int($0.ws_col) - 1 } ?? 79 }

  /// A separate line above the redrawn ones, even if no progress is shown.
  func line(_ text: String) {
    lock.withLock { Terminal.talk(erasure + text + "\n" + redrawn.joined(separator: "\n")) }
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
      if !redrawn.isEmpty { Terminal.talk("\n") }
      redrawn = []
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
    guard redraws else { return Terminal.talk(text + "\n") }
    let erasure = erasure
    redrawn = curves + [String(text.prefix(width))]
    Terminal.talk(erasure + redrawn.joined(separator: "\n"))
  }

  /// The sequence that clears what is redrawn: ECMA-48, CUU and ED.
  private var erasure: String {
    if redrawn.isEmpty { return "" }
    return "\r" + (redrawn.count > 1 ? "\u{1B}[\(redrawn.count - 1)A" : "") + "\u{1B}[J"
  }

  /// The curves of what is watched, on half of the screen at most.
  private var curves: [String] {
    guard let size = Terminal.size(STDERR_FILENO), size.ws_row >= 20 else { return [] }
    return trainings.lines(
      columns: width, rows: min(14, Int(size.ws_row) / 2),
      styled: Terminal.style(STDERR_FILENO))
  }

  private static func rate(_ perSecond: Double) -> String {
    perSecond >= 1
      ? String(format: "%.0f per second", perSecond) : String(format: "%.1f per minute", perSecond * 60)
  }
}
