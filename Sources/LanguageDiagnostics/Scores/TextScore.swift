import Foundation
import Language
import LinearAlgebra
import RecurrentCells

/// What a text costs a language model that starts from a zero state.
///
///     nats per token  −(1/(n − 1)) Σ_{t=2…n} ln p(x_t | x_1 … x_{t−1}),   perplexity e^nats,   bits nats / ln 2
public struct TextScore: Sendable, Equatable {
  /// ln p(x_t | x_1 … x_{t−1}) of the second token and all that follow.
  public let logProbabilities: [Double]

  public init(logProbabilities: [Double]) { self.logProbabilities = logProbabilities }

  /// Mean −ln p.
  public var nats: Double { -logProbabilities.reduce(0, +) / Double(logProbabilities.count) }
  public var perplexity: Double { exp(nats) }
  /// Bits per token.
  public var bits: Double { nats / log(2) }
}

// One function a precision: the compiler then makes one loop of each cell and precision.
extension LanguageModel where Element == Float {
  /// Reads a text from a zero state.
  ///
  /// - Parameter progress: told of how many tokens have been read, now and then.
  /// - Throws: ``LanguageModelError``.
  /// - Complexity: a forward pass of one sequence; O(1) memory beside the result.
  public func score(
    _ tokens: [Int32], progress: (Int) -> Void = { _ in }
  ) throws(LanguageModelError) -> TextScore {
    try withoutActuallyEscaping(progress) { progress throws(LanguageModelError) in
      try network.cell.accept(Scoring(model: self, tokens: tokens, progress: progress)).get()
    }
  }
}

extension LanguageModel where Element == Double {
  /// Reads a text from a zero state.
  ///
  /// - Parameter progress: told of how many tokens have been read, now and then.
  /// - Throws: ``LanguageModelError``.
  /// - Complexity: a forward pass of one sequence; O(1) memory beside the result.
  public func score(
    _ tokens: [Int32], progress: (Int) -> Void = { _ in }
  ) throws(LanguageModelError) -> TextScore {
    try withoutActuallyEscaping(progress) { progress throws(LanguageModelError) in
      try network.cell.accept(Scoring(model: self, tokens: tokens, progress: progress)).get()
    }
  }
}

private struct Scoring<Element: Scalar>: CellVisitor {
  let model: LanguageModel<Element>
  let tokens: [Int32]
  let progress: (Int) -> Void
  /// Tokens read at once.
  private static var piece: Int { 256 }

  init(model: LanguageModel<Element>, tokens: [Int32], progress: @escaping (Int) -> Void) {
    (self.model, self.tokens, self.progress) = (model, tokens, progress)
  }

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Result<TextScore, LanguageModelError>
  where Cell.Element == Element {
    Result { () throws(LanguageModelError) in try score(type) }
  }

  private func score<Cell: RecurrentCell>(_ type: Cell.Type) throws(LanguageModelError) -> TextScore
  where Cell.Element == Element {
    guard tokens.count >= 2 else {
      throw .tooShort(tokens: tokens.count, level: model.vocabulary.level)
    }
    let reader = TokenReader<Cell>(model.network)
    var logs: [Double] = []
    logs.reserveCapacity(tokens.count - 1)
    for start in stride(from: 0, to: tokens.count - 1, by: Self.piece) {
      let end = min(start + Self.piece, tokens.count - 1)
      try reader.read(tokens[start..<end])
      logs += reader.logProbabilities(of: tokens[start + 1...end].map { Int($0) })
      progress(end + 1)
    }
    return TextScore(logProbabilities: logs)
  }
}
