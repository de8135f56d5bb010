import COpenBLAS
import Foundation

/// How far powers of a matrix grow before they decay as its spectral radius says.
public struct TransientGrowth: Sendable, Equatable {
  /// max_k ‖W^k‖₂ over k = 0, 1, …; nil where ρ ≥ 1.
  public let peakNorm: ScaledNumber?
  /// The power of the peak.
  public let peakPower: Int?
  /// Whether the peak is that of all powers: one was met with ‖W^k‖₂ < 1, after which no norm can be new.
  public let isPeakFinal: Bool
  /// max_k ‖W^k‖₂/ρ^k over the powers tried; nil where ρ = 0.
  public let relativePeak: ScaledNumber?
  /// The power of the relative peak.
  public let relativePeakPower: Int?

  /// What counts as growth: a factor that rounding of norms and logarithms over thousands of powers does not reach.
  static let leastGrowth = 1e-9
}

extension Matrix {
  /// Norms of the powers W^0, …, W^maxPower, at any magnitude.
  ///
  ///     ‖W^k‖₂  and  ‖W^k‖₂/ρ^k
  ///
  /// - Throws: ``LinearAlgebraError/decompositionFailed(routine:rows:columns:info:)``.
  /// - Precondition: a square matrix, `maxPower ≥ 0`.
  /// - Complexity: O(n³) a power.
  public func transientGrowth(upTo maxPower: Int) throws(LinearAlgebraError) -> TransientGrowth {
    precondition(rows == columns, "powers need a square matrix, not \(rows) × \(columns)")
    precondition(maxPower >= 0, "\(maxPower) is no number of powers")
    let radius = try scaledSpectralRadius()
    let logRadius =
      radius.double.isNormal ? log2(radius.double) : log2(radius.mantissa) + Double(radius.exponent)
    var peak = (norm: ScaledNumber(1), power: 0)
    // log2 (‖W^k‖/ρ^k): differences of large numbers, but no drift.
    var (relative, norm) = ((norm: ScaledNumber(1), log: 0.0, power: 0), ScaledNumber(1))
    var isFinal = rows == 0
    var powers = MatrixPowers(of: self)
    for k in 1..<maxPower + 1 where !norm.isZero {
      norm = powers.nextNorm()
      if norm > peak.norm * ScaledNumber(1 + TransientGrowth.leastGrowth) { peak = (norm, k) }
      if norm < ScaledNumber(1) { isFinal = true }
      if !radius.isZero && !norm.isZero {
        let log = log2(norm.mantissa) + Double(norm.exponent) - Double(k) * logRadius
        if log > relative.log + TransientGrowth.leastGrowth / M_LN2 {
          let whole = log.rounded(.down)
          relative = (ScaledNumber(exp2(log - whole), exponent: Int(whole)), log, k)
        }
      }
    }
    let decays = radius < ScaledNumber(1)
    return TransientGrowth(
      peakNorm: decays ? peak.norm : nil, peakPower: decays ? peak.power : nil,
      isPeakFinal: decays && isFinal,
      relativePeak: radius.isZero ? nil : relative.norm,
      relativePeakPower: radius.isZero ? nil : relative.power)
  }
}

/// W, W², … with one power of two each.
private struct MatrixPowers: ~Copyable {
  private let size: Int
  private let factor: AlignedBuffer<Double>
  private var power, product: AlignedBuffer<Double>
  private let image: AlignedBuffer<Double>
  private let krylov: KrylovEigenvalue
  private var factorExponent = 0
  private var exponent = 0

  init<Element: Scalar>(of matrix: Matrix<Element>) {
    let n = matrix.rows
    size = n
    factor = AlignedBuffer(count: n * n)
    power = AlignedBuffer(count: n * n)
    product = AlignedBuffer(count: n * n)
    image = AlignedBuffer(count: n)
    krylov = KrylovEigenvalue(size: n)
    for (k, value) in Element.doubles(matrix.values).enumerated() { factor.base[k] = value }
    for i in 0..<n { power.base[i * n + i] = 1 }
    factorExponent = scale(factor.base)
  }

  /// ‖W^k‖₂ of the next k.
  mutating func nextNorm() -> ScaledNumber {
    let n = Int32(size)
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, power.base, n, factor.base, n, 0, product.base, n
    )
    swap(&power, &product)
    exponent += factorExponent
    exponent += scale(power.base)
    let square = krylov.value(tolerance: 1e-13) { x, y in
      cblas_dgemv(CblasRowMajor, CblasNoTrans, n, n, 1, power.base, n, x, 1, 0, image.base, 1)
      cblas_dgemv(CblasRowMajor, CblasTrans, n, n, 1, power.base, n, image.base, 1, 0, y, 1)
    }
    return ScaledNumber(squareRootOf: max(0, square), exponent: exponent)
  }

  /// Largest magnitude to [1, 2) by a power of two, whose exponent is returned.
  private func scale(_ entries: UnsafeMutablePointer<Double>) -> Int {
    let (count, largest) = (size * size, Double.largestMagnitude(size * size, entries))
    if largest == 0 || !largest.isFinite { return 0 }
    let shift = Int(largest.exponent)
    // In two factors, of which each is within the range.
    let half = shift / 2
    cblas_dscal(Int32(count), powerOfTwo(-half), entries, 1)
    cblas_dscal(Int32(count), powerOfTwo(half - shift), entries, 1)
    return shift
  }
}
