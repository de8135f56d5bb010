import LinearAlgebra

/// Norms with exponents of their own, written step by step, that become logarithms at the end, all at once.
@usableFromInline
struct NormSeries: ~Copyable {
  /// Numbers in a row: batch elements or gates.
  private let width: Int
  /// [rows, width]; log10 after ``takeLogarithms()``.
  @usableFromInline let norms: AlignedBuffer<Double>
  @usableFromInline let exponents: AlignedBuffer<Int>
  /// log10 of the norms of each row combined, then too; empty for rows of one.
  private let totals: AlignedBuffer<Double>

  /// - Parameter startsAtZero: for rows of which not every number will be written.
  init(rows: Int, width: Int = 1, startsAtZero: Bool = false) {
    self.width = width
    norms = AlignedBuffer(uninitializedCount: rows * width)
    exponents = AlignedBuffer(uninitializedCount: rows * width)
    if startsAtZero {
      norms.zero()
      exponents.zero()
    }
    totals = AlignedBuffer(uninitializedCount: width > 1 ? rows : 0)
  }

  /// A norm by its place in [rows, width].
  @inlinable
  subscript(place: Int) -> (norm: Double, exponent: Int) {
    get { (norms.base[place], exponents.base[place]) }
    nonmutating set { (norms.base[place], exponents.base[place]) = newValue }
  }

  func takeLogarithms() {
    log10CombinedNorms(
      rows: totals.count, count: width, norms.base, exponents: exponents.base, into: totals.base)
    log10Scaled(norms.count, norms.base, exponents: exponents.base, into: norms.base)
  }

  /// After ``takeLogarithms()``: the numbers of a row from `first` on are of no batch element.
  func leaveOut(row: Int, from first: Int) {
    for k in first..<max(first, width) { norms.base[row * width + k] = .nan }
  }

  /// log10 of every norm [rows, width].
  var logarithms: [Double] { norms.array() }
  /// log10 of a row's norms combined.
  func combined(row: Int) -> Double { width > 1 ? totals.base[row] : norms.base[row] }
  /// log10 of each row's norms combined [rows].
  var combined: [Double] { width > 1 ? totals.array() : logarithms }
}
