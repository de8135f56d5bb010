/// A canvas of dots, two by four a character: the Braille patterns of Unicode.
///
/// No package at hand draws them for Swift; a pattern is bits of a code point, so this file is all that is needed.
struct BrailleCanvas: Sendable {
  /// What hides what where both are in one character.
  enum Rank: Int, Sendable, Comparable {
    case area, rule, curve
    static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
  }

  private struct Stroke {
    let ink: TextInk
    let rank: Rank
    var dots: UInt8
  }

  /// In characters.
  let columns, rows: Int
  private var strokes: [[Stroke]]

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    strokes = Array(repeating: [], count: columns * rows)
  }

  var width: Int { 2 * columns }
  var height: Int { 4 * rows }

  /// The bits of a pattern by column and row.
  private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// Sets a dot, counted from the upper left one; none beyond the edges.
  mutating func dot(_ x: Int, _ y: Int, _ ink: TextInk, _ rank: Rank) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let place = (y / 4) * columns + x / 2
    let bit = Self.bits[x % 2][y % 4]
    if let k = strokes[place].firstIndex(where: { $0.ink == ink && $0.rank == rank }) {
      strokes[place][k].dots |= bit
    } else {
      strokes[place].append(Stroke(ink: ink, rank: rank, dots: bit))
    }
  }

  /// Draws a line between two points in dots from the upper left corner, as far as it is on the canvas.
  ///
  /// - Parameters:
  ///   - dashes: lengths of dash, gap… in dots.
  ///   - length: of the line so far, for dashes that go on.
  /// - Returns: the dots that it passes, whether they are set or in a gap.
  @discardableResult
  mutating func line(
    _ start: (x: Double, y: Double), _ end: (x: Double, y: Double), dashes: [Int] = [], length: inout Double,
    _ ink: TextInk, _ rank: Rank
  ) -> [(x: Int, y: Int)] {
    let whole = max((end.x - start.x).magnitude, (end.y - start.y).magnitude)
    guard whole.isFinite, let (from, to) = inside(start, end) else { return [] }
    defer { length += whole }
    let count = Int((whole * (to - from)).rounded(.up))
    var passed: [(x: Int, y: Int)] = []
    for k in 0...count {
      let part = from + (to - from) * (count == 0 ? 0 : Double(k) / Double(count))
      let x = min(width - 1, Int(start.x + part * (end.x - start.x)))
      let y = min(height - 1, Int(start.y + part * (end.y - start.y)))
      passed.append((x, y))
      if Self.isOn(dashes, length + whole * part) { dot(x, y, ink, rank) }
    }
    return passed
  }

  private static func isOn(_ dashes: [Int], _ length: Double) -> Bool {
    guard !dashes.isEmpty else { return true }
    var rest = Int(length) % max(1, dashes.reduce(0, +))
    for (k, dash) in dashes.enumerated() {
      if rest < dash { return k % 2 == 0 }
      rest -= dash
    }
    return true
  }

  /// The part of a line that is on the canvas, as shares of its length: Liang & Barsky (1984).
  private func inside(
    _ start: (x: Double, y: Double), _ end: (x: Double, y: Double)
  ) -> (from: Double, to: Double)? {
    var (from, to) = (0.0, 1.0)
    for (a, b, limit) in [(start.x, end.x, Double(width)), (start.y, end.y, Double(height))] {
      let change = b - a
      if change == 0 {
        guard a >= 0, a <= limit else { return nil }
        continue
      }
      let (first, second) = (-a / change, (limit - a) / change)
      from = max(from, min(first, second))
      to = min(to, max(first, second))
    }
    return from <= to ? (from, to) : nil
  }

  /// The character at a place and its ink; nil where there is no dot.
  ///
  /// What has a lower rank is hidden, so that a curve has no bumps where it crosses a line. Where several curves run
  /// together their colours take turns.
  func character(_ column: Int, _ row: Int) -> (character: Character, ink: TextInk)? {
    let here = strokes[row * columns + column]
    guard let rank = here.map(\.rank).max() else { return nil }
    let seen = here.filter { $0.rank == rank }
    let dots = seen.reduce(0) { $0 | $1.dots }
    guard let scalar = Unicode.Scalar(0x2800 + UInt32(dots)) else { return nil }
    return (Character(scalar), seen[(column / 2) % seen.count].ink)
  }
}
