import LinearAlgebra

/// The rows of one factor of Σ_b γ_b x_bᵀ: each brought to a magnitude near 1, with its power of two aside, and their
/// Gram matrix. Padded with zeros to what the kernels take.
@usableFromInline
struct ContributionRows<Element: Scalar>: ~Copyable {
  /// B and the width of a row, and both padded.
  @usableFromInline let batch, width, count, stride: Int
  @usableFromInline let rows: AlignedBuffer<Element>
  /// `Int.min` for a row of zeros.
  @usableFromInline let exponents: AlignedBuffer<Int>
  /// Lower triangle [count, count]; empty if it is never taken.
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

  /// Copies `values` [B, width] in, and takes the Gram matrix if there is room for it.
  @inlinable
  func load(_ values: UnsafePointer<Element>) {
    Element.normaliseRows(
      count: batch, width: width, stride: stride, values, into: rows.base,
      exponents: exponents.base)
    if gram.count > 0 {
      Element.gramMatrix(count: count, stride: stride, rows.base, into: gram.base)
    }
  }
}
