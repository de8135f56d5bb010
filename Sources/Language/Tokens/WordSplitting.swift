/// Text in words and back.
///
/// A word is a run of letters, marks, digits and underscores, with apostrophes and hyphens between two of them (`don't`,
/// `well-known`). Every other character but white space is a word of its own. White space separates and is not kept.
public enum WordSplitting {
  /// The words, in order.
  ///
  /// - Complexity: O(n).
  public static func words(of text: String) -> [Substring] {
    let scalars = text.unicodeScalars
    var words: [Substring] = []
    var place = scalars.startIndex
    while place < scalars.endIndex {
      let first = scalars[place]
      if first.properties.isWhitespace {
        place = scalars.index(after: place)
        continue
      }
      var end = scalars.index(after: place)
      if first.isOfWord {
        while end < scalars.endIndex {
          if scalars[end].isOfWord {
            end = scalars.index(after: end)
          } else if scalars[end].joinsWords {
            let next = scalars.index(after: end)
            guard next < scalars.endIndex, scalars[next].isOfWord else { break }
            end = next
          } else {
            break
          }
        }
      }
      words.append(text[place..<end])
      place = end
    }
    return words
  }

  /// Words as a text, with a space between two of them but before a mark that closes and after one that opens.
  public static func text(of words: some Sequence<String>) -> String {
    var text = ""
    var isOpen = true
    for word in words {
      if !isOpen, !(word.unicodeScalars.count == 1 && closing.contains(word)) { text += " " }
      text += word
      isOpen = opening.contains(word)
    }
    return text
  }

  private static let closing: Set<String> = [".", ",", ";", ":", "!", "?", ")", "]", "}", "”", "’", "%"]
  private static let opening: Set<String> = ["(", "[", "{", "“", "‘", "$", "#"]
}

extension Unicode.Scalar {
  fileprivate var isOfWord: Bool {
    if value < 0x80 {
      return (0x30...0x39).contains(value) || (0x41...0x5a).contains(value) || (0x61...0x7a).contains(value)
        || value == 0x5f
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber:
      return true
    default: return false
    }
  }

  fileprivate var joinsWords: Bool { self == "'" || self == "’" || self == "-" }
}
