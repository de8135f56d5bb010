import Foundation
import GradientFlow
import TextFiles

/// A vocabulary as model files hold it: what the tokens are, and a JSON list of them by id.
extension Vocabulary {
  package static let levelKey = "gradflow.tokens", tokensKey = "gradflow.vocabulary"

  /// The metadata of a model file.
  package var metadata: [String: String] {
    let list = JSONText.array(tokens.map { .string($0) }).text
    return [Self.levelKey: level.rawValue, Self.tokensKey: String(list.dropLast())]
  }

  /// The vocabulary of a model file; nil where it has none.
  ///
  /// - Throws: ``VocabularyError``, or an error of the JSON.
  package init?(metadata: [String: String]) throws {
    guard let text = metadata[Self.tokensKey],
      let level = metadata[Self.levelKey].flatMap({ TokenLevel(rawValue: $0) })
    else { return nil }
    try self.init(level, try JSONDecoder().decode([String].self, from: Data(text.utf8)))
  }
}
