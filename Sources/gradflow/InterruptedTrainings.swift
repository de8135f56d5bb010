import Experiments
import Foundation

/// What to say about training runs that a signal interrupts: where they continue, and how long stopping takes.
struct InterruptedTrainings {
  let courses: [TrainingMonitor.Course]

  private var isOne: Bool { courses.count == 1 }
  private var subject: String {
    isOne ? "the training run in progress" : "the \(courses.count) training runs in progress"
  }

  /// The updates they continue from, according to their checkpoints.
  private var place: String {
    let updates = courses.map { $0.checkpoint ?? 0 }.sorted()
    guard let first = updates.first, let last = updates.last, last > 0 else { return "the beginning" }
    if first == last { return "update \(first)" }
    if updates.count > 4 { return "updates \(first) to \(last)" }
    return "updates " + updates.dropLast().map(String.init).joined(separator: ", ") + " and \(last)"
  }

  /// Where those that have stopped continue; nil if there are none.
  var outcome: String? {
    guard !courses.isEmpty else { return nil }
    return subject.prefix(1).uppercased() + subject.dropFirst()
      + " \(isOne ? "continues" : "continue") from \(place)."
  }

  /// While waiting for them: how long it takes, and what stopping at once would lose.
  var waiting: String {
    let stop = "\(subject) \(isOne ? "stops after its current update" : "stop after their current updates")"
    let urgent =
      "a second Ctrl-C stops at once, and \(isOne ? "it continues" : "they continue") from \(place)"
    guard let seconds = secondsLeft else {
      return "Interrupted: \(stop); no update has finished yet, so the time is unknown; \(urgent)."
    }
    return "Interrupted: \(stop), in at most about \(seconds) s; \(urgent)."
  }

  /// Seconds until the last of them stops, from the longest update of each; nil if one has made no update yet.
  private var secondsLeft: Int? {
    var most = 1.0
    for course in courses {
      guard let longest = course.longestUpdate else { return nil }
      most = max(most, longest - (ContinuousClock.now - course.pausedAt) / .seconds(1))
    }
    return Int(most.rounded(.up))
  }
}
