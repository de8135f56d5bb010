import CNumericKernels

/// A matrix product of one shape, with the code that computes it: looked up or compiled once, for products that
/// repeat, as those of a time loop do.
///
///     C [m,n] = op(A) B    or    C += op(A) B
///
/// The code is generated for the shape by LIBXSMM where that is there and the operands fit the caches, which for
/// the sizes of recurrent networks reaches the limit of the processor; elsewhere it is BLAS.
///
/// - Note: Source: Heinecke et al., SC 2016, "LIBXSMM: accelerating small matrix multiplications by runtime code
///   generation".
public struct MatrixProduct<Element: Scalar>: Sendable, BitwiseCopyable {
  @usableFromInline let product: gf_product

  /// - Parameters:
  ///   - m: rows of C.
  ///   - n: columns of C and of B.
  ///   - k: the inner size.
  ///   - transposeA: whether A is stored as [k, m].
  ///   - accumulates: whether the product is added to C.
  ///   - generates: false: BLAS computes it, for a shape that comes once and is not worth code of its own.
  public init(
    m: Int, n: Int, k: Int, transposeA: Bool = false, accumulates: Bool, generates: Bool = true
  ) {
    let (m, n, k) = (Int32(m), Int32(n), Int32(k))
    if generates {
      product = gf_prepare_product(
        Element.element, transposeA, accumulates, m, n, k, transposeA ? m : k, n, n)
    } else {
      product = gf_product(
        generated: nil, m: m, n: n, k: k, lda: transposeA ? m : k, ldb: n, ldc: n, transpose_a: transposeA,
        accumulate: accumulates, element: Element.element)
    }
  }

  /// Computes it; A, B and C are dense and row-major.
  @inlinable
  public func callAsFunction(
    _ a: UnsafePointer<Element>, _ b: UnsafePointer<Element>, into c: UnsafeMutablePointer<Element>
  ) {
    withUnsafePointer(to: product) { gf_run_product($0, a, b, c) }
  }

  /// Whether LIBXSMM generated the code.
  public var isGenerated: Bool { product.generated != nil }
}

extension gf_product: @unchecked @retroactive Sendable {}
