/// Unigrams, the Markov chain, and the n-gram of the order that is best on the validation range.
public enum NGramBaselines: BaselineModel {
  /// The highest order that is tried.
  public static let orders = 20

  public static func baselines(of text: BaselineText) -> [Baseline] {
    let scores = KneserNey.scores(
      tokens: text.tokens, vocabulary: text.vocabulary, training: text.training,
      scored: [text.validation, text.test], orders: orders)
    func baseline(_ kind: BaselineKind, order: Int) -> Baseline {
      Baseline(
        kind, contextLength: order - 1, validationLoss: scores.losses[0][order - 1],
        testLoss: scores.losses[1][order - 1])
    }
    return [baseline(.unigram, order: 1), baseline(.markovChain, order: 2)]
      + (scores.bestOrder(range: 0).map { [baseline(.nGram, order: $0)] } ?? [])
  }
}
