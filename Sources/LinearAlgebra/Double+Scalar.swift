import CNumericKernels

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

  public static func fillRows(
    count: Int, width: Int, _ row: UnsafePointer<Double>, _ second: UnsafePointer<Double>?,
    into rows: UnsafeMutablePointer<Double>
  ) {
    gf_fill_rows_f64(Int32(count), Int32(width), row, second, rows)
  }

  public static func tanhForward(
    _ n: Int, _ a: UnsafePointer<Double>, h: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>
  ) {
    gf_tanh_forward_f64(Int32(n), a, h, derivative)
  }

  public static func reluForward(
    _ n: Int, _ a: UnsafePointer<Double>, h: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>
  ) {
    gf_relu_forward_f64(Int32(n), a, h, derivative)
  }

  public static func sigmoidForward(
    _ n: Int, _ a: UnsafePointer<Double>, s: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>
  ) {
    gf_sigmoid_forward_f64(Int32(n), a, s, derivative)
  }

  public static func lstmForward(
    batch: Int, hidden: Int, a: UnsafePointer<Double>, previousCell: UnsafePointer<Double>,
    cell: UnsafeMutablePointer<Double>, h: UnsafeMutablePointer<Double>,
    factors: UnsafeMutablePointer<Double>
  ) {
    gf_lstm_forward_f64(Int32(batch), Int32(hidden), a, previousCell, cell, h, factors)
  }

  public static func lstmBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Double>, factors: UnsafePointer<Double>,
    carry: UnsafeMutablePointer<Double>, kappa: UnsafeMutablePointer<Double>,
    gamma: UnsafeMutablePointer<Double>
  ) {
    gf_lstm_backward_f64(Int32(batch), Int32(hidden), delta, factors, carry, kappa, gamma)
  }

  public static func gruForward(
    batch: Int, hidden: Int, u: UnsafePointer<Double>, v: UnsafePointer<Double>,
    previousHidden: UnsafePointer<Double>, h: UnsafeMutablePointer<Double>,
    factors: UnsafeMutablePointer<Double>
  ) {
    gf_gru_forward_f64(Int32(batch), Int32(hidden), u, v, previousHidden, h, factors)
  }

  public static func gruBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Double>, factors: UnsafePointer<Double>,
    gammaInput: UnsafeMutablePointer<Double>, gammaHidden: UnsafeMutablePointer<Double>,
    bypass: UnsafeMutablePointer<Double>
  ) {
    gf_gru_backward_f64(
      Int32(batch), Int32(hidden), delta, factors, gammaInput, gammaHidden, bypass)
  }

  public static func elementwiseProduct(
    _ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>,
    into out: UnsafeMutablePointer<Double>
  ) {
    gf_elementwise_product_f64(Int32(n), x, y, out)
  }

  public static func addScaledRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
    into y: UnsafeMutablePointer<Double>
  ) {
    gf_add_scaled_rows_f64(Int32(count), Int32(width), scale, x, y)
  }

  public static func scaleRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>
  ) {
    gf_scale_rows_f64(Int32(count), Int32(width), scale, x)
  }

  public static func rowNorms(
    count: Int, width: Int, stride: Int, _ x: UnsafePointer<Double>,
    into norms: UnsafeMutablePointer<Double>
  ) {
    gf_row_norms_f64(Int32(count), Int32(width), Int32(stride), x, norms)
  }

  public static func addColumnSums(
    count: Int, width: Int, _ x: UnsafePointer<Double>, into sums: UnsafeMutablePointer<Double>
  ) {
    gf_add_column_sums_f64(Int32(count), Int32(width), x, sums)
  }

  public static func firstNonFinite(_ n: Int, _ x: UnsafePointer<Double>) -> Int? {
    let index = gf_first_non_finite_f64(Int64(n), x)
    return index < 0 ? nil : Int(index)
  }

  public static func widenScaledRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
    into out: UnsafeMutablePointer<Double>
  ) {
    gf_widen_scaled_rows_f64(Int32(count), Int32(width), scale, x, out)
  }

  public static func euclideanNorm(_ values: [Double]) -> Double {
    gf_euclidean_norm_f64(Int64(values.count), values)
  }

  public static func largestMagnitude(_ n: Int, _ x: UnsafePointer<Double>) -> Double {
    gf_largest_magnitude_f64(Int64(n), x)
  }

  public static func dot(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "a dot product of \(x.count) and \(y.count) elements")
    return gf_dot_f64(Int64(x.count), x, y)
  }

  public static func array(_ values: [Double]) -> [Double] { values }

  public static func doubles(_ values: [Double]) -> [Double] { values }
}
