import Foundation
import GradientFlow
import Runs
import TextFiles
import Trials

/// What was found of a model's units on a text.
public struct LanguageFindings: Sendable {
  /// What the model and the text are called.
  public let model, text: String
  public let report: UnitReport
  /// How closing marks are foreseen; nil where the text has none.
  public let closing: ClosingErrors?

  public init(model: String, text: String, report: UnitReport, closing: ClosingErrors? = nil) {
    (self.model, self.text, self.report, self.closing) = (model, text, report, closing)
  }
}

/// Looks at the units of a model on a text: the one that is given, or the test part of its training's.
public struct UnitLook {
  private let model: ReadLanguageModel
  private let text, training: String?
  private let limit: Int

  /// - Parameters:
  ///   - text: a file; nil: the test part of the text that the model was trained on.
  ///   - training: a file that n-grams are counted in; nil: the training part of that text, if there is one.
  ///   - limit: characters to read at most.
  public init(_ model: ReadLanguageModel, text: String?, training: String?, limit: Int) {
    (self.model, self.text, self.training, self.limit) = (model, text, training, limit)
  }

  /// Reads the text.
  ///
  /// - Throws: ``LanguageFileError``, `LanguageModelError`, `UnitSeriesError`, or an error of reading a file.
  public func findings(
    _ options: UnitReportOptions, progress: (String) -> Void = { _ in }
  ) throws -> LanguageFindings {
    guard model.model.vocabulary.level == .characters else {
      throw LanguageFileError.noModel(model.path, "features are of characters, and the model is one of words")
    }
    let read = try given()
    let single = model.model.converted(to: Float.self)
    let count = Brief.grouped(read.tokens.count)
    let report = try single.unitReport(read.tokens, drawing(options)) {
      progress("Read \(Brief.grouped($0)) of \(count) characters")
    }
    let scalars = read.tokens.map { model.model.vocabulary.tokens[Int($0)].unicodeScalars.first ?? " " }
    let marks = ClosingMark.all(in: scalars)
    var closing: ClosingErrors?
    if !marks.isEmpty, model.saysTokens {
      progress("Foresee closing marks")
      var models = [
        (name: "network", logProbabilities: [.nan] + (try single.score(read.tokens).logProbabilities))
      ]
      if let nGram = nGram(read) { models.append(nGram) }
      closing = ClosingErrors(marks, models: models)
    }
    return LanguageFindings(model: name, text: read.name, report: report, closing: closing)
  }

  /// What the units keep alone; nil for a text of fewer characters.
  func report(_ options: UnitReportOptions, least: Int) throws -> UnitReport? {
    let read = try given()
    guard read.tokens.count >= least else { return nil }
    return try model.model.converted(to: Float.self).unitReport(read.tokens, drawing(options))
  }

  /// With untrained networks as the model's training drew its own, from other seeds.
  private func drawing(_ options: UnitReportOptions) throws -> UnitReportOptions {
    guard let origin = model.origin else { return options }
    let runner = try TrialRunner(origin.run.specification)
    var options = options
    options.drawUntrained = { number in
      var trial = origin.trial
      // Far from the seeds of trainings.
      trial.seed = 1 << 40 + UInt64(number)
      return try runner.drawnNetwork(trial).converted(to: Float.self)
    }
    return options
  }

  private var name: String {
    model.name + (model.updates.map { ", update \(Brief.grouped($0))" } ?? "")
  }

  private struct Given {
    let name: String
    let tokens: [Int32]
    /// What n-grams are counted in, with the same ids.
    let training: [Int32]
  }

  private func given() throws -> Given {
    let corpus = model.origin == nil ? nil : try model.corpus()
    let counted: [Int32]
    if let training {
      counted = try model.tokens(ofFile: training)
    } else {
      counted = corpus.map { Array($0.tokens[$0.parts.training]) } ?? []
    }
    if let text {
      return Given(
        name: PathName.last(of: text), tokens: Array(try model.tokens(ofFile: text).prefix(limit)),
        training: counted)
    }
    let whole = try corpus ?? model.corpus()
    return Given(
      name:
        "test part of \(model.origin?.run.specification.task.file.map { PathName.last(of: $0.path) } ?? "the text")",
      tokens: Array(whole.tokens[whole.parts.test].prefix(limit)), training: counted)
  }

  /// ln p of the best n-gram, of the order that is best on the first tenth of the text.
  private func nGram(_ read: Given) -> (name: String, logProbabilities: [Double])? {
    guard !read.training.isEmpty else { return nil }
    let all = read.training + read.tokens
    let start = read.training.count
    let chosen = start..<start + max(1, read.tokens.count / 10)
    let size = model.model.vocabulary.count
    let orders = NGramBaselines.orders
    let scores = KneserNey.scores(
      tokens: all, vocabulary: size, training: 0..<start, scored: [chosen], orders: orders)
    guard let order = scores.bestOrder(range: 0) else { return nil }
    let logs = KneserNey.scores(
      tokens: all, vocabulary: size, training: 0..<start, scored: [start..<all.count], orders: order,
      keeping: order
    ).logProbabilities
    return logs.map { (name: "n-gram, order \(order)", logProbabilities: $0[0]) }
  }
}
