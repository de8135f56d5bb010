/// A text as token ids, in parts for training, validation and test.
public struct Corpus: Sendable {
  public let vocabulary: Vocabulary
  /// The ids of all tokens, in the order of the text.
  public let tokens: [Int32]
  public let parts: TextParts

  /// A text by its characters. Every one of them is in the vocabulary, in whatever part it is.
  ///
  /// - Throws: ``CorpusError/empty``.
  /// - Complexity: O(n log V).
  public init(charactersOf text: String, validation: Int, test: Int) throws(CorpusError) {
    let scalars = text.unicodeScalars
    guard !scalars.isEmpty else { throw .empty }
    vocabulary = Vocabulary(charactersOf: scalars)
    let vocabulary = vocabulary
    tokens = scalars.map { vocabulary.id(of: $0) ?? 0 }
    parts = TextParts(count: tokens.count, validation: validation, test: test)
  }

  /// A text by its words, of which the most frequent in the training part are the vocabulary, behind the token for every
  /// other one. Of equally frequent ones those come first that do in the alphabet.
  ///
  /// - Parameter limit: V at most, with the token for every other word.
  /// - Throws: ``CorpusError/empty``.
  /// - Complexity: O(n + V log V).
  public init(wordsOf text: String, limit: Int, validation: Int, test: Int) throws(CorpusError) {
    let words = WordSplitting.words(of: text)
    guard !words.isEmpty else { throw .empty }
    parts = TextParts(count: words.count, validation: validation, test: test)
    var counts: [Substring: Int] = [:]
    for word in words[parts.training] { counts[word, default: 0] += 1 }
    counts[Substring(Vocabulary.unknownName)] = nil
    let frequent = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(max(0, limit - 1))
    do {
      vocabulary = try Vocabulary(
        .words, [Vocabulary.unknownName] + frequent.map { String($0.key) }, unknown: 0)
    } catch {
      preconditionFailure("words that were counted apart are different: \(error)")
    }
    let vocabulary = vocabulary
    tokens = words.map { vocabulary.id(of: $0) ?? 0 }
  }

  /// Share of a range of tokens that stand for words outside the vocabulary; 0 of characters.
  public func unknownShare(of range: Range<Int>) -> Double {
    guard let unknown = vocabulary.unknown, !range.isEmpty else { return 0 }
    return Double(tokens[range].count { $0 == unknown }) / Double(range.count)
  }
}

/// Why a text cannot be learned.
public enum CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It has no tokens.
  case empty

  public var description: String {
    switch self {
    case .empty: "the text is empty"
    }
  }
}
