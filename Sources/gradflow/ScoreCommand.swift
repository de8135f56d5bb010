import ArgumentParser
import Experiments
import GradientFlow

/// How a score is printed.
enum ScoreFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, csv
}

struct ScoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Measure the perplexity of a text under a language model.",
    discussion: """
      Reads the text in one piece from a zero state and prints the mean −ln p of every character or word after the first, \
      in nats and bits, and its exponential, the perplexity.

        gradflow score runs/char-lm new.txt
        gradflow score model.safetensors new.txt --vocabulary vocabulary.json   # trained with PyTorch
        gradflow score runs/char-lm new.txt --format csv > characters.csv       # ln p of each character

      Without FILE, the test part of the text that the model was trained on is read.
      """)

  @OptionGroup var model: LanguageOptions

  @Argument(help: "A UTF-8 text; - for standard input.", completion: .file())
  var file: String?

  @Option(help: "text, json, or csv: one row per token.")
  var format: ScoreFormat = .text

  func run() async throws {
    try await ExitStatus.interruptible {
      let found = try model.read()
      try found.requireTokens()
      let tokens: [Int32]
      if let file {
        tokens = try found.tokens(ofFile: file == "-" ? "/dev/stdin" : file)
      } else {
        let corpus = try found.corpus()
        tokens = Array(corpus.tokens[corpus.parts.test])
      }
      let activity = ActivityLine(quiet: false)
      let count = Brief.grouped(tokens.count)
      let score = try found.model.score(tokens) { activity.show("Read \(Brief.grouped($0)) of \(count)") }
      activity.clear()
      let report = ScoreText(found, tokens, score)
      switch format {
      case .text:
        Terminal.data(report.text)
        Terminal.say("Next: gradflow generate \(model.text)")
      case .json: Terminal.data(report.json.text)
      case .csv: report.writeCSV { Terminal.data($0) }
      }
    }
  }
}
