/// A bracket or quote of a text that closes, and how far behind the one that it closes it stands.
public struct ClosingMark: Sendable, Equatable {
  /// Which marks belong together.
  public enum Kind: String, Sendable, CaseIterable {
    case round, square, curly, quote

    /// `)`, `]`, `}`, `"`.
    public var symbol: String {
      switch self {
      case .round: ")"
      case .square: "]"
      case .curly: "}"
      case .quote: "\""
      }
    }
  }

  public let kind: Kind
  /// The place of the closing mark in the text, from 0.
  public let place: Int
  /// Characters from the opening mark to it, at least 1.
  public let distance: Int
}

extension ClosingMark {
  /// The most characters between an opening mark and its closing one: what is further away is no pair.
  public static let longest = 10_000
  /// The same for quotes, which are not told from other uses of their mark otherwise.
  public static let longestQuote = 1_000

  /// All of a text, in the order of their places.
  ///
  /// A closing bracket closes the last open one of its kind and forgets what was opened after it; one without an open one
  /// closes nothing. Of straight quotes every second one closes, beginning anew at a blank line; curly ones say what they
  /// do.
  ///
  /// - Complexity: O(n) but for brackets that are never closed.
  public static func all(in text: [Unicode.Scalar]) -> [ClosingMark] {
    var found: [ClosingMark] = []
    var open: [(kind: Kind, place: Int)] = []
    var quote: Int?
    func close(_ kind: Kind, _ place: Int) {
      guard let index = open.lastIndex(where: { $0.kind == kind }) else { return }
      let distance = place - open[index].place
      open.removeSubrange(index...)
      if distance <= longest { found.append(ClosingMark(kind: kind, place: place, distance: distance)) }
    }
    func closeQuote(_ place: Int) {
      if let start = quote, place - start <= longestQuote {
        found.append(ClosingMark(kind: .quote, place: place, distance: place - start))
      }
      quote = nil
    }
    for (place, scalar) in text.enumerated() {
      switch scalar {
      case "(": open.append((.round, place))
      case "[": open.append((.square, place))
      case "{": open.append((.curly, place))
      case ")": close(.round, place)
      case "]": close(.square, place)
      case "}": close(.curly, place)
      case "“": quote = place
      case "”": closeQuote(place)
      case "\"": if quote == nil { quote = place } else { closeQuote(place) }
      case "\n": if place > 0, text[place - 1] == "\n" { quote = nil }
      default: break
      }
      if open.count > 200 { open.removeFirst(100) }
    }
    return found
  }
}
