/// The tokens that a model knows, in the order of their ids.
public struct Vocabulary: Sendable, Equatable {
  public let level: TokenLevel
  public let tokens: [String]
  /// The id of what stands for every token that is none of these; nil: there is none.
  public let unknown: Int?
  private let ids: [String: Int32]
  private let idsOfScalars: [Unicode.Scalar: Int32]

  /// As models call the token for every other one.
  public static let unknownName = "<unk>"

  /// - Parameter unknown: the id of the token for every other one; nil: the one named ``unknownName``, if there is one.
  /// - Throws: ``VocabularyError`` where two tokens are the same, or a character is none.
  public init(
    _ level: TokenLevel, _ tokens: [String], unknown: Int? = nil
  ) throws(VocabularyError) {
    self.level = level
    self.tokens = tokens
    let unknown = unknown ?? tokens.firstIndex(of: Self.unknownName)
    self.unknown = unknown
    var ids: [String: Int32] = [:]
    var scalars: [Unicode.Scalar: Int32] = [:]
    ids.reserveCapacity(tokens.count)
    guard tokens.count <= Int32.max, !tokens.isEmpty else { throw .size(tokens.count) }
    for (id, token) in tokens.enumerated() {
      // By scalars: as strings, an accented letter would be the same as its parts.
      if let other = ids.updateValue(Int32(id), forKey: token),
        tokens[Int(other)].unicodeScalars.elementsEqual(token.unicodeScalars)
      {
        throw .duplicate(token, Int(other), id)
      }
      if level == .characters, id != unknown {
        guard let scalar = token.unicodeScalars.first, token.unicodeScalars.count == 1 else {
          throw .notACharacter(token, id)
        }
        scalars[scalar] = Int32(id)
      }
    }
    self.ids = ids
    idsOfScalars = scalars
  }

  /// Of the characters of a text, in code-point order.
  ///
  /// - Precondition: the text is not empty.
  public init(charactersOf scalars: some Sequence<Unicode.Scalar>) {
    let characters = Set(scalars).sorted()
    precondition(!characters.isEmpty, "an empty text has no vocabulary")
    level = .characters
    tokens = characters.map { String(Character($0)) }
    unknown = nil
    ids = [:]
    idsOfScalars = Dictionary(
      uniqueKeysWithValues: characters.enumerated().map { ($0.element, Int32($0.offset)) })
  }

  /// V.
  public var count: Int { tokens.count }

  /// The id of a word, or of ``unknown``; nil where neither is there.
  public func id(of word: some StringProtocol) -> Int32? {
    ids[String(word)] ?? unknown.map { Int32($0) }
  }

  /// The id of a character, or of ``unknown``; nil where neither is there.
  public func id(of character: Unicode.Scalar) -> Int32? {
    idsOfScalars[character] ?? unknown.map { Int32($0) }
  }

  /// The ids of a text.
  ///
  /// - Throws: ``VocabularyError/unknownToken(_:line:column:)`` for the first token that is not in the vocabulary, where it
  ///   has none for every other one.
  /// - Complexity: O(n).
  public func encode(_ text: String) throws(VocabularyError) -> [Int32] {
    var found: [Int32] = []
    switch level {
    case .characters:
      for scalar in text.unicodeScalars {
        guard let id = id(of: scalar) else {
          throw Self.unknown(scalar.visible, at: found.count, of: text)
        }
        found.append(id)
      }
    case .words:
      for word in WordSplitting.words(of: text) {
        guard let id = id(of: word) else {
          throw Self.unknown(
            String(word),
            at: text.unicodeScalars.distance(from: text.startIndex, to: word.startIndex), of: text)
        }
        found.append(id)
      }
    }
    return found
  }

  /// The text that ids stand for. Words have single spaces between them, and none before marks that close.
  public func text(of ids: some Sequence<Int32>) -> String {
    let words = ids.map { (id: Int32) -> String in tokens[Int(id)] }
    return level == .characters ? words.joined() : WordSplitting.text(of: words)
  }

  /// What a token is called where it must be seen: `␣` for a space.
  public func name(of id: Int) -> String {
    guard level == .characters, id != unknown, let scalar = tokens[id].unicodeScalars.first else {
      return tokens[id]
    }
    return scalar.visible
  }

  private static func unknown(_ name: String, at offset: Int, of text: String) -> VocabularyError {
    var (line, column) = (1, 1)
    for scalar in text.unicodeScalars.prefix(offset) {
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return .unknownToken(name, line: line, column: column)
  }
}

/// Why a vocabulary cannot be used, or a text not be read with it.
public enum VocabularyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No tokens, or too many.
  case size(Int)
  /// Two ids have the same token.
  case duplicate(String, Int, Int)
  /// A token of a vocabulary of characters is no single one.
  case notACharacter(String, Int)
  /// A text has a token that the vocabulary does not have.
  case unknownToken(String, line: Int, column: Int)

  public var description: String {
    switch self {
    case .size(let count): "a vocabulary of \(count) tokens; allowed: 1 to \(Int32.max)"
    case .duplicate(let token, let first, let second):
      "the vocabulary has '\(token)' twice, as tokens \(first) and \(second)"
    case .notACharacter(let token, let id):
      "token \(id) of a vocabulary of characters is '\(token)', which is not one character"
    case .unknownToken(let name, let line, let column):
      "line \(line), column \(column) has '\(name)', which is not in the model's vocabulary"
    }
  }
}
