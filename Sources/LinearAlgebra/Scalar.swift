import CNumericKernels

/// The element type of a network: `Float` or `Double`.
///
/// The requirements are the kernels of `CNumericKernels`, one static function each, so that generic code
/// calls the routine of its own precision. Pointers are unchecked: shapes are the caller's duty.
/// All arrays are dense and row-major.
public protocol Scalar: BinaryFloatingPoint, Sendable, BitwiseCopyable {
  /// Largest power of two, as an exponent, that a backward vector may drift from 1 before it is rescaled.
  static var defaultRescalingThreshold: Int { get }

  /// C [m,n] = op(A) op(B) + beta C, beta 0 or 1, of any shape.
  static func multiply(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int,
    _ a: UnsafePointer<Self>, lda: Int, _ b: UnsafePointer<Self>, ldb: Int,
    beta: Self, _ c: UnsafeMutablePointer<Self>, ldc: Int)
  /// The code for one shape; see ``MatrixProduct``.
  static func prepareProduct(
    transposeA: Bool, accumulates: Bool, m: Int, n: Int, k: Int, lda: Int, ldb: Int, ldc: Int
  ) -> gf_product
  /// Runs a prepared product.
  static func run(
    _ product: UnsafePointer<gf_product>, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    _ c: UnsafeMutablePointer<Self>)

  /// Every row of `rows` [count, width] becomes `row`, plus `second` if there is one.
  static func fillRows(
    count: Int, width: Int, _ row: UnsafePointer<Self>, _ second: UnsafePointer<Self>?,
    into rows: UnsafeMutablePointer<Self>)

  /// h = tanh(a) and 1 − h², the latter from the preactivation: exact near saturation.
  static func tanhForward(
    _ n: Int, _ a: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>,
    derivative: UnsafeMutablePointer<Self>)
  /// h = max(a, 0) and its slope, 0 at 0.
  static func reluForward(
    _ n: Int, _ a: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>,
    derivative: UnsafeMutablePointer<Self>)
  /// s = 1 / (1 + e^−a) and s (1 − s), exact near saturation.
  static func sigmoidForward(
    _ n: Int, _ a: UnsafePointer<Self>, s: UnsafeMutablePointer<Self>,
    derivative: UnsafeMutablePointer<Self>)

  /// One step of an LSTM from its preactivations [B, 4H]: c, h and the six factors of the backward step [6, B, H].
  static func lstmForward(
    batch: Int, hidden: Int, a: UnsafePointer<Self>, previousCell: UnsafePointer<Self>,
    cell: UnsafeMutablePointer<Self>, h: UnsafeMutablePointer<Self>,
    factors: UnsafeMutablePointer<Self>)
  /// κ_t, the gate gradients [B, 4H] and the carry to c_{t−1} from δ_t, the carry to c_t and the factors. `nextCarry` may
  /// be `carry`.
  static func lstmBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    carry: UnsafePointer<Self>, nextCarry: UnsafeMutablePointer<Self>,
    kappa: UnsafeMutablePointer<Self>, gamma: UnsafeMutablePointer<Self>)

  /// Covariances over n sites of an LSTM's gradients at steps t and u ≥ t whose δ are Gaussian, E[δ_t δ_u] =
  /// `covariance`: `cross` becomes E[δ_t κ_u] where it was E[δ_t κ_{u+1}], `kappas` E[κ_t κ_u] from `later` =
  /// E[κ_{t+1} κ_u], which it may overwrite. Factors [6, n] are those of `lstmForward`; the carries are f_{t+1} and
  /// f_{u+1}.
  ///
  /// - Returns: the sum over sites of E[γ_t γ_u], gates i, f and g together.
  static func lstmGradientCovariance(
    sites n: Int, covariance: Double, factors: UnsafePointer<Self>, carry: UnsafePointer<Self>,
    laterFactors: UnsafePointer<Self>, laterCarry: UnsafePointer<Self>, later: UnsafePointer<Self>,
    cross: UnsafeMutablePointer<Self>, into kappas: UnsafeMutablePointer<Self>
  ) -> Double

  /// One step of a GRU from its two currents [B, 3H]: h and the five factors of the backward step [5, B, H].
  static func gruForward(
    batch: Int, hidden: Int, u: UnsafePointer<Self>, v: UnsafePointer<Self>,
    previousHidden: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>,
    factors: UnsafeMutablePointer<Self>)
  /// After it: 1 − |h_t| [B, H] from that of h_{t−1}, and the factor (h_{t−1} − n) z′ where it was left at 0.
  static func gruLack(
    batch: Int, hidden: Int, u: UnsafePointer<Self>, v: UnsafePointer<Self>,
    previousHidden: UnsafePointer<Self>, h: UnsafePointer<Self>, lastLack: UnsafePointer<Self>,
    lack: UnsafeMutablePointer<Self>, factors: UnsafeMutablePointer<Self>)
  /// Both sides of the gate gradients [B, 3H] and the bypass δ_t ⊙ z from δ_t and the factors.
  static func gruBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    gammaInput: UnsafeMutablePointer<Self>, gammaHidden: UnsafeMutablePointer<Self>,
    bypass: UnsafeMutablePointer<Self>)

  /// The derivative of an LSTM step along tangent vectors: dc_t and dh_t [B, H] from da [B, 4H] and dc_{t−1}.
  static func lstmTangent(
    batch: Int, hidden: Int, da: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    dc: UnsafeMutablePointer<Self>, dh: UnsafeMutablePointer<Self>)
  /// The same of a GRU: dh_t from dv [B, 3H] and dh_{t−1}.
  static func gruTangent(
    batch: Int, hidden: Int, dv: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    previous: UnsafePointer<Self>, dh: UnsafeMutablePointer<Self>)

  /// out [columns, rows] = xᵀ, x [rows, columns].
  static func transpose(
    rows: Int, columns: Int, _ x: UnsafePointer<Self>, into out: UnsafeMutablePointer<Self>)
  /// out = x ⊙ y.
  static func elementwiseProduct(
    _ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>,
    into out: UnsafeMutablePointer<Self>)
  /// y += scale[row] · x, row by row.
  static func addScaledRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Self>,
    into y: UnsafeMutablePointer<Self>)
  /// x *= scale[row], row by row.
  static func scaleRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Self>)
  /// out = scale[row] · x in double, row by row; rows of x start `stride` apart.
  static func widenScaledRows(
    count: Int, width: Int, stride: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Self>,
    into out: UnsafeMutablePointer<Double>)

  /// Where the norm of a row of x, or that of `second`, which shares its exponent, has left [2^−threshold, 2^threshold],
  /// the power of two of the larger one moves from the elements into the exponent. `trueExponents` become those of
  /// norm · 2^exponent, `Int.min` for a row of zeros. Norms of x are written where they are asked for.
  ///
  /// - Parameter sparing: whether a row of which an element would fall below the range stays as it is.
  /// - Returns: how many rows stayed for that.
  static func renormaliseRows(
    count: Int, width: Int, threshold: Int, sparing: Bool, _ x: UnsafeMutablePointer<Self>,
    _ second: UnsafeMutablePointer<Self>?, exponents: UnsafeMutablePointer<Int>,
    norms: UnsafeMutablePointer<Double>?, trueExponents: UnsafeMutablePointer<Int>
  ) -> Int
  /// Euclidean norms of rows that start `stride` apart, without overflow or underflow of their squares.
  static func rowNorms(
    count: Int, width: Int, stride: Int, _ x: UnsafePointer<Self>,
    into norms: UnsafeMutablePointer<Double>)
  /// ‖x‖, ‖y‖ and ‖z‖, which one call measures as fast as one alone.
  static func threeNorms(
    _ nx: Int, _ x: UnsafePointer<Self>, _ ny: Int, _ y: UnsafePointer<Self>, _ nz: Int,
    _ z: UnsafePointer<Self>, into norms: UnsafeMutablePointer<Double>)
  /// Norms over the batch of each gate block of γ [B, G·H], element b times 2^exponents[b]: gate g's is
  /// norms[g] · 2^normExponents[g]. `scratch` has room for B norms.
  static func gateNorms(
    batch: Int, gates: Int, hidden: Int, _ gamma: UnsafePointer<Self>,
    exponents: UnsafePointer<Int>, into norms: UnsafeMutablePointer<Double>,
    normExponents: UnsafeMutablePointer<Int>, scratch: UnsafeMutablePointer<Double>)
  /// Each row of x brought to a largest magnitude in [1, 2) by its power of two; rows of `out` start `stride`
  /// apart. The exponent of a row of zeros is `Int.min`.
  static func normaliseRows(
    count: Int, width: Int, stride: Int, _ x: UnsafePointer<Self>,
    into out: UnsafeMutablePointer<Self>, exponents: UnsafeMutablePointer<Int>)
  /// The lower triangle of X Xᵀ [count, count] in double. Rows start `stride` apart; `count` and `stride` are
  /// multiples of 4 and 16, padded with zeros.
  static func gramMatrix(
    count: Int, stride: Int, _ x: UnsafePointer<Self>, into gram: UnsafeMutablePointer<Double>)
  /// ‖Σ_row weights[row] · x[row]‖ in double, rows `stride` apart.
  static func normOfWeightedSum(
    count: Int, width: Int, stride: Int, weights: UnsafePointer<Double>, _ x: UnsafePointer<Self>,
    scratch sums: UnsafeMutablePointer<Double>
  ) -> Double
  /// weights[b] = 2^(first[b] + second[b] − E) with the largest exponent E, which is returned; 0 for rows of zeros.
  static func contributionWeights(
    _ count: Int, _ first: UnsafePointer<Int>, _ second: UnsafePointer<Int>?,
    into weights: UnsafeMutablePointer<Double>
  ) -> Int
  /// ‖Σ_b weights[b] γ_b x_bᵀ‖² from the Gram matrices of γ and x, and its diagonal Σ_b weights[b]² ‖γ_b‖² ‖x_b‖².
  static func weightedGramSum(
    _ count: Int, stride: Int, weights: UnsafePointer<Double>, _ gram: UnsafePointer<Double>,
    _ other: UnsafePointer<Double>, diagonal: UnsafeMutablePointer<Double>
  ) -> Double
  /// sums[j] += Σ over rows of x[row, j].
  static func addColumnSums(
    count: Int, width: Int, _ x: UnsafePointer<Self>, into sums: UnsafeMutablePointer<Self>)
  /// Index of the first NaN or infinity, or nil.
  static func firstNonFinite(_ n: Int, _ x: UnsafePointer<Self>) -> Int?
  /// √(Σ x²) without overflow or underflow.
  static func euclideanNorm(_ values: [Self]) -> Double
  /// max |x|; NaN if there is one.
  static func largestMagnitude(_ n: Int, _ x: UnsafePointer<Self>) -> Double
  /// Σ x y in double precision.
  static func dot(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Double

  /// Σ_row weight · (−log softmax(y[row])[classes[row]]) of y [count, width], which becomes its gradient
  /// weight · (softmax(y) − one-hot(class)). `scratch` holds `width` numbers. With `exponents`, a row of the gradient is
  /// y[row] · 2^exponents[row]: 0 but where the class is so certain that the gradient would leave the range.
  static func softmaxCrossEntropy(
    count: Int, width: Int, weight: Double, classes: UnsafePointer<Int>,
    _ y: UnsafeMutablePointer<Self>, exponents: UnsafeMutablePointer<Int>?,
    scratch: UnsafeMutablePointer<Double>
  ) -> Double
  /// Mean of (y − target)²; y becomes its gradient 2 (y − target) / n.
  static func meanSquaredError(
    _ n: Int, target: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>
  ) -> Double

  /// w −= rate · scale · g. As the steps that follow, returns ‖Δw‖².
  static func sgdStep(
    _ n: Int, rate: Double, scale: Double, gradient: UnsafePointer<Self>, _ w: UnsafeMutablePointer<Self>
  ) -> Double
  /// v = momentum · v + scale · g, w −= rate · v.
  static func momentumStep(
    _ n: Int, rate: Double, scale: Double, momentum: Double, gradient: UnsafePointer<Self>,
    velocity: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>
  ) -> Double
  /// s = decay · s + (1 − decay) (scale · g)², w −= rate · scale · g / (√s + epsilon).
  static func rmspropStep(
    _ n: Int, rate: Double, scale: Double, decay: Double, epsilon: Double, gradient: UnsafePointer<Self>,
    meanSquare: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>
  ) -> Double
  /// m and v as running means of g and g², w −= rate m / corrections.first / (√(v / corrections.second) + epsilon).
  static func adamStep(
    _ n: Int, rate: Double, scale: Double, decays: (first: Double, second: Double),
    corrections: (first: Double, second: Double), epsilon: Double, gradient: UnsafePointer<Self>,
    mean: UnsafeMutablePointer<Self>, meanSquare: UnsafeMutablePointer<Self>,
    _ w: UnsafeMutablePointer<Self>
  ) -> Double

  /// The values rounded to this type.
  static func array(_ values: [Double]) -> [Self]
  /// The values widened to double.
  static func doubles(_ values: [Self]) -> [Double]
}

extension Scalar {
  /// Σ x y in double precision.
  ///
  /// - Precondition: as many elements in both.
  public static func dot(_ x: [Self], _ y: [Self]) -> Double {
    precondition(x.count == y.count, "a dot product of \(x.count) and \(y.count) elements")
    return dot(x.count, x, y)
  }
}
