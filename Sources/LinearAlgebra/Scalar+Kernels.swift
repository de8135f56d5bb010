import CNumericKernels

/// The kernels of `CNumericKernels`, each wrapped once for both precisions. Pointers are typed here; the C function takes
/// the precision as an argument, and where the compiler knows it, what is called is the kernel of that precision. Kernels
/// that are a step of one cell, or of one optimiser, have their wrapper beside it.
///
/// All arrays are dense and row-major. Shapes are the caller's responsibility: a release build checks none. A debug build
/// traps where what a kernel writes overlaps its other operands, as it does when a length is too large for its place in a
/// block, and where a stride, a class or a multiple is wrong.
extension Scalar {
  // MARK: - Matrix products

  /// C [m,n] = op(A) op(B), or C += op(A) op(B), of any shape; see ``MatrixProduct`` for one that repeats.
  ///
  /// - Parameter lda: how far apart the rows of A start as they are stored, if not one after the other; `ldb` of B.
  @inlinable
  public static func multiply(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, _ a: UnsafePointer<Self>,
    lda: Int? = nil, _ b: UnsafePointer<Self>, ldb: Int? = nil, accumulates: Bool = false,
    into c: UnsafeMutablePointer<Self>
  ) {
    gf_multiply(
      element, transposeA, transposeB, Int32(m), Int32(n), Int32(k), a, Int32(lda ?? (transposeA ? m : k)), b,
      Int32(ldb ?? (transposeB ? k : n)), accumulates, c, Int32(n))
  }

  // MARK: - Activations

  /// h = tanh(a) and 1 − h², the latter from the preactivation: exact near saturation.
  @inlinable
  public static func tanhForward(
    _ n: Int, _ a: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>, derivative: UnsafeMutablePointer<Self>
  ) {
    assert(areApart(written: region(n, h), region(n, derivative), read: region(n, a)))
    gf_tanh_forward(element, Int32(n), a, h, derivative)
  }

  /// s = 1 / (1 + e^−a) and s (1 − s), exact near saturation.
  @inlinable
  public static func sigmoidForward(
    _ n: Int, _ a: UnsafePointer<Self>, s: UnsafeMutablePointer<Self>, derivative: UnsafeMutablePointer<Self>
  ) {
    assert(areApart(written: region(n, s), region(n, derivative), read: region(n, a)))
    gf_sigmoid_forward(element, Int32(n), a, s, derivative)
  }

  // MARK: - Arithmetic by rows

  /// Every row of `rows` [count, width] becomes `row`, plus `second` if there is one.
  @inlinable
  public static func fillRows(
    count: Int, width: Int, _ row: UnsafePointer<Self>, _ second: UnsafePointer<Self>?,
    into rows: UnsafeMutablePointer<Self>
  ) {
    gf_fill_rows(element, Int32(count), Int32(width), row, second, rows)
  }

  /// Row r becomes row `places[r]` of `table`, plus `row`, plus `second` if there is one: what a product of one-hot rows
  /// with the table gives, to the bit, where `row` is there before it.
  @inlinable
  public static func gatherRows(
    count: Int, width: Int, places: UnsafePointer<Int32>, from table: UnsafePointer<Self>,
    adding row: UnsafePointer<Self>, _ second: UnsafePointer<Self>?, into rows: UnsafeMutablePointer<Self>
  ) {
    gf_gather_rows(element, Int32(count), Int32(width), places, table, row, second, rows)
  }

  /// Row `places[r]` of `table` += row r, in the order of the rows.
  @inlinable
  public static func scatterAddRows(
    count: Int, width: Int, places: UnsafePointer<Int32>, _ rows: UnsafePointer<Self>,
    into table: UnsafeMutablePointer<Self>
  ) {
    gf_scatter_add_rows(element, Int32(count), Int32(width), places, rows, table)
  }

  /// out [columns, rows] = xᵀ, x [rows, columns].
  @inlinable
  public static func transpose(
    rows: Int, columns: Int, _ x: UnsafePointer<Self>, into out: UnsafeMutablePointer<Self>
  ) {
    assert(areApart(written: region(rows * columns, out), read: region(rows * columns, x)))
    gf_transpose(element, Int32(rows), Int32(columns), x, out)
  }

  /// out = x ⊙ y.
  @inlinable
  public static func elementwiseProduct(
    _ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, into out: UnsafeMutablePointer<Self>
  ) {
    assert(areApart(written: region(n, out), read: region(n, x), region(n, y)))
    gf_elementwise_product(element, Int32(n), x, y, out)
  }

  /// y += scale[row] · x, row by row. Scales are double, so that every power of two a float can be brought back from is
  /// one.
  @inlinable
  public static func addScaledRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Self>,
    into y: UnsafeMutablePointer<Self>
  ) {
    assert(areApart(written: region(count * width, y), read: region(count * width, x)))
    gf_add_scaled_rows(element, Int32(count), Int32(width), scale, x, y)
  }

  /// x *= scale[row], row by row.
  @inlinable
  public static func scaleRows(
    count: Int, width: Int, scale: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Self>
  ) {
    gf_scale_rows(element, Int32(count), Int32(width), scale, x)
  }

  /// out = scale[row] · x in double, row by row; rows of x start `stride` apart.
  @inlinable
  public static func widenScaledRows(
    count: Int, width: Int, stride: Int, scale: UnsafePointer<Double>, _ x: UnsafePointer<Self>,
    into out: UnsafeMutablePointer<Double>
  ) {
    assert(count <= 1 || stride >= width)
    assert(areApart(written: region(count * width, out), read: region(count, width, stride, x)))
    gf_widen_scaled_rows(element, Int32(count), Int32(width), Int32(stride), scale, x, out)
  }

  /// The numbers in double.
  package static func widen(_ n: Int, _ x: UnsafePointer<Self>, into out: UnsafeMutablePointer<Double>) {
    var one = 1.0
    widenScaledRows(count: 1, width: n, stride: n, scale: &one, x, into: out)
  }

  /// sums[j] += Σ over rows of x[row, j].
  @inlinable
  public static func addColumnSums(
    count: Int, width: Int, _ x: UnsafePointer<Self>, into sums: UnsafeMutablePointer<Self>
  ) {
    assert(areApart(written: region(width, sums), read: region(count * width, x)))
    gf_add_column_sums(element, Int32(count), Int32(width), x, sums)
  }

  /// Index of the first NaN or infinity, or nil.
  @inlinable
  public static func firstNonFinite(_ n: Int, _ x: UnsafePointer<Self>) -> Int? {
    let index = gf_first_non_finite(element, Int64(n), x)
    return index < 0 ? nil : Int(index)
  }

  // MARK: - Norms

  /// Where the norm of a row of x, or that of `second`, which shares its exponent, has left [2^−threshold, 2^threshold],
  /// the power of two of the larger one moves from the elements into the exponent. `trueExponents` become those of
  /// norm · 2^exponent, `Int.min` for a row of zeros. Norms of x are written where they are asked for.
  ///
  /// - Parameter sparing: whether a row of which an element would fall below the range stays as it is.
  /// - Returns: how many rows stayed for that.
  @inlinable
  public static func renormaliseRows(
    count: Int, width: Int, threshold: Int, sparing: Bool, _ x: UnsafeMutablePointer<Self>,
    _ second: UnsafeMutablePointer<Self>?, exponents: UnsafeMutablePointer<Int>,
    norms: UnsafeMutablePointer<Double>?, trueExponents: UnsafeMutablePointer<Int>
  ) -> Int {
    Int(
      gf_renormalise_rows(
        element, Int32(count), Int32(width), Int32(clamping: threshold), sparing, x, second, exponents, norms,
        trueExponents))
  }

  /// Euclidean norms of rows that start `stride` apart, without overflow or underflow of their squares.
  @inlinable
  public static func rowNorms(
    count: Int, width: Int, stride: Int, _ x: UnsafePointer<Self>, into norms: UnsafeMutablePointer<Double>
  ) {
    assert(count <= 1 || stride >= width)
    gf_row_norms(element, Int32(count), Int32(width), Int32(stride), x, norms)
  }

  /// ‖x‖, ‖y‖ and ‖z‖, which one call measures as fast as one alone.
  @inlinable
  public static func threeNorms(
    _ nx: Int, _ x: UnsafePointer<Self>, _ ny: Int, _ y: UnsafePointer<Self>, _ nz: Int,
    _ z: UnsafePointer<Self>, into norms: UnsafeMutablePointer<Double>
  ) {
    gf_three_norms(element, Int32(nx), x, Int32(ny), y, Int32(nz), z, norms)
  }

  /// Norms over the batch of each gate block of γ [B, G·H], element b times 2^exponents[b]: gate g's is
  /// norms[g] · 2^normExponents[g]. `scratch` has room for B norms.
  @inlinable
  public static func gateNorms(
    batch: Int, gates: Int, hidden: Int, _ gamma: UnsafePointer<Self>, exponents: UnsafePointer<Int>,
    into norms: UnsafeMutablePointer<Double>, normExponents: UnsafeMutablePointer<Int>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    gf_gate_norms(
      element, Int32(batch), Int32(gates), Int32(hidden), gamma, exponents, norms, normExponents, scratch)
  }

  /// √(Σ x²) without overflow or underflow; infinity and NaN stay visible.
  @inlinable
  public static func euclideanNorm(_ values: [Self]) -> Double {
    gf_euclidean_norm(element, Int64(values.count), values)
  }

  /// max |x|; NaN if there is one.
  @inlinable
  public static func largestMagnitude(_ n: Int, _ x: UnsafePointer<Self>) -> Double {
    gf_largest_magnitude(element, Int64(n), x)
  }

  /// Σ x y in double precision.
  @inlinable
  public static func dot(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Double {
    gf_dot(element, Int64(n), x, y)
  }

  /// Σ x y in double precision.
  ///
  /// - Precondition: as many elements in both.
  public static func dot(_ x: [Self], _ y: [Self]) -> Double {
    precondition(x.count == y.count, "a dot product of \(x.count) and \(y.count) elements")
    return dot(x.count, x, y)
  }

  // MARK: - Contributions to a gradient

  /// Each row of x brought to a largest magnitude in [1, 2) by its power of two; rows of `out` start `stride`
  /// apart, their padding is left alone. The exponent of a row of zeros is `Int.min`, that of one with NaN or infinity 0.
  @inlinable
  public static func normaliseRows(
    count: Int, width: Int, stride: Int, _ x: UnsafePointer<Self>, into out: UnsafeMutablePointer<Self>,
    exponents: UnsafeMutablePointer<Int>
  ) {
    assert(count <= 1 || stride >= width)
    assert(areApart(written: region(count, width, stride, out), read: region(count * width, x)))
    gf_normalise_rows(element, Int32(count), Int32(width), Int32(stride), x, out, exponents)
  }

  /// The lower triangle of X Xᵀ [count, count] in double. Rows start `stride` apart; `count` and `stride` are
  /// multiples of 4 and 16, padded with zeros.
  @inlinable
  public static func gramMatrix(
    count: Int, stride: Int, _ x: UnsafePointer<Self>, into gram: UnsafeMutablePointer<Double>
  ) {
    assert(count % Int(GF_GRAM_ROWS) == 0 && stride % Int(GF_GRAM_COLUMNS) == 0)
    gf_gram_matrix(element, Int32(count), Int32(stride), x, gram)
  }

  /// ‖Σ_row weights[row] · x[row]‖ in double, rows `stride` apart.
  @inlinable
  public static func normOfWeightedSum(
    count: Int, width: Int, stride: Int, weights: UnsafePointer<Double>, _ x: UnsafePointer<Self>,
    scratch sums: UnsafeMutablePointer<Double>
  ) -> Double {
    assert(count <= 1 || stride >= width)
    assert(areApart(written: region(width, sums), read: region(count, width, stride, x)))
    return gf_norm_of_weighted_sum(element, Int32(count), Int32(width), Int32(stride), weights, x, sums)
  }

  /// weights[b] = 2^(first[b] + second[b] − E) of the terms of Σ_b γ_b x_bᵀ, with the largest exponent E, which is
  /// returned, 0 if every term is zero; 0 for rows of zeros.
  @inlinable
  public static func contributionWeights(
    _ count: Int, _ first: UnsafePointer<Int>, _ second: UnsafePointer<Int>?,
    into weights: UnsafeMutablePointer<Double>
  ) -> Int {
    Int(gf_contribution_weights(element, Int32(count), first, second, weights))
  }

  /// ‖Σ_b weights[b] γ_b x_bᵀ‖² from the lower triangles of the Gram matrices of γ and x, rows `stride` apart, and its
  /// diagonal Σ_b weights[b]² ‖γ_b‖² ‖x_b‖².
  @inlinable
  public static func weightedGramSum(
    _ count: Int, stride: Int, weights: UnsafePointer<Double>, _ gram: UnsafePointer<Double>,
    _ other: UnsafePointer<Double>, diagonal: UnsafeMutablePointer<Double>
  ) -> Double {
    assert(count <= 1 || stride >= count)
    return gf_weighted_gram_sum(element, Int32(count), Int32(stride), weights, gram, other, diagonal)
  }

  // MARK: - Losses

  /// Σ_row weight · (−log softmax(y[row])[classes[row]]) of y [count, width], which becomes its gradient
  /// weight · (softmax(y) − one-hot(class)). `scratch` holds `width` numbers. With `exponents`, a row of the gradient is
  /// y[row] · 2^exponents[row]: 0 but where the class is so certain that the gradient would leave the range.
  @inlinable
  public static func softmaxCrossEntropy(
    count: Int, width: Int, weight: Double, classes: UnsafePointer<Int>, _ y: UnsafeMutablePointer<Self>,
    exponents: UnsafeMutablePointer<Int>?, scratch: UnsafeMutablePointer<Double>
  ) -> Double {
    assert((0..<count).allSatisfy { (0..<width).contains(classes[$0]) })
    return gf_softmax_cross_entropy(
      element, Int32(count), Int32(width), weight, classes, y, exponents, scratch)
  }

  /// Mean of (y − target)²; y becomes its gradient 2 (y − target) / n.
  @inlinable
  public static func meanSquaredError(
    _ n: Int, target: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>
  ) -> Double {
    assert(areApart(written: region(n, y), read: region(n, target)))
    return gf_mean_squared_error(element, Int32(n), target, y)
  }
}

// MARK: - What debug builds ask of a call

extension Scalar {
  /// Where `n` elements lie.
  @inlinable
  package static func region<T>(_ n: Int, _ x: UnsafePointer<T>) -> Range<UInt> {
    UInt(bitPattern: x)..<UInt(bitPattern: x + n)
  }

  /// Where rows of `width` elements lie that start `stride` apart.
  @inlinable
  package static func region<T>(_ count: Int, _ width: Int, _ stride: Int, _ x: UnsafePointer<T>) -> Range<
    UInt
  > {
    region(count == 0 ? 0 : (count - 1) * stride + width, x)
  }

  /// Whether what is written shares no element with anything else: what the loops are compiled for. Not an array of
  /// regions, which would be allocated at every step.
  @inlinable
  package static func areApart(
    written a: Range<UInt>, _ b: Range<UInt> = 0..<0, _ c: Range<UInt> = 0..<0,
    read p: Range<UInt>, _ q: Range<UInt> = 0..<0, _ r: Range<UInt> = 0..<0, _ s: Range<UInt> = 0..<0,
    _ t: Range<UInt> = 0..<0
  ) -> Bool {
    func meetsRead(_ x: Range<UInt>) -> Bool {
      x.overlaps(p) || x.overlaps(q) || x.overlaps(r) || x.overlaps(s) || x.overlaps(t)
    }
    return !(meetsRead(a) || meetsRead(b) || meetsRead(c) || a.overlaps(b) || a.overlaps(c) || b.overlaps(c))
  }
}
