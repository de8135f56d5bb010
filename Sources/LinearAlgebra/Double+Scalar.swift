import CNumericKernels

// One line a kernel: which function of CNumericKernels a requirement is in this precision.
extension Double: Scalar {
  public static var defaultRescalingThreshold: Int { 64 }

  public static func multiply(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int,
    _ a: UnsafePointer<Double>, lda: Int, _ b: UnsafePointer<Double>, ldb: Int,
    beta: Double, _ c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    gf_multiply_f64(
      transposeA, transposeB, Int32(m), Int32(n), Int32(k), a, Int32(lda), b, Int32(ldb), beta, c,
      Int32(ldc))
  }

  public static func prepareProduct(
    transposeA: Bool, accumulates: Bool, m: Int, n: Int, k: Int, lda: Int, ldb: Int, ldc: Int
  ) -> gf_product {
    gf_prepare_product_f64(
      transposeA, accumulates, Int32(m), Int32(n), Int32(k), Int32(lda), Int32(ldb), Int32(ldc))
  }

  @inlinable
  public static func run(
    _ product: UnsafePointer<gf_product>, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    _ c: UnsafeMutablePointer<Double>
  ) {
    gf_run_product_f64(product, a, b, c)
  }

  @inlinable
  public static func fillRows(
    count: Int, width: Int, _ row: UnsafePointer<Double>, _ second: UnsafePointer<Double>?,
    into rows: UnsafeMutablePointer<Double>
  ) {
    gf_fill_rows_f64(Int32(count), Int32(width), row, second, rows)
  }

  @inlinable
  public static func tanhForward(
    _ n: Int, _ a: UnsafePointer<Double>, h: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>
  ) {
    gf_tanh_forward_f64(Int32(n), a, h, derivative)
  }

  @inlinable
  public static func reluForward(
    _ n: Int, _ a: UnsafePointer<Double>, h: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>
  ) {
    gf_relu_forward_f64(Int32(n), a, h, derivative)
  }

  @inlinable
  public static func sigmoidForward(
    _ n: Int, _ a: UnsafePointer<Double>, s: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>
  ) {
    gf_sigmoid_forward_f64(Int32(n), a, s, derivative)
  }

  @inlinable
  public static func lstmForward(
    batch: Int, hidden: Int, a: UnsafePointer<Double>, previousCell: UnsafePointer<Double>,
    cell: UnsafeMutablePointer<Double>, h: UnsafeMutablePointer<Double>,
    factors: UnsafeMutablePointer<Double>
  ) {
    gf_lstm_forward_f64(Int32(batch), Int32(hidden), a, previousCell, cell, h, factors)
  }

  @inlinable
  public static func lstmBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Double>, factors: UnsafePointer<Double>,
    carry: UnsafePointer<Double>, nextCarry: UnsafeMutablePointer<Double>,
    kappa: UnsafeMutablePointer<Double>, gamma: UnsafeMutablePointer<Double>
  ) {
    gf_lstm_backward_f64(Int32(batch), Int32(hidden), delta, factors, carry, nextCarry, kappa, gamma)
  }

  public static func lstmGradientCovariance(
    sites n: Int, covariance: Double, factors: UnsafePointer<Double>, carry: UnsafePointer<Double>,
    laterFactors: UnsafePointer<Double>, laterCarry: UnsafePointer<Double>,
    later: UnsafePointer<Double>, cross: UnsafeMutablePointer<Double>,
    into kappas: UnsafeMutablePointer<Double>
  ) -> Double {
    gf_lstm_gradient_covariance_f64(
      Int32(n), covariance, factors, carry, laterFactors, laterCarry, later, cross, kappas)
  }

  @inlinable
  public static func gruForward(
    batch: Int, hidden: Int, u: UnsafePointer<Double>, v: UnsafePointer<Double>,
    previousHidden: UnsafePointer<Double>, h: UnsafeMutablePointer<Double>,
    factors: UnsafeMutablePointer<Double>
  ) {
    gf_gru_forward_f64(Int32(batch), Int32(hidden), u, v, previousHidden, h, factors)
  }

  @inlinable
  public static func gruLack(
    batch: Int, hidden: Int, u: UnsafePointer<Double>, v: UnsafePointer<Double>,
    previousHidden: UnsafePointer<Double>, h: UnsafePointer<Double>, lastLack: UnsafePointer<Double>,
    lack: UnsafeMutablePointer<Double>, factors: UnsafeMutablePointer<Double>
  ) {
    gf_gru_lack_f64(Int32(batch), Int32(hidden), u, v, previousHidden, h, lastLack, lack, factors)
  }

  @inlinable
  public static func gruBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Double>, factors: UnsafePointer<Double>,
    gammaInput: UnsafeMutablePointer<Double>, gammaHidden: UnsafeMutablePointer<Double>,
    bypass: UnsafeMutablePointer<Double>
  ) {
    gf_gru_backward_f64(
      Int32(batch), Int32(hidden), delta, factors, gammaInput, gammaHidden, bypass)
  }

  @inlinable
  public static func lstmTangent(
    batch: Int, hidden: Int, da: UnsafePointer<Double>, factors: UnsafePointer<Double>,
    dc: UnsafeMutablePointer<Double>, dh: UnsafeMutablePointer<Double>
  ) {
    gf_lstm_tangent_f64(Int32(batch), Int32(hidden), da, factors, dc, dh)
  }

  @inlinable
  public static func gruTangent(
    batch: Int, hidden: Int, dv: UnsafePointer<Double>, factors: UnsafePointer<Double>,
    previous: UnsafePointer<Double>, dh: UnsafeMutablePointer<Double>
  ) {
    gf_gru_tangent_f64(Int32(batch), Int32(hidden), dv, factors, previous, dh)
  }

  @inlinable
  public static func transpose(
    rows: Int, columns: Int, _ x: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>
  ) {
    gf_transpose_f64(Int32(rows), Int32(columns), x, out)
  }

  @inlinable
  public static func elementwiseProduct(
    _ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>,
    into out: UnsafeMutablePointer<Double>
  ) {
    gf_elementwise_product_f64(Int32(n), x, y, out)
  }

  @inlinable
  public static func addScaledRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
    into y: UnsafeMutablePointer<Double>
  ) {
    gf_add_scaled_rows_f64(Int32(count), Int32(width), scale, x, y)
  }

  @inlinable
  public static func scaleRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>
  ) {
    gf_scale_rows_f64(Int32(count), Int32(width), scale, x)
  }

  @inlinable
  public static func widenScaledRows(
    count: Int, width: Int, stride: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
    into out: UnsafeMutablePointer<Double>
  ) {
    gf_widen_scaled_rows_f64(Int32(count), Int32(width), Int32(stride), scale, x, out)
  }

  @inlinable
  public static func renormaliseRows(
    count: Int, width: Int, threshold: Int, sparing: Bool, _ x: UnsafeMutablePointer<Double>,
    _ second: UnsafeMutablePointer<Double>?, exponents: UnsafeMutablePointer<Int>,
    norms: UnsafeMutablePointer<Double>?, trueExponents: UnsafeMutablePointer<Int>
  ) -> Int {
    Int(
      gf_renormalise_rows_f64(
        Int32(count), Int32(width), Int32(clamping: threshold), sparing, x, second, exponents, norms,
        trueExponents))
  }

  @inlinable
  public static func rowNorms(
    count: Int, width: Int, stride: Int, _ x: UnsafePointer<Double>,
    into norms: UnsafeMutablePointer<Double>
  ) {
    gf_row_norms_f64(Int32(count), Int32(width), Int32(stride), x, norms)
  }

  @inlinable
  public static func threeNorms(
    _ nx: Int, _ x: UnsafePointer<Double>, _ ny: Int, _ y: UnsafePointer<Double>, _ nz: Int,
    _ z: UnsafePointer<Double>, into norms: UnsafeMutablePointer<Double>
  ) {
    gf_three_norms_f64(Int32(nx), x, Int32(ny), y, Int32(nz), z, norms)
  }

  @inlinable
  public static func gateNorms(
    batch: Int, gates: Int, hidden: Int, _ gamma: UnsafePointer<Double>,
    exponents: UnsafePointer<Int>, into norms: UnsafeMutablePointer<Double>,
    normExponents: UnsafeMutablePointer<Int>, scratch: UnsafeMutablePointer<Double>
  ) {
    gf_gate_norms_f64(
      Int32(batch), Int32(gates), Int32(hidden), gamma, exponents, norms, normExponents, scratch)
  }

  @inlinable
  public static func normaliseRows(
    count: Int, width: Int, stride: Int, _ x: UnsafePointer<Double>,
    into out: UnsafeMutablePointer<Double>, exponents: UnsafeMutablePointer<Int>
  ) {
    gf_normalise_rows_f64(Int32(count), Int32(width), Int32(stride), x, out, exponents)
  }

  @inlinable
  public static func gramMatrix(
    count: Int, stride: Int, _ x: UnsafePointer<Double>, into gram: UnsafeMutablePointer<Double>
  ) {
    gf_gram_matrix_f64(Int32(count), Int32(stride), x, gram)
  }

  @inlinable
  public static func normOfWeightedSum(
    count: Int, width: Int, stride: Int, weights: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
    scratch sums: UnsafeMutablePointer<Double>
  ) -> Double {
    gf_norm_of_weighted_sum_f64(Int32(count), Int32(width), Int32(stride), weights, x, sums)
  }

  @inlinable
  public static func contributionWeights(
    _ count: Int, _ first: UnsafePointer<Int>, _ second: UnsafePointer<Int>?,
    into weights: UnsafeMutablePointer<Double>
  ) -> Int {
    Int(gf_contribution_weights_f64(Int32(count), first, second, weights))
  }

  @inlinable
  public static func weightedGramSum(
    _ count: Int, stride: Int, weights: UnsafePointer<Double>, _ gram: UnsafePointer<Double>,
    _ other: UnsafePointer<Double>, diagonal: UnsafeMutablePointer<Double>
  ) -> Double {
    gf_weighted_gram_sum_f64(Int32(count), Int32(stride), weights, gram, other, diagonal)
  }

  @inlinable
  public static func addColumnSums(
    count: Int, width: Int, _ x: UnsafePointer<Double>, into sums: UnsafeMutablePointer<Double>
  ) {
    gf_add_column_sums_f64(Int32(count), Int32(width), x, sums)
  }

  @inlinable
  public static func firstNonFinite(_ n: Int, _ x: UnsafePointer<Double>) -> Int? {
    let index = gf_first_non_finite_f64(Int64(n), x)
    return index < 0 ? nil : Int(index)
  }

  @inlinable
  public static func largestMagnitude(_ n: Int, _ x: UnsafePointer<Double>) -> Double {
    gf_largest_magnitude_f64(Int64(n), x)
  }

  public static func euclideanNorm(_ values: [Double]) -> Double {
    gf_euclidean_norm_f64(Int64(values.count), values)
  }

  @inlinable
  public static func dot(_ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
    gf_dot_f64(Int64(n), x, y)
  }

  public static func softmaxCrossEntropy(
    count: Int, width: Int, weight: Double, classes: UnsafePointer<Int>,
    _ y: UnsafeMutablePointer<Double>, exponents: UnsafeMutablePointer<Int>?,
    scratch: UnsafeMutablePointer<Double>
  ) -> Double {
    gf_softmax_cross_entropy_f64(
      Int32(count), Int32(width), weight, classes, y, exponents, scratch)
  }

  public static func meanSquaredError(
    _ n: Int, target: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) -> Double {
    gf_mean_squared_error_f64(Int32(n), target, y)
  }

  public static func sgdStep(
    _ n: Int, rate: Double, scale: Double, gradient: UnsafePointer<Double>,
    _ w: UnsafeMutablePointer<Double>
  ) -> Double {
    gf_sgd_step_f64(Int64(n), rate, scale, gradient, w)
  }

  public static func momentumStep(
    _ n: Int, rate: Double, scale: Double, momentum: Double, gradient: UnsafePointer<Double>,
    velocity: UnsafeMutablePointer<Double>, _ w: UnsafeMutablePointer<Double>
  ) -> Double {
    gf_momentum_step_f64(Int64(n), rate, scale, momentum, gradient, velocity, w)
  }

  public static func rmspropStep(
    _ n: Int, rate: Double, scale: Double, decay: Double, epsilon: Double,
    gradient: UnsafePointer<Double>, meanSquare: UnsafeMutablePointer<Double>,
    _ w: UnsafeMutablePointer<Double>
  ) -> Double {
    gf_rmsprop_step_f64(Int64(n), rate, scale, decay, epsilon, gradient, meanSquare, w)
  }

  public static func adamStep(
    _ n: Int, rate: Double, scale: Double, decays: (first: Double, second: Double),
    corrections: (first: Double, second: Double), epsilon: Double, gradient: UnsafePointer<Double>,
    mean: UnsafeMutablePointer<Double>, meanSquare: UnsafeMutablePointer<Double>,
    _ w: UnsafeMutablePointer<Double>
  ) -> Double {
    gf_adam_step_f64(
      Int64(n), rate, scale, decays.first, decays.second, corrections.first, corrections.second, epsilon,
      gradient, mean, meanSquare, w)
  }

  public static func array(_ values: [Double]) -> [Double] { values }

  public static func doubles(_ values: [Double]) -> [Double] { values }
}
