/// A text in parts, each with its ink.
struct StyledText: Sendable, Equatable {
  private(set) var parts: [(text: String, ink: TextInk)] = []

  init(_ text: String = "", _ ink: TextInk = .plain) { add(text, ink) }

  static func == (a: StyledText, b: StyledText) -> Bool {
    a.parts.elementsEqual(b.parts) { $0.text == $1.text && $0.ink == $1.ink }
  }

  /// In columns.
  var width: Int { parts.reduce(0) { $0 + TextWidth.of($1.text) } }
  var isEmpty: Bool { parts.isEmpty }

  mutating func add(_ text: String, _ ink: TextInk = .plain) {
    if !text.isEmpty { parts.append((TextWidth.harmless(text), ink)) }
  }

  mutating func add(_ other: StyledText) { parts += other.parts }

  /// In lines of so many columns, broken between words.
  func wrapped(_ columns: Int) -> [StyledText] {
    let words = parts.flatMap { part in
      part.text.split(separator: " ").map { StyledText(String($0), part.ink) }
    }
    return Self.flow(words, gap: 1, width: columns)
  }

  /// Lines of a text in gnuplot's markup.
  static func lines(_ markup: String, width: Int, _ ink: TextInk = .plain) -> [StyledText] {
    Markup.lines(markup, width: max(1, width)).map { StyledText(Markup.unmarked($0), ink) }
  }

  /// Items side by side in lines of so many columns.
  static func flow(_ items: [StyledText], gap: Int = 3, width: Int) -> [StyledText] {
    items.reduce(into: []) { lines, item in
      if let last = lines.indices.last, lines[last].width + gap + item.width <= width {
        lines[last].add(String(repeating: " ", count: gap))
        lines[last].add(item)
      } else {
        lines.append(item)
      }
    }
  }
}

extension [StyledText] {
  /// The first of the lines; what follows them is marked by `…`, or by a text of its own.
  func first(_ count: Int, width: Int, more: (Int) -> String = { _ in "…" }) -> [StyledText] {
    guard self.count > count, count > 0 else { return Array(prefix(Swift.max(0, count))) }
    var lines = Array(prefix(count))
    let mark = " " + more(self.count - count)
    let room = width - TextWidth.of(mark)
    var last = StyledText()
    for part in lines[count - 1].parts {
      let text = TextWidth.prefix(part.text, room - last.width)
      last.add(text, part.ink)
      if text.count < part.text.count { break }
    }
    last.add(mark, .faint)
    lines[count - 1] = last
    return lines
  }
}
