import AllocationCounter
import LinearAlgebra
import TestSupport
import Testing

@Suite("Products of graded diagonals")
struct GradedProductTests {
  private static func scale(_ product: inout ProductSingularValues, _ factors: [Double], _ powers: [Int]) {
    product.scaleRows(factors, powers: powers)
  }

  // Diagonal maps commute with taking singular values, whatever lies between their entries.
  @Test func diagonalMapsAreExact() {
    var product = ProductSingularValues(dimension: 4)
    for _ in 0..<50 { Self.scale(&product, [1.5, -1, 1.25, 1], [-4000, 3, 0, -90_000]) }
    let expected = [(1.0, 3), (1.25, 0), (1.5, -4000), (1, -90_000)].map {
      50 * ScaledNumber($0.0, exponent: $0.1).log10
    }
    #expect(difference(product.singularValues().map(\.log10), expected, relative: 1e-14) == nil)
  }

  // A rotation between two gradings: σ_1 σ_2 = |det|, σ_1 ≈ |d_1 c e_1|.
  @Test func aRotationBetweenGradings() {
    var product = ProductSingularValues(dimension: 2)
    let powers = [-700, 0]
    Self.scale(&product, [1, 1], powers)
    Matrix(rows: 2, columns: 2, values: [0.6, -0.8, 0.8, 0.6]).apply(to: product.vectors, count: 2)
    product.absorbUnchanged()
    Self.scale(&product, [1, 1], powers)
    // The least of the first grading meets the least of the second.
    let (two, found) = (ScaledNumber(2).log10, product.singularValues().map(\.log10))
    let largest = ScaledNumber(0.6).log10
    #expect(difference(found, [largest, -1400 * two - largest], relative: 1e-14) == nil, "\(found)")
  }

  @Test func rowsOfZerosAreExactZeros() {
    var product = ProductSingularValues(dimension: 3)
    Self.scale(&product, [1, 0, 1], [0, 0, -80])
    #expect(product.rank == 2)
    Matrix(rows: 3, columns: 3, values: [1, 2, 3, 4, 5, 6, 7, 8, 10]).apply(to: product.vectors, count: 2)
    product.absorbUnchanged()
    let values = product.singularValues()
    #expect(values[2] == .zero && !values[1].isZero)
    Self.scale(&product, [0, 0, 0], [0, 0, 0])
    #expect(product.singularValues() == [.zero, .zero, .zero])
  }

  @Test func aCopyGoesItsOwnWay() {
    var product = ProductSingularValues(dimension: 3)
    Self.scale(&product, [1, 1, 1], [0, -5, -9])
    let before = product.singularValues().map(\.log10)
    var copy = product.copy()
    Self.scale(&copy, [1, 1, 1], [-30, 40, 0])
    #expect(difference(product.singularValues().map(\.log10), before, absolute: 1e-14) == nil)
    #expect(
      difference(
        copy.singularValues().map(\.log10), [35.0, -9, -30].map { $0 * ScaledNumber(2).log10 },
        absolute: 1e-13) == nil)
  }

  @Test func gradedMapsAllocateNothing() {
    var stream = RandomStream(rootSeed: 9, trialSeed: 1, purpose: .other(3))
    var product = ProductSingularValues(dimension: 12)
    let factors = [Double](repeating: 1.5, count: 12)
    let powers = (0..<12).map { -37 * (($0 * 5) % 12) }
    let before = allocation_count()
    for _ in 0..<40 {
      factors.withUnsafeBufferPointer { f in
        powers.withUnsafeBufferPointer { p in product.scaleRows(f.baseAddress!, powers: p.baseAddress!) }
      }
      for k in 0..<144 { product.vectors[k] += 0.5 * stream.uniform() }
      product.absorbUnchanged()
    }
    let allocations = allocation_count() - before
    #expect(allocations == 0)
  }

  @Test func doubtIsNoticed() {
    var plain = ProductSingularValues(dimension: 2)
    plain.multiply(by: Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4]))
    #expect(plain.isDoubtful == false)
    plain.multiply(by: Matrix(rows: 2, columns: 2, values: [1, 1, 1, 1 + 1e-9]))
    #expect(plain.isDoubtful == true)
  }

  /// A direction that has fallen 2^20 behind and catches up again is known to 2^−33 of what is ahead of it.
  @Test func directionsThatComeTogetherAgainAreDoubted() {
    func product(_ power: Int) -> Bool {
      var product = ProductSingularValues(dimension: 2)
      let small = powerOfTwo(-power)
      product.multiply(by: Matrix(rows: 2, columns: 2, values: [1, 0, 0, small]))
      if product.isDoubtful { return false }
      product.multiply(by: Matrix(rows: 2, columns: 2, values: [small, 0, 0, 1]))
      return product.isDoubtful
    }
    #expect(product(20))
    #expect(!product(10))
  }
}

@Suite("Exact ranks")
struct ExactRankTests {
  private static func rank(_ rows: [[Double]]) -> Int {
    Matrix(rows: rows.count, columns: rows[0].count, values: rows.flatMap { $0 }).exactRank()
  }

  @Test func smallMatrices() {
    #expect(Self.rank([[1.5, 1.5], [-1.5, -1.5]]) == 1)
    #expect(Self.rank([[1, 1], [1, 1 + 0x1p-52]]) == 2)
    #expect(Self.rank([[0x1p-1074, 0], [0, 0x1p1023]]) == 2)
    #expect(Self.rank([[0, 0], [0, 0]]) == 0)
    #expect(Self.rank([[1, 2, 3], [4, 5, 6], [7, 8, 9]]) == 2)
    #expect(Self.rank([[0.1, 0.3], [0.7, 2.1]]) == 2)  // 2.1 is not three times 0.7 in binary
  }

  // U V of inner size 3 with few digits, so that no entry is rounded.
  @Test func productsOfThinMatrices() {
    var stream = RandomStream(rootSeed: 4, trialSeed: 1, purpose: .other(5))
    func thin(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(
        rows: rows, columns: columns,
        values: (0..<rows * columns).map { _ in Double(stream.integer(below: 2001) - 1000) / 64 })
    }
    let product = Matrix.product(thin(9, 3), thin(3, 9))
    #expect(product.exactRank() == 3)
    #expect(thin(9, 9).exactRank() == 9)
  }
}
