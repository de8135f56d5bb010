import CNumericKernels

extension Float: Scalar {
  public static var defaultRescalingThreshold: Int { 8 }

  public static func multiply(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int,
    _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
    beta: Float, _ c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    gf_multiply_f32(
      transposeA, transposeB, Int32(m), Int32(n), Int32(k), a, Int32(lda), b, Int32(ldb), beta, c,
      Int32(ldc))
  }

  public static func fillRows(
    count: Int, width: Int, _ row: UnsafePointer<Float>, _ second: UnsafePointer<Float>?,
    into rows: UnsafeMutablePointer<Float>
  ) {
    gf_fill_rows_f32(Int32(count), Int32(width), row, second, rows)
  }

  public static func tanhForward(
    _ n: Int, _ a: UnsafePointer<Float>, h: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>
  ) {
    gf_tanh_forward_f32(Int32(n), a, h, derivative)
  }

  public static func reluForward(
    _ n: Int, _ a: UnsafePointer<Float>, h: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>
  ) {
    gf_relu_forward_f32(Int32(n), a, h, derivative)
  }

  public static func sigmoidForward(
    _ n: Int, _ a: UnsafePointer<Float>, s: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>
  ) {
    gf_sigmoid_forward_f32(Int32(n), a, s, derivative)
  }

  public static func lstmForward(
    batch: Int, hidden: Int, a: UnsafePointer<Float>, previousCell: UnsafePointer<Float>,
    cell: UnsafeMutablePointer<Float>, h: UnsafeMutablePointer<Float>,
    factors: UnsafeMutablePointer<Float>
  ) {
    gf_lstm_forward_f32(Int32(batch), Int32(hidden), a, previousCell, cell, h, factors)
  }

  public static func lstmBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Float>, factors: UnsafePointer<Float>,
    carry: UnsafeMutablePointer<Float>, kappa: UnsafeMutablePointer<Float>,
    gamma: UnsafeMutablePointer<Float>
  ) {
    gf_lstm_backward_f32(Int32(batch), Int32(hidden), delta, factors, carry, kappa, gamma)
  }

  public static func gruForward(
    batch: Int, hidden: Int, u: UnsafePointer<Float>, v: UnsafePointer<Float>,
    previousHidden: UnsafePointer<Float>, h: UnsafeMutablePointer<Float>,
    factors: UnsafeMutablePointer<Float>
  ) {
    gf_gru_forward_f32(Int32(batch), Int32(hidden), u, v, previousHidden, h, factors)
  }

  public static func gruBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Float>, factors: UnsafePointer<Float>,
    gammaInput: UnsafeMutablePointer<Float>, gammaHidden: UnsafeMutablePointer<Float>,
    bypass: UnsafeMutablePointer<Float>
  ) {
    gf_gru_backward_f32(
      Int32(batch), Int32(hidden), delta, factors, gammaInput, gammaHidden, bypass)
  }

  public static func elementwiseProduct(
    _ n: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into out: UnsafeMutablePointer<Float>
  ) {
    gf_elementwise_product_f32(Int32(n), x, y, out)
  }

  public static func addScaledRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) {
    gf_add_scaled_rows_f32(Int32(count), Int32(width), scale, x, y)
  }

  public static func scaleRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Float>
  ) {
    gf_scale_rows_f32(Int32(count), Int32(width), scale, x)
  }

  public static func rowNorms(
    count: Int, width: Int, stride: Int, _ x: UnsafePointer<Float>,
    into norms: UnsafeMutablePointer<Double>
  ) {
    gf_row_norms_f32(Int32(count), Int32(width), Int32(stride), x, norms)
  }

  public static func addColumnSums(
    count: Int, width: Int, _ x: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
  ) {
    gf_add_column_sums_f32(Int32(count), Int32(width), x, sums)
  }

  public static func firstNonFinite(_ n: Int, _ x: UnsafePointer<Float>) -> Int? {
    let index = gf_first_non_finite_f32(Int64(n), x)
    return index < 0 ? nil : Int(index)
  }

  public static func widenScaledRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Float>,
    into out: UnsafeMutablePointer<Double>
  ) {
    gf_widen_scaled_rows_f32(Int32(count), Int32(width), scale, x, out)
  }

  public static func euclideanNorm(_ values: [Float]) -> Double {
    gf_euclidean_norm_f32(Int64(values.count), values)
  }

  public static func largestMagnitude(_ n: Int, _ x: UnsafePointer<Float>) -> Double {
    gf_largest_magnitude_f32(Int64(n), x)
  }

  public static func dot(_ x: [Float], _ y: [Float]) -> Double {
    precondition(x.count == y.count, "a dot product of \(x.count) and \(y.count) elements")
    return gf_dot_f32(Int64(x.count), x, y)
  }

  public static func array(_ values: [Double]) -> [Float] { values.map { Float($0) } }

  public static func doubles(_ values: [Float]) -> [Double] { values.map { Double($0) } }
}
