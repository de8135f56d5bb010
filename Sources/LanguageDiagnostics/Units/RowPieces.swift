import LinearAlgebra

/// Consecutive rows, centred; borrowed from ``RowPieces``.
struct RowPiece {
  /// The first row; the rows of the history stand before it.
  let rows: UnsafeMutablePointer<Float>
  /// How many there are.
  let count: Int
  /// The place of the first.
  let first: Int
}

/// Collects the rows of a stream into pieces of one length, so that a statistic does not depend on how its
/// caller cuts the stream: [rows, U], row-major, in time order.
///
/// The values are centred on the way: each unit less its mean over the first piece, rounded to single
/// precision. Sums of products in single precision then keep their digits where a unit varies little about a
/// large mean, and a unit that never changes is exactly 0.
struct RowPieces: ~Copyable {
  /// U.
  let units: Int
  /// Rows of a piece.
  let pieceRows: Int
  /// The rows before the piece that are kept.
  let historyRows: Int
  /// Rows that have been added.
  private(set) var count = 0
  /// The place in the text of the row that comes next.
  private(set) var position = 0
  /// History and piece [historyRows + pieceRows, U].
  private let rows: AlignedBuffer<Float>
  /// Rows of the piece that are filled.
  private var filled = 0
  private var isFinished = false
  /// What is subtracted, once the first piece is complete.
  private var centre: [Float] = []

  init(units: Int, pieceRows: Int = 512, historyRows: Int = 0) {
    precondition(units > 0 && pieceRows > 0 && historyRows >= 0, "no rows of \(units) units")
    self.units = units
    self.pieceRows = pieceRows
    self.historyRows = historyRows
    rows = AlignedBuffer(count: (historyRows + pieceRows) * units)
  }

  /// The first row of the piece; those before it are the history, 0 where there was none.
  private var piece: UnsafeMutablePointer<Float> { rows.base + historyRows * units }

  /// Whole rows, all of them numbers.
  ///
  /// - Throws: for the first value that is none.
  func checked(
    _ chunk: UnsafeBufferPointer<Float>
  ) throws(UnitSeriesError) -> Slice<UnsafeBufferPointer<Float>> {
    precondition(!isFinished, "rows come after the end of the series")
    precondition(chunk.count % units == 0, "\(chunk.count) values are no whole rows of \(units)")
    if let bad = firstBeyondRange(chunk) {
      throw .notANumber(value: chunk[bad], unit: bad % units, position: count + bad / units)
    }
    return chunk[...]
  }

  /// Takes rows from the front of a chunk until a piece is complete or there are no more.
  ///
  /// - Returns: the piece, which stays as it is until the next call; nil if the chunk is used up.
  mutating func next(_ chunk: inout Slice<UnsafeBufferPointer<Float>>) -> RowPiece? {
    if filled == pieceRows { beginPiece() }
    let taken = min(chunk.count / units, pieceRows - filled)
    if taken > 0 {
      let source = chunk.base.baseAddress! + chunk.startIndex
      let target = piece + filled * units
      if centre.isEmpty {
        target.update(from: source, count: taken * units)
      } else {
        subtractCentre(rows: taken, source, into: target)
      }
      filled += taken
      count += taken
      position += taken
      chunk = chunk.dropFirst(taken * units)
    }
    return filled == pieceRows ? completed() : nil
  }

  /// The rows at the end that make no whole piece; nil if there are none, or if they have been handed out. No
  /// rows can be added after them.
  mutating func rest() -> RowPiece? {
    if isFinished { return nil }
    isFinished = true
    return filled > 0 && filled < pieceRows ? completed() : nil
  }

  /// Goes on at another place of the text.
  ///
  /// - Returns: the rows before that make no whole piece, which stay as they are until the next call; nil if there are none.
  /// - Precondition: no history is kept.
  mutating func moved(to position: Int) -> RowPiece? {
    precondition(historyRows == 0 && !isFinished, "what comes next has no rows before it")
    let open = filled > 0 && filled < pieceRows ? completed() : nil
    self.position = position
    filled = 0
    return open
  }

  /// The last row that is there; those before it stand before it, up to the history's length.
  var lastRow: UnsafePointer<Float> { UnsafePointer(piece + (filled - 1) * units) }

  private mutating func completed() -> RowPiece {
    if centre.isEmpty {
      centre = means()
      subtractCentre(rows: filled, piece, into: piece)
    }
    return RowPiece(rows: piece, count: filled, first: position - filled)
  }

  /// The last rows become the history of the next piece.
  private mutating func beginPiece() {
    if historyRows > 0 { rows.base.update(from: rows.base + filled * units, count: historyRows * units) }
    filled = 0
  }

  /// The mean of each unit over the piece. A double holds the sum of as many equal floats exactly.
  private func means() -> [Float] {
    var sums = [Double](repeating: 0, count: units)
    for r in 0..<filled {
      let row = piece + r * units
      for u in 0..<units { sums[u] += Double(row[u]) }
    }
    return sums.map { Float($0 / Double(filled)) }
  }

  private func subtractCentre(
    rows: Int, _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
  ) {
    centre.withUnsafeBufferPointer { centre in
      for r in 0..<rows {
        let (x, y) = (source + r * units, target + r * units)
        for u in 0..<units { y[u] = x[u] - centre[u] }
      }
    }
  }
}

/// The first value that is NaN, infinite or too large.
private func firstBeyondRange(_ values: UnsafeBufferPointer<Float>) -> Int? {
  // As integers, which are compared in one pass without a branch: sizes of floats sort as their bits.
  let limit = UnitSeriesError.largest.bitPattern
  var beyond: UInt32 = 0
  for value in values { beyond |= (value.bitPattern & 0x7fff_ffff) > limit ? 1 : 0 }
  return beyond == 0 ? nil : values.firstIndex { !($0.magnitude <= UnitSeriesError.largest) }
}
