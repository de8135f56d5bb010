import AllocationCounter
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite("Orthonormal frames")
struct OrthonormalFrameTests {
  private static func stream(_ seed: Int) -> RandomStream {
    RandomStream(rootSeed: 31, trialSeed: UInt64(seed), purpose: .other(1))
  }

  /// max |q_i · q_j − δ_ij|.
  private static func deviation(_ frame: borrowing OrthonormalFrame) -> Double {
    var worst = 0.0
    let n = frame.dimension
    for i in 0..<frame.count {
      for j in 0..<frame.count {
        let dot = Double.dot(n, frame.vectors + i * n, frame.vectors + j * n)
        worst = max(worst, (dot - (i == j ? 1 : 0)).magnitude)
      }
    }
    return worst
  }

  private static let shapes = [(1, 1), (2, 1), (5, 5), (7, 3), (64, 64), (100, 16), (130, 40)]

  @Test(arguments: shapes)
  func factorsAreQAndR(n: Int, k: Int) {
    var stream = Self.stream(n)
    var frame = OrthonormalFrame(dimension: n, count: k, stream: &stream)
    #expect(Self.deviation(frame) < 1e-14)
    // Lengths over 400 decades.
    let scales = (0..<k).map { k == 1 ? 1e200 : pow(10, -200 + 400 * Double(($0 * 3) % k) / Double(k - 1)) }
    let start = stream.normals(n * k)
    for j in 0..<k { for i in 0..<n { frame.vectors[j * n + i] = scales[j] * start[j * n + i] } }
    frame.orthonormalise()
    #expect(Self.deviation(frame) < 1e-14)
    for j in 0..<k {
      let column = (0..<n).map { i in
        (0...j).reduce(0) { $0 + frame.vectors[$1 * n + i] * frame.triangle[j * k + $1] }
          * powerOfTwo(frame.triangleExponents[j])
      }
      let expected = (0..<n).map { scales[j] * start[j * n + $0] }
      let length = ScaledNumber.euclideanNorm(expected.map { ScaledNumber($0) }).double
      #expect(difference(column, expected, absolute: 1e-14 * length) == nil)
      let diagonal = frame.scaledDiagonal(j)
      #expect(diagonal > .zero)
      #expect((frame.logDiagonal(j) - log(diagonal.double)).magnitude < 1e-12)
    }
  }

  @Test func axesAreUnitVectors() {
    let frame = OrthonormalFrame(axes: 1..<3, dimension: 4)
    #expect((0..<8).map { frame.vectors[$0] } == [0, 1, 0, 0, 0, 0, 1, 0])
    #expect(frame.logDiagonal(0) == 0 && frame.logDiagonal(1) == 0)
    #expect(OrthonormalFrame(axes: 2..<2, dimension: 4).count == 0)
  }

  // The mean of q_1 over Haar's measure is 0, whatever LAPACK's signs are; of |q_11|² it is 1/n.
  @Test func randomStartHasNoPreferredSign() {
    var (sum, squares) = (0.0, 0.0)
    let draws = 4000
    for seed in 0..<draws {
      var stream = Self.stream(seed)
      let frame = OrthonormalFrame(dimension: 3, count: 2, stream: &stream)
      sum += frame.vectors[0]
      squares += frame.vectors[4] * frame.vectors[4]
    }
    #expect((sum / Double(draws)).magnitude < 4 * (1 / (3 * Double(draws))).squareRoot())
    // Var q² = 4/45 for n = 3.
    #expect((squares / Double(draws) - 1 / 3.0).magnitude < 4 * (4 / (45 * Double(draws))).squareRoot())
  }

  @Test func dependentVectorsAreExactZeros() {
    var frame = OrthonormalFrame(axes: 0..<4, dimension: 4)
    let rows = [1.0, 2, 3, 4, 0, 0, 0, 0, 0.5, 1, 1.5, 2, 1, 0, 0, 1]
    for k in 0..<16 { frame.vectors[k] = rows[k] }
    frame.orthonormalise()
    #expect((0..<4).map { frame.scaledDiagonal($0).isZero } == [false, true, true, false])
    #expect(frame.logDiagonal(1) == -.infinity && frame.scaledDiagonal(2) == .zero)
    #expect(Self.deviation(frame) < 1e-15)
  }

  // Beyond the range of double the diagonal is still known.
  @Test func diagonalBeyondTheRange() {
    var frame = OrthonormalFrame(axes: 0..<2, dimension: 3)
    for k in 0..<3 { frame.vectors[k] = .greatestFiniteMagnitude / 1.5 }
    for k in 3..<6 { frame.vectors[k] = k == 4 ? 0 : 0x1p-1060 }
    frame.orthonormalise()
    let expected = log(Double(3).squareRoot() / 1.5) + log(Double.greatestFiniteMagnitude)
    #expect(frame.scaledDiagonal(0).double == .infinity)
    #expect((frame.logDiagonal(0) - expected).magnitude < 1e-12)
    #expect((frame.logDiagonal(1) - (0.5 * log(2 / 3.0) - 1060 * log(2))).magnitude < 1e-12)
  }

  // A = diag(slopes) B: units that are all but saturated, down to 1e−250, in a step that is not singular.
  @Test func saturatedUnitsKeepTheirSlopes() {
    let slopes = [1e-30, 1, 1e-250, 0.1, 1e-120, 1e-3]
    var matrices = CongruentialMatrices(seed: 12)
    let b = matrices.next(6)
    var frame = OrthonormalFrame(axes: 0..<6, dimension: 6)
    var plain = 0.0
    b.apply(to: frame.vectors, count: 6)
    frame.orthonormalise()
    for j in 0..<6 { plain += frame.logDiagonal(j) }
    frame = OrthonormalFrame(axes: 0..<6, dimension: 6)
    Matrix.product(.diagonal(slopes), b).apply(to: frame.vectors, count: 6)
    frame.orthonormalise()
    let sum = (0..<6).reduce(0) { $0 + frame.logDiagonal($1) }
    #expect((sum - plain - slopes.reduce(0) { $0 + log($1) }).magnitude < 1e-11)
    #expect(Self.deviation(frame) < 1e-14)
  }

  @Test func notFiniteStaysVisible() {
    var frame = OrthonormalFrame(axes: 0..<2, dimension: 2)
    frame.vectors[0] = .nan
    frame.orthonormalise()
    #expect(frame.logDiagonal(0).isNaN && frame.vectors[3].isNaN)
  }

  @Test func stepsAllocateNothing() {
    var stream = Self.stream(2)
    var frame = OrthonormalFrame(dimension: 40, count: 8, stream: &stream)
    let before = allocation_count()
    for step in 0..<10 {
      // Every other step with coordinates of very different size.
      for k in 0..<320 where k % 40 == step / 2 { frame.vectors[k] *= step % 2 == 0 ? 1e-30 : 2 }
      frame.orthonormalise()
    }
    let allocations = allocation_count() - before
    #expect(allocations == 0)
  }
}
