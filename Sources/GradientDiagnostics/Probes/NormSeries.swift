import LinearAlgebra

/// Norms with exponents of their own, written row by row on the way back, t = T…0.
///
/// Some rows at a time they become logarithms, side by side: of all others those alone are there, as lists over t = 0…T
/// that tables take as they are.
@usableFromInline
struct NormSeries: ~Copyable {
  /// Numbers in a row: batch elements or gates.
  @usableFromInline let width: Int
  /// The rows there are: 0…T, 1…T of what a step has, or none.
  private let rows: Range<Int>
  private let startsAtZero: Bool

  /// The rows whose logarithms are still to be taken begin with this one.
  @usableFromInline var first: Int
  private var count = 0
  /// Of those rows [count, width].
  @usableFromInline let norms: AlignedBuffer<Double>
  @usableFromInline let exponents: AlignedBuffer<Int>

  /// log10 of each norm: one list [T+1, width], or one for each place in a row. NaN where there is no row.
  private(set) var lists: [[Double]]
  /// log10 of the norms of each row combined; nothing for rows of one.
  private var totals: [Double]

  /// Numbers whose logarithms are taken together: enough to keep the vectors full, few enough to stay in the cache.
  private static let together = 512

  /// - Parameters:
  ///   - rows: `0..<T + 1`, `1..<T + 1`, or none.
  ///   - separates: whether each place in a row has a list of its own.
  ///   - startsAtZero: for rows of which not every number will be written.
  init(rows: Range<Int>, width: Int = 1, separates: Bool = false, startsAtZero: Bool = false) {
    (self.rows, self.width, self.startsAtZero) = (rows, width, startsAtZero)
    first = rows.upperBound
    let end = rows.isEmpty ? 0 : rows.upperBound
    let kept = min(rows.count, max(16, Self.together / max(1, width)))
    norms = AlignedBuffer(uninitializedCount: kept * width)
    exponents = AlignedBuffer(uninitializedCount: kept * width)
    lists =
      separates
      ? (0..<width).map { _ in Array(repeating: .nan, count: end) }
      : [Array(repeating: .nan, count: end * width)]
    totals = width > 1 ? Array(repeating: .nan, count: end) : []
  }

  /// Where the norms and exponents of a row are to be written: the row that was written last, or one before it.
  @inlinable @inline(__always)
  mutating func place(of row: Int) -> Int {
    if row < first { begin(at: row) }
    return (row - first) * width
  }

  /// The norm of a row of one.
  @inlinable @inline(__always)
  mutating func set(_ row: Int, to value: (norm: Double, exponent: Int)) {
    let place = place(of: row)
    (norms.base[place], exponents.base[place]) = value
  }

  /// A norm of the row that was written last.
  func norm(_ row: Int, _ place: Int) -> (norm: Double, exponent: Int) {
    let place = (row - first) * width + place
    return (norms.base[place], exponents.base[place])
  }

  /// Makes room for the rows up to one.
  @usableFromInline
  mutating func begin(at row: Int) {
    takeLogarithms()
    count = width > 0 ? min(norms.count / width, row + 1 - rows.lowerBound) : 0
    first = row + 1 - count
    if startsAtZero {
      norms.zero()
      exponents.zero()
    }
  }

  /// Of the rows that were written last: to be called when there are no more.
  mutating func takeLogarithms() {
    guard count > 0 else { return }
    let (first, count, width) = (first, count, width)
    if width > 1 {
      totals.withUnsafeMutableBufferPointer { totals in
        guard let base = totals.baseAddress else { return }
        log10CombinedNorms(
          rows: count, count: width, norms.base, exponents: exponents.base, into: base + first)
      }
    }
    log10Scaled(count * width, norms.base, exponents: exponents.base, into: norms.base)
    if lists.count == 1 {
      lists[0].withUnsafeMutableBufferPointer { list in
        guard let base = list.baseAddress else { return }
        (base + first * width).update(from: norms.base, count: count * width)
      }
    } else {
      for place in lists.indices {
        lists[place].withUnsafeMutableBufferPointer { list in
          for row in 0..<count { list[first + row] = norms.base[row * width + place] }
        }
      }
    }
    self.count = 0
  }

  /// After ``takeLogarithms()``: the numbers of a row from `first` on are of no batch element.
  mutating func leaveOut(row: Int, from first: Int) {
    for k in first..<max(first, width) { lists[0][row * width + k] = .nan }
  }

  /// log10 of every norm [T+1, width].
  var logarithms: [Double] { lists[0] }
  /// log10 of each row's norms combined [T+1].
  var combined: [Double] { width > 1 ? totals : lists[0] }
  /// Of one row.
  func combined(row: Int) -> Double { width > 1 ? totals[row] : lists[0][row] }
}
