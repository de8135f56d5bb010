import COpenBLAS
import Foundation

/// k orthonormal vectors that a linear map carries along, made orthonormal again after every step.
///
///     A_t Q_{t−1} = Q_t R_t,   R_t upper triangular with a diagonal ≥ 0
///
/// The caller overwrites each row q_j of ``vectors`` with A q_j, A any linear map, and calls ``orthonormalise()``.
/// The running mean of ln R_jj is then the j-th Lyapunov exponent of the sequence of maps.
///
/// Rows are brought to a norm near 1 by powers of two before they are factored, so that lengths of 1e−200 beside 1e+200
/// cost no digit. Where coordinates differ by more than 2²⁰, they are ordered by size while a step is factored, which
/// makes Householder's method exact row by row: units that are nearly saturated keep their small derivatives, units
/// that are dead give exact zeros. NaN or infinity in a row makes every R_jj NaN, from then on.
///
/// - Note: Source: Benettin, Galgani, Giorgilli & Strelcyn, Meccanica 15 (1980) 9; order of rows: Cox & Higham,
///   "Stability of Householder QR factorization for weighted least squares problems" (1998).
public struct OrthonormalFrame: ~Copyable {
  /// n, the length of a vector.
  public let dimension: Int
  /// k ≤ n, the number of vectors.
  public let count: Int
  /// Q [k, n], a row a vector.
  let storage: AlignedBuffer<Double>
  /// R [k, k]: row j holds column j of R, over 2^exponents[j].
  let factor: AlignedBuffer<Double>
  /// Powers of two that rows were scaled by [k].
  let exponents: AlignedBuffer<Int>
  /// Norms of the scaled rows, in [1, 2) or 0 [k]; Householder's factors.
  let norms, reflectorFactors: AlignedBuffer<Double>
  let trueExponents: AlignedBuffer<Int>
  /// How wrong an R_jj may be by now, relatively: the sum over the steps of the rounding error of a row over the least that
  /// the step left of one when the rows before it were taken out.
  var uncertainty = 0.0
  /// Whether that may be 1e−6 or more; the bound leaves room for the errors of rows that depend on each other.
  public var isUncertain: Bool { uncertainty > 4e-8 }
  /// Whether a remainder that is a rounding error becomes an exact zero; not where maps come in factors.
  var dropsDependent = true
  /// What stands for an entry of L below 2⁻⁹⁶⁰ of its column: 0, or to see whether it matters, that bound.
  public var leastEntry = 0.0
  /// Whether there was one.
  public internal(set) var hasUnderflowed = false
  /// ln |U_jj| of diagonal maps since the last step [k].
  let pending: AlignedBuffer<Double>
  var isScaling = false
  /// Of the elimination of a diagonal map: powers of two of the rows, where they stood, room for a row [n].
  let rowPowers, rowOrder: AlignedBuffer<Int>
  let scratch: AlignedBuffer<Double>
  /// Order of the coordinates while a step is factored, and their sizes [n].
  var coordinates: CoordinateOrder
  /// LAPACK's.
  let workspace: AlignedBuffer<Double>

  /// Zeros, with all the memory that steps will need.
  private init(zeros dimension: Int, count: Int) {
    precondition(
      count >= 0 && count <= dimension, "\(count) orthonormal vectors do not fit into dimension \(dimension)")
    self.dimension = dimension
    self.count = count
    storage = AlignedBuffer(count: count * dimension)
    factor = AlignedBuffer(count: count * count)
    exponents = AlignedBuffer(count: count)
    norms = AlignedBuffer(count: count)
    reflectorFactors = AlignedBuffer(count: count)
    trueExponents = AlignedBuffer(count: count)
    coordinates = CoordinateOrder(dimension: dimension)
    pending = AlignedBuffer(count: count)
    rowPowers = AlignedBuffer(count: dimension)
    rowOrder = AlignedBuffer(count: dimension)
    scratch = AlignedBuffer(count: dimension)
    workspace = AlignedBuffer(count: workspaceSize(dimension, count))
  }

  /// Random orthonormal vectors, Haar-distributed.
  ///
  /// - Precondition: `0 ≤ count ≤ dimension`.
  /// - Complexity: O(n k²).
  public init(dimension: Int, count: Int, stream: inout RandomStream) {
    self.init(zeros: dimension, count: count)
    let start = stream.normals(count * dimension)
    for k in start.indices { vectors[k] = start[k] }
    orthonormalise()
  }

  /// Unit vectors: row j is axis `axes[j]`.
  ///
  /// - Precondition: `axes` lies within `0..<dimension`.
  public init(axes: Range<Int>, dimension: Int) {
    precondition(
      axes.lowerBound >= 0 && axes.upperBound <= dimension,
      "axes \(axes) do not exist in dimension \(dimension)")
    self.init(zeros: dimension, count: axes.count)
    for (j, axis) in axes.enumerated() {
      vectors[j * dimension + axis] = 1
      factor.base[j * count + j] = 1
    }
  }

  /// The rows q_j [k, n], row-major; to be overwritten with A q_j. Valid as long as the frame lives.
  public var vectors: UnsafeMutablePointer<Double> { storage.base }

  /// R_jj of the last step, at any magnitude; exactly 0 for a dependent vector.
  public func scaledDiagonal(_ j: Int) -> ScaledNumber {
    ScaledNumber(factor.base[j * count + j], exponent: exponents.base[j])
  }

  /// ln R_jj of the last step, with what diagonal maps before it have added; −∞ for a dependent vector.
  public func logDiagonal(_ j: Int) -> Double {
    let (mantissa, exponent, added) = (factor.base[j * count + j], exponents.base[j], pending.base[j])
    // In one number where it fits: near R_jj = 1 the logarithms of the parts would cancel.
    if exponent.magnitude < 900 { return log(mantissa * powerOfTwo(exponent)) + added }
    return log(mantissa) + Double(exponent) * 0x1.62e42fefa39efp-1 + added
  }

  /// The first diagonal map after a step starts anew.
  mutating func beginScaling() {
    if !isScaling { pending.zero() }
    isScaling = true
  }

  /// R [k, k] of the last step: R_ij = triangle[j·k + i] · 2^triangleExponents[j] for i ≤ j. What stands at i > j is 0.
  public var triangle: UnsafePointer<Double> { UnsafePointer(factor.base) }

  /// Exponents of the columns of ``triangle`` [k].
  public var triangleExponents: UnsafePointer<Int> { UnsafePointer(exponents.base) }
}

/// What LAPACK asks for, of both routines.
private func workspaceSize(_ dimension: Int, _ count: Int) -> Int {
  if count == 0 { return 0 }
  let (n, k) = (Int32(dimension), Int32(count))
  var (first, second, matrix, factors) = (0.0, 0.0, 0.0, 0.0)
  _ = LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, n, k, &matrix, n, &factors, &first, -1)
  _ = LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, n, k, k, &matrix, n, &factors, &second, -1)
  return max(count, Int(max(first, second)))
}
