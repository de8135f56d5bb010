import Foundation

/// What models without a recurrent network make of a corpus, computed when first asked for and kept.
public final class CorpusBaselines: @unchecked Sendable {
  private let corpus: Corpus
  private let lock = NSLock()
  private var knownMemoryless: Double?
  private var knownAll: [Baseline]?

  public init(_ corpus: Corpus) { self.corpus = corpus }

  /// Nats per token of the best predictor that knows nothing but the token just read, on the test part: a bigram model
  /// with Kneser–Ney smoothing, trained on the training part. Without a test part on the validation part, without either
  /// on the training part itself.
  ///
  /// - Complexity: O(n) once.
  public var memorylessLoss: Double {
    lock.withLock {
      if let knownMemoryless { return knownMemoryless }
      let parts = corpus.parts
      let scored = [parts.test, parts.validation, parts.training].first { !$0.isEmpty } ?? parts.training
      let scores = KneserNey.scores(
        tokens: corpus.tokens, vocabulary: corpus.vocabulary.count, training: parts.training,
        scored: [scored], orders: 2)
      let loss = scores.losses[0][1]
      knownMemoryless = loss
      return loss
    }
  }

  /// All of them, trained on the training part; see ``Baselines``.
  ///
  /// - Complexity: that of ``Baselines/of(_:)``, once.
  public var all: [Baseline] {
    lock.withLock {
      if let knownAll { return knownAll }
      let found = Baselines.of(
        BaselineText(
          tokens: corpus.tokens, vocabulary: corpus.vocabulary.count, training: corpus.parts.training,
          validation: corpus.parts.validation, test: corpus.parts.test))
      knownAll = found
      return found
    }
  }
}
