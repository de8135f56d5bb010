import LinearAlgebra

/// Norms with exponents of their own, written step by step, that become logarithms at the end, all at once.
@usableFromInline
struct NormSeries: ~Copyable {
  /// log10 after ``takeLogarithms()``.
  @usableFromInline let norms: AlignedBuffer<Double>
  @usableFromInline let exponents: AlignedBuffer<Int>

  init(count: Int) {
    norms = AlignedBuffer(uninitializedCount: count)
    exponents = AlignedBuffer(uninitializedCount: count)
  }

  @inlinable
  subscript(row: Int) -> (norm: Double, exponent: Int) {
    get { (norms.base[row], exponents.base[row]) }
    nonmutating set { (norms.base[row], exponents.base[row]) = newValue }
  }

  /// Of every norm; `totals`, if given, become those of rows of `width` norms combined.
  func takeLogarithms(
    combining width: Int = 1, into totals: UnsafeMutablePointer<Double>? = nil
  ) {
    logarithmsInPlace(
      rows: norms.count / width, width: width, norms.base, exponents.base, totals: totals)
  }
}

/// log10 of `norms` [rows, width] in place, and of each row's norms combined.
func logarithmsInPlace(
  rows: Int, width: Int, _ norms: UnsafeMutablePointer<Double>, _ exponents: UnsafePointer<Int>,
  totals: UnsafeMutablePointer<Double>?
) {
  if let totals, width > 1 {
    log10CombinedNorms(rows: rows, count: width, norms, exponents: exponents, into: totals)
  }
  log10Scaled(rows * width, norms, exponents: exponents, into: norms)
  if let totals, width == 1 { totals.update(from: norms, count: rows) }
}
