import CNumericKernels

/// The element type of a network: `Float` or `Double`.
///
/// The requirements are the kernels of `CNumericKernels`, one static function each, so that generic code
/// calls the routine of its own precision. Pointers are unchecked: shapes are the caller's duty.
/// All arrays are dense and row-major.
public protocol Scalar: BinaryFloatingPoint, Sendable, BitwiseCopyable {
  /// Largest power of two, as an exponent, that a backward vector may drift from 1 before it is rescaled.
  static var defaultRescalingThreshold: Int { get }

  /// C [m,n] = op(A) op(B) + beta C, beta 0 or 1.
  static func multiply(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int,
    _ a: UnsafePointer<Self>, lda: Int, _ b: UnsafePointer<Self>, ldb: Int,
    beta: Self, _ c: UnsafeMutablePointer<Self>, ldc: Int)

  static func fillRows(
    count: Int, width: Int, _ row: UnsafePointer<Self>, _ second: UnsafePointer<Self>?,
    into rows: UnsafeMutablePointer<Self>)

  static func tanhForward(
    _ n: Int, _ a: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>,
    derivative: UnsafeMutablePointer<Self>)
  static func reluForward(
    _ n: Int, _ a: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>,
    derivative: UnsafeMutablePointer<Self>)
  static func sigmoidForward(
    _ n: Int, _ a: UnsafePointer<Self>, s: UnsafeMutablePointer<Self>,
    derivative: UnsafeMutablePointer<Self>)

  static func lstmForward(
    batch: Int, hidden: Int, a: UnsafePointer<Self>, previousCell: UnsafePointer<Self>,
    cell: UnsafeMutablePointer<Self>, h: UnsafeMutablePointer<Self>,
    factors: UnsafeMutablePointer<Self>)
  static func lstmBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    carry: UnsafeMutablePointer<Self>, kappa: UnsafeMutablePointer<Self>,
    gamma: UnsafeMutablePointer<Self>)

  static func gruForward(
    batch: Int, hidden: Int, u: UnsafePointer<Self>, v: UnsafePointer<Self>,
    previousHidden: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>,
    factors: UnsafeMutablePointer<Self>)
  static func gruBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    gammaInput: UnsafeMutablePointer<Self>, gammaHidden: UnsafeMutablePointer<Self>,
    bypass: UnsafeMutablePointer<Self>)

  static func elementwiseProduct(
    _ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>,
    into out: UnsafeMutablePointer<Self>)
  static func addScaledRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Self>,
    into y: UnsafeMutablePointer<Self>)
  static func scaleRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Self>)
  /// Euclidean norms of rows that start `stride` apart, without overflow or underflow of their squares.
  static func rowNorms(
    count: Int, width: Int, stride: Int, _ x: UnsafePointer<Self>,
    into norms: UnsafeMutablePointer<Double>)
  static func addColumnSums(
    count: Int, width: Int, _ x: UnsafePointer<Self>, into sums: UnsafeMutablePointer<Self>)
  /// Index of the first NaN or infinity, or nil.
  static func firstNonFinite(_ n: Int, _ x: UnsafePointer<Self>) -> Int?
  static func widenScaledRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Self>,
    into out: UnsafeMutablePointer<Double>)

  /// √(Σ x²) without overflow or underflow.
  static func euclideanNorm(_ values: [Self]) -> Double
  /// max |x|; NaN is passed over.
  static func largestMagnitude(_ n: Int, _ x: UnsafePointer<Self>) -> Double
  /// Σ x y in double precision.
  static func dot(_ x: [Self], _ y: [Self]) -> Double
  /// The values rounded to this type.
  static func array(_ values: [Double]) -> [Self]
  /// The values widened to double.
  static func doubles(_ values: [Self]) -> [Double]
}
