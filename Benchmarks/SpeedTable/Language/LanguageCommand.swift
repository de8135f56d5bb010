import ArgumentParser
import GradientFlow

/// Updates of language models of characters, beside their bare products.
struct LanguageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "language", abstract: "Updates of language models of characters, beside their bare products."
  )

  @OptionGroup var options: TableOptions
  @Option(help: "The text whose characters are learnt.")
  var text = "LICENSE"

  func run() throws {
    BLASEnvironment.useOneThread()
    let content = try String(contentsOfFile: text, encoding: .utf8)
    let task = NextToken(try Corpus(charactersOf: content, validation: 10, test: 10))
    let rows = [CellKind.rnn, .gru, .lstm].flatMap { cell in
      [128, 256].map { hidden in
        TrainingRow(
          task: task, taskName: "characters", cell: cell, hidden: hidden, steps: 50, batch: 32,
          optimiser: .adam(decay1: 0.9, decay2: 0.999), truncation: Truncation(k1: 50, k2: 50))
      }
    }.filter { options.includes($0.name) }
    var lines: [[String]] = []
    for row in rows { lines.append(try measure(row, vocabulary: task.outputSize)) }
    let table = MarkdownTable(
      columns: [
        "cell H", "V", "ours, ms an update", "bare products, ms", "GFLOP/s of products",
        "share of the update",
      ],
      rows: lines)
    try options.show(
      ([options.heading([]), ""] + table.lines).joined(separator: "\n") + "\n", marked: "language table")
  }

  /// Both in turns, and the medians of the rounds.
  private func measure(_ row: TrainingRow, vocabulary: Int) throws -> [String] {
    let (rounds, seconds) = options.effort
    let ours = OwnTraining(row)
    let floor = TextFloor(
      steps: row.steps, batch: row.batch, hidden: row.hidden, gates: row.cell.gates.count,
      vocabulary: vocabulary)
    var (own, bare): ([Double], [Double]) = ([], [])
    _ = try ours.time(seconds: 0.1)
    for _ in 0..<rounds {
      own.append(try ours.time(seconds: seconds))
      bare.append(Clock.medians([0], steps: 1, seconds: seconds) { _ in floor.run() }[0])
    }
    let (update, products) = (median(own), median(bare))
    note("\(row.cell.rawValue) \(row.hidden): \(update) µs an update, products \(products) µs")
    return [
      "\(row.cell.rawValue) \(row.hidden)", "\(vocabulary)", number(update / 1000, 3),
      number(products / 1000, 3),
      number(floor.operations / products / 1000, 3), number(products / update, 3),
    ]
  }
}
