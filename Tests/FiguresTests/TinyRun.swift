import Experiments
import Foundation

/// A run of a few seconds in a directory of its own, which is removed with it.
final class TinyRun {
  let directory: String
  let run: Run

  /// - Parameters:
  ///   - yaml: a specification's lines beside name and sizes.
  ///   - then: overrides of a larger specification, of which nothing more is run: the run is unfinished.
  ///   - folder: the last part of the run's path.
  ///   - sizes: lines that a task to be learned has no use for.
  init(
    _ yaml: String, then overrides: [String] = [], folder: String = "run",
    sizes: String = "hidden_size: 6\ninput_size: 3\nbatch_size: 2\n"
  ) async throws {
    directory = NSTemporaryDirectory() + "figures-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    let path = "\(directory)/\(folder)"
    func sweep(_ overrides: [String]) throws -> Sweep {
      let specification = try SweepSpecification.parse(
        text: "name: tiny\n" + sizes + yaml, file: "tiny.yaml", overrides: overrides)
      return try Sweep(specification, directory: path, options: SweepOptions(jobs: 1))
    }
    _ = try await sweep([]).execute()
    if !overrides.isEmpty { _ = try sweep(overrides) }
    run = try Run(directory: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }
}

/// The rows of a CSV by column name; blank lines part blocks and are skipped.
func rows(ofCSV text: String) -> [[String: String]] {
  let lines = text.split(separator: "\n")
  let names = lines.first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
  return lines.dropFirst().map { line in
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    return Dictionary(uniqueKeysWithValues: zip(names.map(String.init), fields.map(String.init)))
  }
}

/// Whether gnuplot is on the PATH; tests that render are skipped without it.
let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }
