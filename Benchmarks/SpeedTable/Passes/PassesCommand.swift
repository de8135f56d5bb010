import ArgumentParser
import GradientFlow

/// Passes of one layer, with and without norms of every step.
struct PassesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passes", abstract: "Whole passes of one layer; without --rows, long sequences too.")

  @OptionGroup var options: TableOptions

  func run() throws {
    BLASEnvironment.useOneThread()
    let (rounds, seconds) = options.effort
    // Memory first: the peak is of the whole process.
    let scaling = options.rows == nil ? scaling(seconds: seconds) : []
    let gains = options.rows == nil ? gains(seconds: 4 * seconds) : []
    let peers = options.started(Peer.Kind.ofPasses)
    let rows = try withScratchFolder { scratch in
      try PassRow.all.filter { options.includes($0.name) }.map { row in
        let shared = try row.shared(in: scratch)
        let own = row.results
        for peer in peers { try shared.load(peer, comparing: own) }
        let m = try PassMeasurement(row, peers: peers, rounds: rounds, seconds: seconds)
        note(
          "\(row.name): floor \(m.floor), ours \(m.withNorms) µs a step"
            + (peers.isEmpty ? "" : "; \(peers.count) peers computed the same"))
        return m
      }
    }
    let report = PassReport(
      heading: options.heading(peers), kinds: peers.map(\.kind), rows: rows, scaling: scaling,
      gainOfTwoThreads: gains)
    try options.show(report.text, marked: "speed table")
  }

  private func scaling(seconds: Double) -> [(row: PassRow, points: [Scaling.Point])] {
    let lengths = options.quick ? [1_000, 10_000, 100_000] : [1_000, 10_000, 100_000, 1_000_000]
    return [
      PassRow(.lstm, hidden: 128, batch: 1, inputs: 8, steps: 1_000),
      PassRow(.rnn, hidden: 32, batch: 1, inputs: 8, steps: 1_000),
    ].map { row in
      note("\(row.name): up to \(lengths.last ?? 0) steps")
      return (row, Scaling(row: row).points(lengths, seconds: seconds))
    }
  }

  private func gains(seconds: Double) -> [(row: PassRow, gain: Double)] {
    [PassRow.all[1], PassRow.all[6]].map {
      ($0, Scaling.gainOfTwoThreads($0, seconds: seconds))
    }
  }
}
