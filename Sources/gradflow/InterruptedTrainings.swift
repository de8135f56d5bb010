import Experiments
import Foundation

/// What becomes of trainings that a signal has come upon, in words that are kept.
struct InterruptedTrainings {
  let courses: [TrainingMonitor.Course]

  private var isOne: Bool { courses.count == 1 }
  private var subject: String {
    isOne ? "the training under way" : "the \(courses.count) trainings under way"
  }

  /// From which updates they go on: what is in their checkpoints.
  private var place: String {
    let updates = courses.map { $0.checkpoint ?? 0 }.sorted()
    guard let first = updates.first, let last = updates.last, last > 0 else { return "the beginning" }
    if first == last { return "update \(first)" }
    if updates.count > 4 { return "updates \(first) to \(last)" }
    return "updates " + updates.dropLast().map(String.init).joined(separator: ", ") + " and \(last)"
  }

  /// What is kept of those that have ended; nil where there are none.
  var outcome: String? {
    guard !courses.isEmpty else { return nil }
    return subject.prefix(1).uppercased() + subject.dropFirst()
      + " \(isOne ? "goes" : "go") on from \(place)."
  }

  /// While they are waited for: how long, and what ending at once would lose.
  var waiting: String {
    let stop = "\(subject) \(isOne ? "stops after its update" : "stop after their updates")"
    let urgent =
      "a second Ctrl-C stops at once, and \(isOne ? "it goes" : "they go") on from \(place)"
    guard let seconds = secondsLeft else {
      return "Interrupted: \(stop); how long the first takes is not known yet; \(urgent)."
    }
    return "Interrupted: \(stop), at most about \(seconds) s; \(urgent)."
  }

  /// Until the last of them rests, by the longest update that each has made; nil where one has made none.
  private var secondsLeft: Int? {
    var most = 1.0
    for course in courses {
      guard let longest = course.longestUpdate else { return nil }
      most = max(most, longest - (ContinuousClock.now - course.restedAt) / .seconds(1))
    }
    return Int(most.rounded(.up))
  }
}
