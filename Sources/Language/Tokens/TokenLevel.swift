/// What a language model reads and says one by one.
public enum TokenLevel: String, Sendable, Hashable, CaseIterable {
  /// Unicode scalars, each as it is.
  case characters
  /// Words and punctuation marks; see ``WordSplitting``.
  case words

  /// `character`, `word`.
  public var noun: String {
    switch self {
    case .characters: "character"
    case .words: "word"
    }
  }
}
