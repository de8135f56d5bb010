import Foundation
import GradientFlow
import TextFiles

/// `progress.json`: the state of the process that writes, or last wrote, to a run. It is rewritten every
/// few seconds, so that others, also on other machines, can follow it without touching the store.
struct RunActivity: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable {
    case running, interrupted, ended
  }

  package var state: State
  package var progress: RunProgress
  /// Estimated time to the end; nil before the first trial is done.
  package var secondsLeft: Double?
  package let jobs: Int
  package let host: String
  package let process: Int32
  let startedAt: Date
  var updatedAt: Date

  /// Of this process.
  package init(jobs: Int, progress: RunProgress) {
    state = .running
    self.progress = progress
    self.jobs = jobs
    host = ProcessInfo.processInfo.hostName
    process = ProcessInfo.processInfo.processIdentifier
    startedAt = Date()
    updatedAt = startedAt
  }

  /// Seconds between two versions.
  package static let interval = 2.0

  /// Records the sweep's progress and writes it.
  package mutating func update(_ sweep: SweepProgress, to directory: RunDirectory) {
    progress = sweep.counts
    secondsLeft = sweep.secondsLeft
    updatedAt = Date()
    write(to: directory)
  }

  /// nil if there is none, or if it cannot be read.
  package init?(of directory: RunDirectory) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .iso8601
    guard let data = RegularFile.beginning(of: directory.progress),
      let activity = try? decoder.decode(RunActivity.self, from: data)
    else { return nil }
    self = activity
  }

  /// Writes it into a run. It only informs others, so a full disk stops nothing here.
  package func write(to directory: RunDirectory) {
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
