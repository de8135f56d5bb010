import Foundation
import GradientFlow
import TextFiles

/// What a text costs a model, for people and for programs.
public struct ScoreText {
  private let model: ReadLanguageModel
  private let tokens: [Int32]
  private let score: TextScore

  public init(_ model: ReadLanguageModel, _ tokens: [Int32], _ score: TextScore) {
    (self.model, self.tokens, self.score) = (model, tokens, score)
  }

  private var level: TokenLevel { model.model.vocabulary.level }
  private var unknown: Int {
    model.model.vocabulary.unknown.map { id in tokens.dropFirst().count { $0 == id } } ?? 0
  }

  /// One line, and what costs most.
  public var text: String {
    let count = score.logProbabilities.count
    var text =
      "\(Brief.number(score.nats, digits: 6)) nats per \(level.noun), perplexity "
      + "\(Brief.number(score.perplexity, digits: 6)), \(Brief.number(score.bits, digits: 6)) bits per \(level.noun), over "
      + "\(Brief.grouped(count)) \(level.noun)s after the first\n"
    if unknown > 0 {
      text +=
        "\(Brief.grouped(unknown)) of them are not in the vocabulary and count as "
        + "\(Vocabulary.unknownName): perplexities of other vocabularies do not compare\n"
    }
    return text + "\n" + AlignedRows.text([Self.titles] + costliest.prefix(10).map(row))
  }

  private static let titles = ["token", "times", "−ln p, mean (nats)", "share of the whole"]

  private func row(_ cost: Cost) -> [String] {
    [
      model.model.vocabulary.name(of: cost.id), Brief.grouped(cost.count),
      Brief.number(cost.nats / Double(cost.count)), Brief.percent(cost.nats / -sum),
    ]
  }

  private struct Cost {
    let id: Int
    var count = 0
    var nats = 0.0
  }

  private var sum: Double { score.logProbabilities.reduce(0, +) }

  /// By token, the one that costs most in all first.
  private var costliest: [Cost] {
    var costs: [Int32: Cost] = [:]
    for (token, log) in zip(tokens.dropFirst(), score.logProbabilities) {
      costs[token, default: Cost(id: Int(token))].count += 1
      costs[token, default: Cost(id: Int(token))].nats -= log
    }
    return costs.values.sorted { ($1.nats, $0.id) < ($0.nats, $1.id) }
  }

  public var json: JSONText {
    .object([
      ("model", .string(model.path)), ("level", .string(level.rawValue)),
      ("tokens", .integer(score.logProbabilities.count)), ("unknown", .integer(unknown)),
      ("nats", .number(score.nats)), ("perplexity", .number(score.perplexity)),
      ("bits", .number(score.bits)),
    ])
  }

  /// One row per token after the first.
  public func writeCSV(to write: (String) -> Void) {
    write("position,token,log_probability\n")
    var text = ""
    for (k, log) in score.logProbabilities.enumerated() {
      let token = model.model.vocabulary.tokens[Int(tokens[k + 1])]
      text += "\(k + 2),\(CSVField.text(token)),\(CSVField.number(log))\n"
      if text.utf8.count > 1 << 16 {
        write(text)
        text = ""
      }
    }
    write(text)
  }
}
