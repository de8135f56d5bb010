import LinearAlgebra
import TestSupport
import Testing

@Suite("Prepared matrix products")
struct MatrixProductTests {
  struct Shape: Sendable, CustomStringConvertible {
    let m, n, k: Int
    let transposeA, accumulates, generated: Bool
    var description: String {
      "\(m) × \(n) × \(k)\(transposeA ? " Aᵀ" : "")\(accumulates ? " +=" : "")\(generated ? " generated" : "")"
    }
  }

  static let shapes: [Shape] = [
    (1, 1, 1), (1, 32, 32), (3, 7, 5), (16, 64, 64), (2, 17, 33), (5, 100, 13), (37, 3, 129),
    (64, 15, 31), (1, 128, 8), (8, 1, 300),
  ].flatMap { m, n, k in
    [false, true].flatMap { transposeA in
      [false, true].flatMap { accumulates in
        Set([false, KernelSelection.fastest.generatesProducts]).map {
          Shape(
            m: m, n: n, k: k, transposeA: transposeA, accumulates: accumulates, generated: $0)
        }
      }
    }
  }

  @Test(arguments: shapes) func equalTripleLoops(_ shape: Shape) {
    check(shape, Float.self)
    check(shape, Double.self)
  }

  private func check<Element: Scalar>(_ shape: Shape, _ type: Element.Type) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    var stream = RandomStream(rootSeed: 5, trialSeed: UInt64(m * 10_000 + n * 100 + k), purpose: .other(1))
    // Small integers: every product and sum is exact, so the order of additions does not matter.
    func integers(_ count: Int) -> [Element] {
      (0..<count).map { _ in Element(stream.integer(below: 17) - 8) }
    }
    let (a, b) = (integers(m * k), integers(k * n))
    let before: [Element] = shape.accumulates ? integers(m * n) : Array(repeating: .nan, count: m * n)
    var c = before
    let kernels = KernelSelection(level: .detected, generatesProducts: shape.generated)
    withKernels(kernels) {
      let product = MatrixProduct<Element>(
        m: m, n: n, k: k, transposeA: shape.transposeA, accumulates: shape.accumulates)
      #expect(product.isGenerated == shape.generated)
      product(a, b, into: &c)
    }
    var wrong = 0
    for i in 0..<m {
      for j in 0..<n {
        var sum: Element = shape.accumulates ? before[i * n + j] : 0
        for p in 0..<k { sum += (shape.transposeA ? a[p * m + i] : a[i * k + p]) * b[p * n + j] }
        if c[i * n + j] != sum { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  @Test func operandsBeyondTheCachesAreLeftToBLAS() {
    #expect(!MatrixProduct<Float>(m: 16, n: 4_096, k: 1_024, accumulates: false).isGenerated)
  }
}
