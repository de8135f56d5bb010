import ArgumentParser
import GradientFlow

/// Passes of several layers, and of sequences of different lengths.
struct StacksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stacks", abstract: "Whole passes of several layers, and of sequences of different lengths.")

  @OptionGroup var options: TableOptions

  func run() throws {
    BLASEnvironment.useOneThread()
    let peers = options.started(Peer.Kind.ofStacks)
    let report = try withScratchFolder { scratch in
      StackReport(
        heading: options.heading(peers), kinds: peers.map(\.kind),
        stacks: try measure(StackRow.stacks, peers, in: scratch),
        ragged: try measure(StackRow.ragged, peers, in: scratch))
    }
    try options.show(report.text, marked: "stack table")
  }

  private func measure(
    _ rows: [StackRow], _ peers: [Peer], in scratch: String
  ) throws -> [StackMeasurement] {
    let (rounds, seconds) = options.effort
    return try rows.filter { options.includes($0.name) }.map { row in
      let shared = try row.shared(in: scratch)
      let own = row.results
      for peer in peers { try shared.load(peer, comparing: own) }
      let m = try StackMeasurement(row, peers: peers, rounds: rounds, seconds: seconds)
      note(
        "\(row.name): ours \(m.whole / 1000) ms a pass"
          + (peers.isEmpty ? "" : "; \(peers.count) peers computed the same"))
      return m
    }
  }
}
