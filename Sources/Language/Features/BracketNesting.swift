/// The kinds of brackets.
public enum BracketKind: Int, Sendable, CaseIterable {
  case round, square, curly
}

/// Which brackets are open, robust against those that are never closed.
///
/// - A closing bracket without an opening one is ignored, as that of `1)`. One that closes a bracket closes
///   what was opened after it, too. Round and square ones reach no further back than the last open brace.
/// - A half-open interval `[0, 1)` is closed.
/// - A round or square bracket that is open ends at a blank line and after ``limit`` characters; a brace, and
///   what encloses one, after ``curlyLimit``. Of more than ``deepest`` open ones the outermost is forgotten.
/// - A bracket right after an apostrophe that begins a literal, `'('`, is ignored: one after a blank, an
///   opening bracket, an operator or a comma that is not the second of `' '`. Brackets elsewhere in strings
///   count.
///
/// - Complexity: O(1) a character, for the depth is bounded.
struct BracketNesting: Sendable {
  /// Characters after which a round or square bracket ends by itself.
  static let limit = 1000
  /// Characters after which a brace ends by itself.
  static let curlyLimit = 20_000
  /// The most brackets that are open at once.
  static let deepest = 100

  private var open: [(kind: BracketKind, position: Int)] = []
  /// How many are open, of each kind.
  private var counts: (round: Int, square: Int, curly: Int) = (0, 0, 0)
  private var position = 0
  /// The first place at which one may have ended by itself.
  private var nextEnd = Int.max
  /// The two characters before, and whether the last one is an apostrophe that begins a literal.
  private var previous: Unicode.Scalar = "\n", beforePrevious: Unicode.Scalar = "\n"
  private var isAfterLiteralMark = false
  private var lines = BlankLineReader()

  /// How many brackets of a kind are open.
  func count(_ kind: BracketKind) -> Int {
    switch kind {
    case .round: return counts.round
    case .square: return counts.square
    case .curly: return counts.curly
    }
  }

  /// How many brackets are open.
  var depth: Int { open.count }

  mutating func read(_ scalar: Unicode.Scalar) {
    position += 1
    if position > nextEnd { dropEnded() }
    if lines.endsBlankLine(scalar), let last = open.last, last.kind != .curly {
      open.removeLast(open.count - 1 - (lastCurly ?? -1))
      update()
    }
    if !isAfterLiteralMark {
      switch scalar {
      case "(": begin(.round)
      case "[": begin(.square)
      case "{": begin(.curly)
      case ")": end(.round)
      case "]": end(.square)
      case "}": end(.curly)
      default: break
      }
    }
    isAfterLiteralMark =
      scalar == "'" && beforePrevious != "'"
      && (previous.isSpace || ["(", "[", "{", "=", "<", ">", "&", "|", "+", ":", ","].contains(previous))
    (beforePrevious, previous) = (previous, scalar)
  }

  private var lastCurly: Int? { open.lastIndex { $0.kind == .curly } }

  private mutating func begin(_ kind: BracketKind) {
    if open.count == Self.deepest { open.removeFirst() }
    open.append((kind, position))
    update()
  }

  private mutating func end(_ kind: BracketKind) {
    let curly = lastCurly
    if kind == .curly {
      guard let curly else { return }
      open.removeLast(open.count - curly)
    } else {
      let inner = (curly.map { $0 + 1 } ?? 0)..<open.count
      guard !inner.isEmpty else { return }
      // Without one of its kind it closes the other: a half-open interval.
      open.removeLast(open.count - (open[inner].lastIndex { $0.kind == kind } ?? open.count - 1))
    }
    update()
  }

  /// Forgets the brackets that have ended by themselves.
  private mutating func dropEnded() {
    let curly = lastCurly ?? -1
    let kept = open.enumerated().filter { lastPlace($0.offset, curly) >= position }
    open = kept.map(\.element)
    update()
  }

  /// The last place of an open bracket, if nothing closes it; `curly` is the index of the last brace.
  private func lastPlace(_ index: Int, _ curly: Int) -> Int {
    open[index].position + (index <= curly ? Self.curlyLimit : Self.limit)
  }

  private mutating func update() {
    let curly = lastCurly ?? -1
    counts = (0, 0, 0)
    nextEnd = .max
    for (index, bracket) in open.enumerated() {
      switch bracket.kind {
      case .round: counts.round += 1
      case .square: counts.square += 1
      case .curly: counts.curly += 1
      }
      nextEnd = min(nextEnd, lastPlace(index, curly))
    }
  }
}
