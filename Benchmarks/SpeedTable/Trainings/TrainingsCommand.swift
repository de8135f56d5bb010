import ArgumentParser
import GradientFlow

/// Updates of training.
struct TrainingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trainings", abstract: "Updates of networks in training.")

  @OptionGroup var options: TableOptions
  @Option(help: "The text whose characters are learnt.")
  var text = "LICENSE"

  func run() throws {
    BLASEnvironment.useOneThread()
    let content = try String(contentsOfFile: text, encoding: .utf8)
    let peers = options.started(Peer.Kind.ofTrainings + [.numpy])
    let report = try withScratchFolder { scratch in
      TrainingReport(
        heading: options.heading(peers), kinds: peers.map(\.kind),
        rows: try TrainingRow.all(text: content).filter { options.includes($0.name) }.map { row in
          try measure(row, peers.filter { row.isMade(by: $0.kind) }, in: scratch)
        })
    }
    try options.show(report.text, marked: "training table")
  }

  /// All in turns, and the medians of the rounds.
  private func measure(
    _ row: TrainingRow, _ peers: [Peer], in scratch: String
  ) throws -> TrainingMeasurement {
    let (rounds, seconds) = options.effort
    let shared = try row.shared(in: scratch)
    let ours = OwnTraining(row)
    let losses = try ours.losses()
    for peer in peers { try shared.load(peer, comparing: ["losses": losses]) }
    var own: [Double] = []
    var others: [Peer.Kind: [Double]] = [:]
    for _ in 0..<rounds {
      own.append(try ours.time(seconds: seconds))
      for peer in peers {
        others[peer.kind, default: []].append(
          try peer.time(seconds: seconds) / Double(TrainingRow.updates))
      }
    }
    note(
      "\(row.name): ours \(median(own)) µs an update"
        + (peers.isEmpty ? "" : "; \(peers.count) peers had the same losses"))
    return TrainingMeasurement(row: row, own: median(own), peers: others.mapValues(median))
  }
}

/// What was measured of one row, µs an update.
struct TrainingMeasurement {
  let row: TrainingRow
  let own: Double
  let peers: [Peer.Kind: Double]
}

/// The measurements as Markdown.
struct TrainingReport {
  let heading: String
  let kinds: [Peer.Kind]
  let rows: [TrainingMeasurement]

  var text: String {
    let table = MarkdownTable(
      columns: ["cell H, optimiser, task", "T, B", "ours, ms an update"] + kinds.map(\.title)
        + ["fastest of them ×"],
      rows: rows.map { m in
        [m.row.name, "\(m.row.steps), \(m.row.batch)", number(m.own / 1000, 3)]
          + kinds.map { number(m.peers[$0].map { $0 / 1000 }, 3) }
          + [number(m.peers.values.min().map { $0 / m.own }, 2)]
      })
    return ([heading, ""] + table.lines).joined(separator: "\n") + "\n"
  }
}
