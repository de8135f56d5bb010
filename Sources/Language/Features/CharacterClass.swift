/// A class of characters.
public enum CharacterClass: String, Sendable, CaseIterable {
  /// White space, line feeds among it.
  case space
  /// Marks of punctuation and symbols.
  case punctuation
  /// Capital letters.
  case capital
}

/// Whether the character itself is of a class: what a unit shows that keeps nothing.
public struct InCharacterClass: CausalFeature {
  public let characterClass: CharacterClass

  public init(_ characterClass: CharacterClass) { self.characterClass = characterClass }

  public var name: String { characterClass.rawValue }
  public var summary: String {
    switch characterClass {
    case .space: return "the character is white space"
    case .punctuation: return "the character is a mark of punctuation or a symbol"
    case .capital: return "the character is a capital letter"
    }
  }

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    switch characterClass {
    case .space: return scalar.isSpace
    case .punctuation: return scalar.isPunctuation
    case .capital: return scalar.isCapital
    }
  }
}
