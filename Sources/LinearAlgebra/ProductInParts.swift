/// A matrix product of as many rows as each call says: computed in parts whose numbers of rows are powers of two, which are
/// prepared once. So products of all sizes take a few shapes of generated code.
///
///     C [r, n] = A [r, k] B    or    C += A B            part by part of the rows of A and C
///     C [m, n] += Aᵀ B,   A [r, m], B [r, n]             part by part of the sum over r
///
/// - Complexity: as of one product, in at most log₂ r + r/256 parts.
public struct ProductInParts<Element: Scalar>: Sendable {
  /// Of 1, 2, 4… rows.
  private let parts: [MatrixProduct<Element>]
  /// Elements from a row of A, B and C to the next; 0 for what all parts share.
  private let strideA, strideB, strideC: Int

  private static var largestPart: Int { 256 }

  /// C [r, n] = A B, or C += A B, r up to `rows` and beyond.
  public init(rows: Int, n: Int, k: Int, accumulates: Bool) {
    (strideA, strideB, strideC) = (k, 0, n)
    parts = Self.sizes(rows).map { MatrixProduct(m: $0, n: n, k: k, accumulates: accumulates) }
  }

  /// C [m, n] += Aᵀ B, a sum over r up to `rows` and beyond.
  public init(sumOf rows: Int, m: Int, n: Int) {
    (strideA, strideB, strideC) = (m, n, 0)
    parts = Self.sizes(rows).map {
      MatrixProduct(m: m, n: n, k: $0, transposeA: true, accumulates: true)
    }
  }

  private static func sizes(_ rows: Int) -> [Int] {
    var sizes = [1]
    while sizes[sizes.count - 1] * 2 <= min(rows, largestPart) { sizes.append(sizes[sizes.count - 1] * 2) }
    return sizes
  }

  /// Computes it for r rows.
  public func callAsFunction(
    rows: Int, _ a: UnsafePointer<Element>, _ b: UnsafePointer<Element>, into c: UnsafeMutablePointer<Element>
  ) {
    var (first, size) = (0, parts.count - 1)
    while first < rows {
      while 1 << size > rows - first { size -= 1 }
      parts[size](a + first * strideA, b + first * strideB, into: c + first * strideC)
      first += 1 << size
    }
  }
}
