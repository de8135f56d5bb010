import GradientFlow
import TextFiles

/// A text that is learned, for people: how long it is, how it is divided, and what its tokens are.
package struct CorpusText {
  private let corpus: Corpus
  /// Tokens that are listed.
  private static let listed = [TokenLevel.characters: 120, .words: 24]

  package init(_ corpus: Corpus) { self.corpus = corpus }

  /// Two lines.
  package var text: String {
    let (parts, noun) = (corpus.parts, corpus.vocabulary.level.noun)
    let shares = [
      ("training", parts.training), ("validation", parts.validation), ("test", parts.test),
    ].map { "\(Brief.grouped($0.1.count)) for \($0.0)" }.joined(separator: ", ")
    return "text: \(Brief.grouped(corpus.tokens.count)) \(noun)s, \(shares)\n\(vocabulary)"
  }

  private var vocabulary: String {
    let (known, noun) = (corpus.vocabulary, corpus.vocabulary.level.noun)
    let limit = Self.listed[known.level] ?? 0
    let names = (0..<min(limit, known.count)).map { known.name(of: $0) }.joined(separator: " ")
    let more = known.count > limit ? " … and \(Brief.grouped(known.count - limit)) more" : ""
    var text = "vocabulary: \(Brief.grouped(known.count)) \(noun)s: \(names)\(more)"
    if let unknown = known.unknown {
      text +=
        "; \(known.name(of: unknown)) stands for \(Brief.percent(corpus.unknownShare(of: corpus.parts.training))) of "
        + "the training part and \(Brief.percent(corpus.unknownShare(of: corpus.parts.test))) of the test part"
    }
    return text
  }
}
