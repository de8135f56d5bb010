import LinearAlgebra

/// The rows of one factor of Σ_b γ_b x_bᵀ: each brought to a magnitude near 1, with its power of two aside, and their
/// Gram matrix. Padded with zeros to what the kernels take.
@usableFromInline
struct ContributionRows<Element: Scalar>: ~Copyable {
  /// How many rows there are, B at most; the width of a row, and room for rows and columns, padded.
  @usableFromInline var batch: Int
  @usableFromInline let width, count, stride: Int
  @usableFromInline let rows: AlignedBuffer<Element>
  /// `Int.min` for a row of zeros.
  @usableFromInline let exponents: AlignedBuffer<Int>
  /// Lower triangle [paddedBatch, paddedBatch]; empty if it is never taken.
  @usableFromInline let gram: AlignedBuffer<Double>

  @usableFromInline
  init(batch: Int, width: Int, hasGram: Bool) {
    self.batch = batch
    self.width = width
    count = (batch + 3) / 4 * 4
    stride = (width + 15) / 16 * 16
    rows = AlignedBuffer(count: count * stride)
    exponents = AlignedBuffer(count: batch)
    gram = AlignedBuffer(count: hasGram ? count * count : 0)
  }

  /// B as the kernels take it.
  @inlinable var paddedBatch: Int { (batch + 3) / 4 * 4 }

  /// Copies `batch` rows of `values` in, and takes the Gram matrix if there is room for it.
  @inlinable
  mutating func load(_ values: UnsafePointer<Element>, _ batch: Int) {
    self.batch = batch
    Element.normaliseRows(
      count: batch, width: width, stride: stride, values, into: rows.base,
      exponents: exponents.base)
    if gram.count > 0 {
      // Rows behind these are others' or zeros, and no one looks at their products.
      Element.gramMatrix(count: paddedBatch, stride: stride, rows.base, into: gram.base)
    }
  }
}
