import AllocationCounter
import LinearAlgebra
import TestSupport
import Testing

@Suite("Singular values of long products")
struct ProductSingularValuesTests {
  /// log10 of the values of a product of congruential matrices.
  private static func log10(
    seed: UInt64, size: Int, steps: Int, axes: Range<Int>? = nil, rows: Range<Int>? = nil,
    power: (Int, Int) -> Int? = { _, _ in 0 }
  ) -> [Double] {
    var matrices = CongruentialMatrices(seed: seed)
    var product = ProductSingularValues(dimension: size, axes: axes)
    for _ in 0..<steps { product.multiply(by: matrices.next(size, power: power)) }
    return (rows.map { product.singularValues(rows: $0) } ?? product.singularValues()).map(\.log10)
  }

  // Expected values here: mpmath, 500 digits, log10 of svd_r of the product of the matrices of CongruentialMatrices. An
  // absolute error of 4e−11 in log10 is a relative one of 1e−10; each map may cost ε times its condition number.

  @Test func everyValueOfARandomProduct() {
    let expected = [
      28.599771534163143, 28.274993868200607, 26.842921943612232, 25.048309831385026, 23.535008784266665,
      20.73061058757194, 19.185308303880745, 16.18692057616232, 11.866149480500342, 8.67493376516616,
      2.0066906357008856, -23.210462017314068,
    ]
    #expect(difference(Self.log10(seed: 1, size: 12, steps: 60), expected, absolute: 4e-11) == nil)
  }

  // The unit vectors to start with are in the wrong order: those that shrink come first, and maps mix them one way only.
  @Test func blockTriangularMaps() {
    let upper = [
      5.541168119371143, -0.8982830804148815, -7.396291068587888, -112.52791354757962,
      -119.84023631887405, -133.9060603750944,
    ]
    let lower = [
      5.386919674211411, -1.0180885721880861, -8.91636613284764, -112.20325346740913, -119.6750109394824,
      -132.60181683346386,
    ]
    let isSmall = { (i: Int, j: Int) in i < 3 && j < 3 }
    let fromUpper = Self.log10(seed: 2, size: 6, steps: 40) {
      $0 >= 3 && $1 < 3 ? nil : isSmall($0, $1) ? -10 : 0
    }
    let fromLower = Self.log10(seed: 2, size: 6, steps: 40) {
      $0 < 3 && $1 >= 3 ? nil : isSmall($0, $1) ? -10 : 0
    }
    #expect(difference(fromUpper, upper, absolute: 4e-11) == nil)
    // One of these maps has a condition of 6.6e5.
    #expect(difference(fromLower, lower, absolute: 1e-9) == nil)
  }

  // A saturated unit has a tiny slope, hence a tiny row: 18 powers of two from row to row, in and out of order.
  @Test func rowsOfVeryDifferentSize() {
    let ordered = [
      -3.3240125344067675, -107.7627517157575, -219.74922751633852, -316.62917780280463,
      -429.0624861946019,
    ]
    let mixed = [
      -3.323976468633901, -112.61106219984536, -211.06096427257862, -321.04135511881316,
      -428.4902977040383,
    ]
    #expect(
      difference(Self.log10(seed: 4, size: 5, steps: 20) { i, _ in -18 * i }, ordered, absolute: 4e-11) == nil
    )
    #expect(
      difference(
        Self.log10(seed: 4, size: 5, steps: 20) { i, _ in -18 * (3 * i % 5) }, mixed, absolute: 4e-11)
        == nil)
  }

  @Test func blocksOfAProduct() {
    let leading = [
      9.368431767624042, 7.89545082845201, 6.882544629794768, 3.1572544096639756,
    ]
    let wide = [
      9.25984580918868, 7.628637119717774,
    ]
    #expect(
      difference(Self.log10(seed: 3, size: 6, steps: 30, axes: 0..<4, rows: 0..<4), leading, absolute: 4e-11)
        == nil)
    #expect(
      difference(Self.log10(seed: 3, size: 6, steps: 30, axes: 0..<2, rows: 3..<6), wide, absolute: 4e-11)
        == nil)
  }

  @Test func allRowsAreTheWholeProduct() {
    let whole = Self.log10(seed: 5, size: 7, steps: 25)
    #expect(difference(Self.log10(seed: 5, size: 7, steps: 25, rows: 0..<7), whole, absolute: 1e-12) == nil)
  }

  // Q_t diag Q_{t−1}ᵀ telescopes: the values are the products of the diagonals.
  @Test(arguments: [1, 2, 9, 24])
  func knownValuesOverHundredsOfDecades(size: Int) throws {
    var stream = RandomStream(rootSeed: 8, trialSeed: UInt64(size), purpose: .other(1))
    var product = ProductSingularValues(dimension: size)
    var right = Matrix<Double>.identity(size)
    let diagonal = (0..<size).map { powerOfTwo(-((5 * $0) % size)) * (1 + 0.01 * Double($0)) }
    let steps = 60
    for _ in 0..<steps {
      let left = try Initializer.orthogonal.draw(size: size, from: &stream)
      product.multiply(by: .product(left, .product(.diagonal(diagonal), right.transposed)))
      right = left
    }
    let expected = diagonal.map { Double(steps) * ScaledNumber($0).log10 }.sorted(by: >)
    // One map has a condition of 2^(size − 1).
    #expect(
      difference(product.singularValues().map(\.log10), expected, absolute: 1e-14 * powerOfTwo(size)) == nil)
  }

  @Test func diagonalMapsAreExact() {
    var product = ProductSingularValues(dimension: 4)
    let entries = [0x1p-900, 3, -0x1p+700, 1e-5]
    for _ in 0..<1000 { product.multiply(by: .diagonal(entries)) }
    let expected = entries.map { 1000 * ScaledNumber($0).log10 }.sorted(by: >)
    #expect(difference(product.singularValues().map(\.log10), expected, relative: 1e-13) == nil)
  }

  @Test func theOrderOfTheStartDoesNotMatter() {
    let size = 8
    var plain = ProductSingularValues(dimension: size)
    var permuted = ProductSingularValues(dimension: size)
    var swap = Matrix<Double>(rows: size, columns: size)
    for i in 0..<size { swap[i, (5 * i + 3) % size] = 1 }
    permuted.multiply(by: swap)
    var matrices = CongruentialMatrices(seed: 6)
    for _ in 0..<50 {
      let next = matrices.next(size)
      plain.multiply(by: next)
      permuted.multiply(by: next)
    }
    let (a, b) = (plain.singularValues().map(\.log10), permuted.singularValues().map(\.log10))
    #expect(difference(a, b, absolute: 1e-11) == nil)
  }

  @Test func askingInBetweenDoesNotMatter() {
    var asked = ProductSingularValues(dimension: 6)
    var plain = ProductSingularValues(dimension: 6)
    var matrices = CongruentialMatrices(seed: 7)
    for _ in 0..<40 {
      let next = matrices.next(6)
      plain.multiply(by: next)
      asked.multiply(by: next)
      _ = asked.singularValues()
    }
    let values = asked.singularValues()
    #expect(values == asked.singularValues())
    #expect(
      difference(values.map(\.log10), plain.singularValues().map(\.log10), absolute: 1e-11) == nil)
  }

  @Test(arguments: [1, 2, 5, 30])
  func oneMapHasItsSingularValues(size: Int) throws {
    var stream = RandomStream(rootSeed: 9, trialSeed: UInt64(size), purpose: .other(1))
    let matrix = Matrix(rows: size, columns: size, values: stream.normals(size * size))
    var product = ProductSingularValues(dimension: size)
    product.multiply(by: matrix)
    let expected = try matrix.singularValues()
    #expect(
      difference(product.singularValues().map(\.double), expected, absolute: 1e-13 * expected[0]) == nil)
  }

  @Test func oneVectorHasItsLength() {
    var product = ProductSingularValues(dimension: 3, axes: 1..<2)
    product.multiply(by: Matrix(rows: 3, columns: 3, values: [0, 3, 0, 9, 0, 9, 0, 4, 0]))
    #expect(product.singularValues().map(\.double) == [5])
    #expect(product.singularValues(rows: 0..<1).map(\.double) == [3])
    #expect(product.singularValues(rows: 1..<2) == [.zero])
  }

  @Test func noMapIsTheStart() {
    var product = ProductSingularValues(dimension: 5, axes: 1..<4)
    #expect(product.singularValues().map(\.double) == [1, 1, 1])
    #expect(product.singularValues(rows: 0..<2).map(\.double) == [1, 0])
    #expect(product.singularValues(rows: 2..<2) == [])
  }

  @Test func notFiniteIsNaN() {
    for bad in [Double.nan, .infinity] {
      var product = ProductSingularValues(dimension: 2)
      product.multiply(by: .diagonal([1, bad]))
      product.multiply(by: .identity(2))
      #expect(product.singularValues().map(\.mantissa.isNaN) == [true, true])
      #expect(product.singularValues(rows: 0..<1).map(\.mantissa.isNaN) == [true])
    }
  }

  @Test func mapsAllocateNothing() {
    var stream = RandomStream(rootSeed: 9, trialSeed: 1, purpose: .other(2))
    var product = ProductSingularValues(dimension: 30, axes: 0..<12)
    let before = allocation_count()
    // Enough maps to diagonalise on the way.
    for _ in 0..<40 {
      for k in 0..<360 { product.vectors[k] *= 1 + 0.5 * stream.uniform() }
      product.absorb()
    }
    let allocations = allocation_count() - before
    #expect(allocations == 0)
  }
}

extension ProductSingularValues {
  /// Multiplies the product by a matrix from the left.
  mutating func multiply(by matrix: Matrix<Double>) {
    matrix.apply(to: vectors, count: rank)
    absorb()
  }
}
