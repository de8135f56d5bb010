/// What a language model without a recurrent network reaches on a text.
public struct Baseline: Sendable, Equatable {
  public let kind: BaselineKind
  /// Tokens before the predicted one that it reads at most: an n-gram's order less 1, a window's length.
  public let contextLength: Int
  /// Mean −ln p of the validation range, in nats per token.
  public let validationLoss: Double
  /// Mean −ln p of the test range, in nats per token.
  public let testLoss: Double

  public init(_ kind: BaselineKind, contextLength: Int, validationLoss: Double, testLoss: Double) {
    (self.kind, self.contextLength) = (kind, contextLength)
    (self.validationLoss, self.testLoss) = (validationLoss, testLoss)
  }
}

/// Which model it is. A new one is a case at the end: stores know them by their numbers.
public enum BaselineKind: Int, Sendable, Hashable, CaseIterable {
  case unigram, markovChain, nGram, window

  /// In tables and sentences.
  public var name: String {
    switch self {
    case .unigram: "unigram"
    case .markovChain: "Markov chain"
    case .nGram: "n-gram (Kneser–Ney)"
    case .window: "window softmax"
    }
  }
}

/// A kind of model that gives baselines.
public protocol BaselineModel {
  /// What it reaches on a text; nothing where it does not apply.
  static func baselines(of text: BaselineText) -> [Baseline]
}

/// The language models that a recurrent network is compared with.
public enum Baselines {
  /// All kinds of models: a new one is a file of its own and an element here.
  public static var models: [any BaselineModel.Type] { [NGramBaselines.self, WindowBaseline.self] }

  /// What each model reaches on a text: trained on its training range, chosen on its validation range.
  ///
  /// - Complexity: that of ``KneserNey`` with 20 orders and of ``WindowModel`` with a window of 8.
  public static func of(_ text: BaselineText) -> [Baseline] {
    models.flatMap { $0.baselines(of: text) }
  }
}
