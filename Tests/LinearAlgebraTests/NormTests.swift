import LinearAlgebra
import TestSupport
import Testing

@Suite("Norms and row kernels")
struct NormTests {
  // 3-4-5 triangles at any magnitude: exact but for the rounding of the scaled entries.
  @Test(arguments: [1e-300, 1e-170, 1e-154, 1, 1e154, 1e160, 1e300])
  func euclideanNormKeepsItsDigits(scale: Double) {
    #expect(ulps(Double.euclideanNorm([3 * scale, 0, -4 * scale]), 5 * scale) <= 3)
    let many = [Double](repeating: scale, count: 64)
    #expect(ulps(Double.euclideanNorm(many), 8 * scale) <= 3)
  }

  @Test func euclideanNormBelowTheNormalRange() {
    // 2^-1063 is about 1e-320, and a multiple of the smallest number.
    #expect(Double.euclideanNorm([3 * 0x1p-1063, 4 * 0x1p-1063]) == 5 * 0x1p-1063)
    #expect(Double.euclideanNorm([Double.leastNonzeroMagnitude]) == Double.leastNonzeroMagnitude)
    #expect(Double.euclideanNorm([Double.greatestFiniteMagnitude]) == .greatestFiniteMagnitude)
  }

  @Test func euclideanNormShowsInfinityAndNaN() {
    #expect(Double.euclideanNorm([1, .infinity, 1]).isFinite == false)
    #expect(Double.euclideanNorm([1, -.infinity]).isFinite == false)
    #expect(Double.euclideanNorm([1, .nan, 1]).isNaN)
    #expect(Double.euclideanNorm([.nan]).isNaN)
    #expect(Float.euclideanNorm([.nan, 2]).isNaN)
    #expect(Double.euclideanNorm([]) == 0 && Double.euclideanNorm([0, -0.0]) == 0)
  }

  @Test func euclideanNormOfSinglePrecision() {
    #expect(Float.euclideanNorm([3e30, 4e30]).isFinite)
    #expect(ulps(Float.euclideanNorm([3 * 0x1p-140, 4 * 0x1p-140]), 5 * 0x1p-140) <= 1)
  }

  @Test(arguments: [1, 7, 8, 9, 16, 61])
  func rowNormsAndDotEqualSimpleSums(width: Int) {
    var stream = RandomStream(rootSeed: 1, trialSeed: UInt64(width), purpose: .other(3))
    let stride = width + 3
    let x = stream.normals(3 * stride)
    var norms = [0.0, 0, 0]
    Double.rowNorms(count: 3, width: width, stride: stride, x, into: &norms)
    for r in 0..<3 {
      let row = Array(x[r * stride..<r * stride + width])
      let sum = row.reduce(0.0) { $0 + $1 * $1 }
      #expect(difference([norms[r], Double.dot(row, row)], [sum.squareRoot(), sum], relative: 1e-14) == nil)
    }
  }

  @Test(arguments: [0, 1, 255, 256, 300])
  func firstNonFiniteIsTheFirst(index: Int) {
    var x = [Float](repeating: 1, count: 600)
    #expect(Float.firstNonFinite(600, x) == nil)
    x[index] = index % 2 == 0 ? .nan : -.infinity
    x[599] = .nan
    #expect(Float.firstNonFinite(600, x) == index)
    #expect(Float.firstNonFinite(index, x) == nil)
  }

  @Test func denormalModeIsRestored() {
    let tiny = 0x1p-1022
    let half = [0.5]
    #expect(withDenormalsFlushed { tiny * half[0] } == 0)
    #expect(tiny * half[0] > 0)
  }
}
