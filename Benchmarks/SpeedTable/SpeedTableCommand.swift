import ArgumentParser
import Foundation
import GradientFlow

/// The table of speeds: ours, the floor and the peers, measured in turns in one run.
@main
struct SpeedTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "SpeedTable",
    abstract: "Times whole passes against bare matrix products and against other libraries.")

  @Option(help: "Directory of the peers' scripts; without it, ours alone is timed.")
  var peers: String?
  @Option(help: "The Python that has their libraries.")
  var python = "python3"
  @Option(help: "Only rows whose name starts so, such as 'lstm 64'; without long sequences.")
  var rows: String?
  @Flag(help: "Fewer and shorter rounds.")
  var quick = false
  @Option(help: "Also put the table between the markers of this Markdown file.")
  var into: String?

  func run() throws {
    BLASEnvironment.useOneThread()
    let (rounds, seconds) = quick ? (3, 0.05) : (7, 0.25)
    // Memory first: the peak is of the whole process.
    let scaling = rows == nil ? scaling(seconds: seconds) : []
    let gains = rows == nil ? gains(seconds: 4 * seconds) : []
    let peers = peers.map { directory in
      Peer.Kind.all.compactMap { Peer($0, directory: directory, python: python) }
    }
    let measured = try measure(peers ?? [], rounds: rounds, seconds: seconds)
    let report = Report(
      machine: machineName(), versions: Array(Set((peers ?? []).map(\.version))).sorted(),
      kinds: (peers ?? []).map(\.kind), rows: measured, scaling: scaling, gainOfTwoThreads: gains)
    print(report.text, terminator: "")
    if let into { try report.text.replaceMarked(in: into) }
  }

  private func scaling(seconds: Double) -> [(row: BenchmarkRow, points: [Scaling.Point])] {
    let lengths = quick ? [1_000, 10_000, 100_000] : [1_000, 10_000, 100_000, 1_000_000]
    return [
      BenchmarkRow(.lstm, hidden: 128, batch: 1, inputs: 8, steps: 1_000),
      BenchmarkRow(.rnn, hidden: 32, batch: 1, inputs: 8, steps: 1_000),
    ].map { row in
      note("\(row.name): up to \(lengths.last ?? 0) steps")
      return (row, Scaling(row: row).points(lengths, seconds: seconds))
    }
  }

  private func gains(seconds: Double) -> [(row: BenchmarkRow, gain: Double)] {
    [BenchmarkRow.all[1], BenchmarkRow.all[6]].map {
      ($0, Scaling.gainOfTwoThreads($0, seconds: seconds))
    }
  }

  private func measure(
    _ peers: [Peer], rounds: Int, seconds: Double
  ) throws -> [RowMeasurement] {
    let scratch = NSTemporaryDirectory() + "speed-table-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    return try BenchmarkRow.all.filter { $0.name.hasPrefix(rows ?? "") }.map { row in
      let shared = try SharedCase(row, in: scratch)
      for peer in peers {
        try peer.load(shared.directory)
        try shared.check(peer)
      }
      let m = try RowMeasurement(row, peers: peers, rounds: rounds, seconds: seconds)
      note(
        "\(row.name): floor \(m.floor), ours \(m.withNorms) µs a step"
          + (peers.isEmpty ? "" : "; \(peers.count) peers computed the same"))
      return m
    }
  }
}
