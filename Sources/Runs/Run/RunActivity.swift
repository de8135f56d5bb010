import Foundation
import GradientFlow

/// `progress.json`: what the process that writes into a run, or last wrote, says of itself. It is written anew every
/// few seconds, so that others, also on other machines, can follow it without touching the store.
struct RunActivity: Codable, Sendable, Equatable {
  enum State: String, Codable, Sendable {
    case running, interrupted, ended
  }

  var state: State
  var progress: RunProgress
  /// Estimated time to the end; nil before the first trial is done.
  var secondsLeft: Double?
  let jobs: Int
  let host: String
  let process: Int32
  let startedAt: Date
  var updatedAt: Date

  /// Of this process.
  init(jobs: Int, progress: RunProgress) {
    state = .running
    self.progress = progress
    self.jobs = jobs
    host = ProcessInfo.processInfo.hostName
    process = ProcessInfo.processInfo.processIdentifier
    startedAt = Date()
    updatedAt = startedAt
  }

  /// Seconds between two versions.
  static let interval = 2.0

  /// Notes how far the sweep is, and writes it.
  mutating func update(_ sweep: SweepProgress, to directory: RunDirectory) {
    progress = sweep.counts
    secondsLeft = sweep.secondsLeft
    updatedAt = Date()
    write(to: directory)
  }

  /// nil where there is none, or one that cannot be understood.
  init?(of directory: RunDirectory) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .iso8601
    guard let data = RegularFile.beginning(of: directory.progress),
      let activity = try? decoder.decode(RunActivity.self, from: data)
    else { return nil }
    self = activity
  }

  /// Writes it into a run. It is a courtesy to others: a full disk here stops nothing.
  func write(to directory: RunDirectory) {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(self), !OwnFile.progress.isMissing(at: directory.progress) else {
      return
    }
    try? AtomicFile.write(data, to: directory.progress)
  }
}
