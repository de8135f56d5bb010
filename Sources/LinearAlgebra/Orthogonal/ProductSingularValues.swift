/// All singular values of a long product of maps, each to high relative accuracy however small it is.
///
///     P = A_m ⋯ A_1 E,   E [n, k] some or all of the unit vectors
///
/// The product itself holds nothing below 1e−16 of its largest singular value, and nothing at all below 1e−308. Here it
/// is kept as P = Q D X Vᵀ: Q orthonormal, D powers of two with integer exponents, X of moderate condition, V orthogonal
/// and forgotten, since no singular value depends on it. A step is
///
///     A Q Π = Q' R,   D' X' = R (Πᵀ D Π)(Πᵀ X)
///
/// with the columns of A Q D in descending order. From time to time, and whenever values are asked for, D X is replaced
/// by its singular values, found by one-sided Jacobi rotations, and Q follows.
///
/// Rounding changes a singular value by about ε times the condition numbers of single maps (taken after their rows and
/// columns are scaled), not by that of the product. Directions that a map takes to within rounding of what is left of the
/// others are exact zeros from then on. Of a map that has a condition number of its own beyond 1e7, hand over the factors:
/// diagonal ones by ``scaleRows(_:powers:)``. With NaN or infinity in a map all values are NaN.
///
/// ```swift
/// var product = ProductSingularValues(dimension: n)
/// for map in maps {
///   for j in 0..<product.rank { /* product.vectors row j ← map · row j */ }
///   product.absorb()
/// }
/// let log10 = product.singularValues().map(\.log10)
/// ```
///
/// - Note: Sources: P = Q D X: Bai, Lee, Li & Xu, "Stable solutions of linear systems involving long chain of matrix
///   multiplications", Linear Algebra Appl. 435 (2011) 659; accuracy of the graded factor: Demmel & Veselić, SIAM J.
///   Matrix Anal. Appl. 13 (1992) 1204.
public struct ProductSingularValues: ~Copyable {
  /// n, the length of a vector.
  public var dimension: Int { frame.dimension }
  /// k, the columns of the product.
  public var count: Int { frame.count }
  /// How many singular values are not exactly 0: only the first so many vectors matter, the maps need not be applied to
  /// the others.
  public internal(set) var rank: Int
  var frame: OrthonormalFrame
  /// log2 of D [k].
  let exponents: AlignedBuffer<Int>
  /// X [k, k], of which the first `rank` rows count.
  let mixing: AlignedBuffer<Double>
  /// The upper triangle that X is multiplied by [k, k], and the rotated vectors.
  let triangle: AlignedBuffer<Double>
  let rotatedVectors: AlignedBuffer<Double>
  /// log2 of the lengths of the columns of A Q D [k].
  let lengths: AlignedBuffer<Double>
  let graded, columns: GradedVectors
  /// Whether the vectors are orthonormal, as after every ``absorb()``.
  var isOrthonormal = true
  /// Whether some direction was so close to the others, at steps or in a block that was asked for, that its value may be
  /// wrong by 1e−6 or more, relatively, or it was taken for zero: see ``scaleRows(_:powers:)`` for a way that loses none.
  /// Or directions that were far apart have come so near that rounding errors between them matter.
  public var isDoubtful: Bool { hasDoubtfulBlock || frame.isUncertain || gaps.haveShrunk }
  private var gaps: SpectralGaps
  /// Whether that was so in a block.
  var hasDoubtfulBlock = false
  /// Whether an entry that is not zero was left out because it is below 1e−289 of its column: a singular value that is
  /// exactly 0 then need not be.
  public var hasUnderflowed: Bool { frame.hasUnderflowed }
  /// Errors that are added to rounding, to see what it does; nil as a rule.
  public var noise: RoundingNoise?
  /// Whether X is diagonal and D X holds the singular values, descending.
  var isDiagonal = true
  /// Maps since D X was diagonal.
  var steps = 0
  var isFinite = true

  /// An empty product: E itself.
  ///
  /// - Parameters:
  ///   - dimension: n.
  ///   - axes: the unit vectors that are the columns of E; all without them.
  /// - Precondition: `axes` lies within `0..<dimension`.
  public init(dimension n: Int, axes: Range<Int>? = nil) {
    frame = OrthonormalFrame(axes: axes ?? 0..<n, dimension: n)
    let k = frame.count
    rank = k
    exponents = AlignedBuffer(count: k)
    mixing = AlignedBuffer(count: k * k)
    for i in 0..<k { mixing.base[i * k + i] = 1 }
    triangle = AlignedBuffer(count: k * k)
    rotatedVectors = AlignedBuffer(count: k * n)
    lengths = AlignedBuffer(count: k)
    graded = GradedVectors(count: k, length: k)
    columns = GradedVectors(count: k, length: k)
    gaps = SpectralGaps(count: k)
  }

  /// The rows q_j [k, n], row-major; to be overwritten with A q_j. Valid as long as the product lives.
  public var vectors: UnsafeMutablePointer<Double> { frame.vectors }

  /// Takes the map that ``vectors`` were multiplied by into the product.
  ///
  /// - Complexity: O(n k²), no allocation.
  public mutating func absorb() {
    guard checkFinite() else { return }
    frame.scale(first: rank)
    sortColumns()
    frame.factorise(first: rank)
    for l in 0..<rank { exponents.base[l] += frame.exponents.base[l] }
    let columns = rank
    if (0..<rank).contains(where: { frame.factor.base[$0 * count + $0] == 0 }) {
      revealRank()
    } else {
      formTriangle(rows: rank, columns: columns, frame.factor.base)
    }
    multiplyMixing(columns: columns)
    steps += 1
    isDiagonal = false
    isOrthonormal = true
    gaps.add(exponents.base, rank: rank)
    noteStep()
  }

  /// X grows with its condition: det X is 1 but for signs and powers of two.
  mutating func noteStep() {
    let growth = Double.largestMagnitude(rank * count, mixing.base)
    if growth > 0x1p8 || steps >= 16 { diagonalise() }
  }

  mutating func checkFinite() -> Bool {
    if isFinite { isFinite = Double.firstNonFinite(rank * dimension, vectors) == nil }
    return isFinite
  }
}
