import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite("Frames along maps with known Lyapunov exponents")
struct LyapunovFrameTests {
  /// Mean of ln R_jj over `steps` maps after `transient` that are not counted.
  private static func exponents(
    _ frame: consuming OrthonormalFrame, steps: Int, transient: Int = 0,
    _ apply: (UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: frame.count)
    for step in 0..<transient + steps {
      apply(frame.vectors)
      frame.orthonormalise()
      if step >= transient { for j in sums.indices { sums[j] += frame.logDiagonal(j) } }
    }
    return sums.map { $0 / Double(steps) }
  }

  // x' = 1 − a x² + y, y' = b x: 0.4192 and −1.6232, their sum exactly ln b.
  @Test func henonMap() {
    var (x, y) = (0.1, 0.1)
    let mean = Self.exponents(OrthonormalFrame(axes: 0..<2, dimension: 2), steps: 200_000, transient: 1000) {
      q in
      for row in [q, q + 2] {
        let (u, v) = (row[0], row[1])
        (row[0], row[1]) = (-2.8 * x * u + v, 0.3 * u)
      }
      (x, y) = (1 - 1.4 * x * x + y, 0.3 * x)
    }
    #expect((mean[0] - 0.4192).magnitude < 3e-3)
    #expect((mean[1] + 1.6232).magnitude < 3e-3)
    #expect((mean[0] + mean[1] - log(0.3)).magnitude < 1e-12)
  }

  // λ_i = ½[ln(2/N) + ψ((N − i + 1)/2)], s.e. ½√(ψ₁((N − i + 1)/2)/T) for entries of variance 1/N (Newman 1986).
  @Test func productsOfGaussianMatrices() {
    let (n, steps) = (4, 4000)
    // ψ(2), ψ(3/2), ψ(1), ψ(1/2) and the same of ψ₁.
    let digamma = [0.42278433509846714, 0.03648997397857652, -0.5772156649015329, -1.9635100260214235]
    let trigamma = [0.6449340668482264, 0.9348022005446793, 1.6449340668482264, 4.934802200544679]
    var stream = RandomStream(rootSeed: 5, trialSeed: 1, purpose: .other(9))
    var draws = RandomStream(rootSeed: 5, trialSeed: 2, purpose: .other(9))
    let frame = OrthonormalFrame(dimension: n, count: n, stream: &stream)
    let mean = Self.exponents(frame, steps: steps) {
      Matrix(rows: n, columns: n, values: draws.normals(n * n, standardDeviation: 0.5)).apply(
        to: $0, count: n)
    }
    for i in 0..<n {
      let expected = 0.5 * (log(0.5) + digamma[i])
      #expect((mean[i] - expected).magnitude < 4 * 0.5 * (trigamma[i] / Double(steps)).squareRoot())
    }
  }

  @Test(arguments: [(1, 1), (6, 6), (20, 5)])
  func orthogonalMapsGiveZero(n: Int, k: Int) throws {
    var stream = RandomStream(rootSeed: 5, trialSeed: UInt64(n), purpose: .other(9))
    let map = try Initializer.orthogonal.draw(size: n, from: &stream)
    let frame = OrthonormalFrame(dimension: n, count: k, stream: &stream)
    let mean = Self.exponents(frame, steps: 100) { map.apply(to: $0, count: k) }
    #expect(mean.allSatisfy { $0.magnitude < 1e-12 })
  }

  @Test func diagonalMapGivesItsLogarithms() {
    let entries = [3, -1, 0.5, 1e-250]
    var stream = RandomStream(rootSeed: 5, trialSeed: 3, purpose: .other(9))
    let frame = OrthonormalFrame(dimension: 4, count: 4, stream: &stream)
    let mean = Self.exponents(frame, steps: 200, transient: 100) {
      Matrix.diagonal(entries).apply(to: $0, count: 4)
    }
    #expect(difference(mean, entries.map { log($0.magnitude) }, relative: 1e-14, absolute: 1e-12) == nil)
  }
}
