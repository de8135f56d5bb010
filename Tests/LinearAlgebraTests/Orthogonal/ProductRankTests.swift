import LinearAlgebra
import TestSupport
import Testing

@Suite("Products that lose rank")
struct ProductRankTests {
  @Test func zeroMapsGiveZeros() {
    var product = ProductSingularValues(dimension: 3)
    product.multiply(by: Matrix(rows: 3, columns: 3))
    #expect(product.singularValues() == [.zero, .zero, .zero])
    #expect(product.rank == 0)
    product.multiply(by: .identity(3))
    #expect(product.singularValues() == [.zero, .zero, .zero])
    #expect(product.singularValues(rows: 1..<3) == [.zero, .zero])
  }

  // Columns 1 and 2 are equal; the third is not in their span, though the second row of R takes it.
  @Test func aDependentColumnInTheMiddle() {
    var product = ProductSingularValues(dimension: 3)
    product.multiply(by: Matrix(rows: 3, columns: 3, values: [1, 1, 0, 0, 0, 1, 0, 0, 0]))
    let values = product.singularValues()
    #expect(difference(values.map(\.double), [Double(2).squareRoot(), 1, 0], relative: 1e-15) == nil)
    #expect(values[2] == .zero)
    #expect(product.rank == 2)
  }

  // Dead units at every step: the values are those of the product of what is left, which a float64 SVD resolves here.
  @Test(arguments: [3, 8, 20])
  func deadUnits(size: Int) throws {
    var stream = RandomStream(rootSeed: 3, trialSeed: UInt64(size), purpose: .other(4))
    var product = ProductSingularValues(dimension: size)
    var plain = Matrix<Double>.identity(size)
    let alive = size - size / 3
    for step in 0..<4 {
      var map = Matrix(rows: size, columns: size, values: stream.normals(size * size))
      for i in 0..<size / 3 {
        for j in 0..<size { map[(i + step) % size, j] = 0 }
      }
      product.multiply(by: map)
      plain = .product(map, plain)
    }
    let values = product.singularValues()
    let expected = try plain.singularValues()
    #expect(product.rank == alive)
    #expect(values.suffix(size - alive).elementsEqual(repeatElement(.zero, count: size - alive)))
    #expect(difference(values.map(\.double), expected, relative: 1e-7, absolute: 1e-12 * expected[0]) == nil)
  }

  // Rank one less at every step, until nothing is left: a nilpotent shift.
  @Test func nilpotentMaps() {
    let size = 6
    var shift = Matrix<Double>(rows: size, columns: size)
    for i in 0..<size - 1 { shift[i, i + 1] = 0.5 }
    var product = ProductSingularValues(dimension: size)
    for step in 1...size + 1 {
      product.multiply(by: shift)
      let expected = (0..<size).map { $0 < size - step ? powerOfTwo(-step) : 0 }
      #expect(product.singularValues().map(\.double) == expected)
    }
  }

  // Rank lost amid hundreds of decades: exactly, where the product stands in the axes of the map that loses it.
  @Test func rankLostAmidLargeGradings() throws {
    let size = 6
    var stream = RandomStream(rootSeed: 3, trialSeed: 1, purpose: .other(4))
    let q = try Initializer.orthogonal.draw(size: size, from: &stream)
    var product = ProductSingularValues(dimension: size)
    let entries = [1e-3, 1, 1e3, 1e1, 1e-1, 1e-2]
    for step in 0..<50 {
      let diagonal = entries.indices.map { step == 30 && $0 == 1 ? 0 : entries[$0] }
      product.multiply(by: .diagonal(diagonal))
    }
    product.multiply(by: q)
    let values = product.singularValues()
    #expect(values.last == .zero && product.rank == 5)
    #expect(difference(values.prefix(5).map(\.log10), [150.0, 50, -50, -100, -150], absolute: 1e-11) == nil)
  }

  // [[B, 0], [0, C]]: nothing of the first block arrives in the second.
  @Test func aBlockThatIsZero() {
    var matrices = CongruentialMatrices(seed: 11)
    var product = ProductSingularValues(dimension: 6, axes: 3..<6)
    for _ in 0..<20 {
      product.multiply(by: matrices.next(6) { ($0 < 3) == ($1 < 3) ? 0 : nil })
    }
    #expect(product.singularValues(rows: 0..<3) == [.zero, .zero, .zero])
    let own = product.singularValues(rows: 3..<6)
    #expect(own.allSatisfy { !$0.isZero })
  }
}
