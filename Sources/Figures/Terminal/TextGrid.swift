/// A part of a screen: characters in columns and rows, each with its ink.
struct TextGrid: Sendable {
  struct Cell: Sendable, Equatable {
    /// nil: the right half of the wide character before it.
    var character: Character? = " "
    var ink = TextInk.plain
    var isEmpty: Bool { character == " " && ink.ground == nil }
  }

  let columns, rows: Int
  private var cells: [Cell]

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (max(0, columns), max(0, rows))
    cells = Array(repeating: Cell(), count: self.columns * self.rows)
  }

  func contains(_ column: Int, _ row: Int) -> Bool {
    (0..<columns).contains(column) && (0..<rows).contains(row)
  }

  /// A cell; beyond the edges there is nothing, and nothing is kept.
  subscript(column: Int, row: Int) -> Cell {
    get { contains(column, row) ? cells[row * columns + column] : Cell() }
    set { if contains(column, row) { cells[row * columns + column] = newValue } }
  }

  /// Sets one character on the ground that is there.
  mutating func set(_ character: Character, _ column: Int, _ row: Int, _ ink: TextInk) {
    // Of a wide character either half is nothing without the other.
    if self[column, row].character == nil { self[column - 1, row].character = " " }
    if self[column + 1, row].character == nil { self[column + 1, row].character = " " }
    var ink = ink
    ink.ground = ink.ground ?? self[column, row].ink.ground
    self[column, row] = Cell(character: character, ink: ink)
  }

  /// Writes a text from a column on; what has no room is cut off.
  mutating func write(_ text: String, _ column: Int, _ row: Int, _ ink: TextInk = .plain) {
    write(StyledText(text, ink), column, row)
  }

  /// - Parameter end: the column before which it ends; nil: the edge.
  mutating func write(_ text: StyledText, _ column: Int, _ row: Int, before end: Int? = nil) {
    var column = column
    let end = min(end ?? columns, columns)
    for (part, ink) in text.parts {
      // What is cut off ends in a mark of that.
      for character in TextWidth.cut(part, to: max(0, end - column)) {
        let width = TextWidth.of(character)
        guard width > 0 else { continue }
        set(character, column, row, ink)
        if width == 2 {
          set(" ", column + 1, row, ink)
          self[column + 1, row].character = nil
        }
        column += width
      }
    }
  }

  /// Puts another grid into this one.
  mutating func paste(_ other: TextGrid, _ column: Int, _ row: Int) {
    for r in 0..<other.rows {
      for c in 0..<other.columns { self[column + c, row + r] = other[c, r] }
    }
  }

  /// How many cells of an area are taken.
  func taken(columns: Range<Int>, rows: Range<Int>) -> Int {
    rows.reduce(0) { sum, row in sum + columns.count { !self[$0, row].isEmpty } }
  }

  /// The rows as text, without blanks at their ends.
  func lines(_ style: TextStyle) -> [String] {
    (0..<rows).map { row in
      var (line, last) = ("", TextInk.plain)
      let end = (0..<columns).last { self[$0, row] != Cell() }.map { $0 + 1 } ?? 0
      for column in 0..<end {
        let cell = self[column, row]
        guard let character = cell.character else { continue }
        // A blank shows no colour but that of its ground.
        let ink = character == " " ? TextInk(ground: cell.ink.ground) : cell.ink
        if ink != last { line += ink.escape(style) }
        last = ink
        line.append(character)
      }
      if last != .plain { line += TextInk.plain.escape(style) }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
