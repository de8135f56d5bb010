import LinearAlgebra
import TestSupport
import Testing

@Suite("Initialisers")
struct InitializerTests {
  private static func stream(_ seed: Int) -> RandomStream {
    RandomStream(rootSeed: 21, trialSeed: UInt64(seed), purpose: .hiddenWeights(block: 0))
  }

  // Eigenvalues of a matrix of this size are exact to about 100 rounding errors.
  @Test(arguments: Initializer.allCases, [1, 2, 9, 40])
  func haveTheAskedSpectralRadius(kind: Initializer, size: Int) throws {
    for radius in [0.1, 1, 1.5] {
      var stream = Self.stream(size)
      let matrix = try kind.draw(size: size, spectralRadius: radius, from: &stream)
      #expect(matrix.rows == size && matrix.columns == size)
      #expect((try matrix.spectralRadius() - radius).magnitude < 2e-14 * radius)
    }
  }

  @Test(arguments: Initializer.allCases)
  func radiusZeroGivesZeros(kind: Initializer) throws {
    var stream = Self.stream(3)
    let matrix = try kind.draw(size: 6, spectralRadius: 0, from: &stream)
    #expect(matrix.values.allSatisfy { $0 == 0 })
  }

  @Test(arguments: Initializer.allCases)
  func theSameSeedGivesTheSameMatrix(kind: Initializer) throws {
    var (first, again, other) = (Self.stream(4), Self.stream(4), Self.stream(5))
    let matrix = try kind.draw(size: 5, from: &first)
    #expect(try kind.draw(size: 5, from: &again) == matrix)
    #expect((try kind.draw(size: 5, from: &other) == matrix) == (kind == .identity))
  }

  @Test(arguments: [1, 3, 16, 64])
  func orthogonalIsOrthogonal(size: Int) throws {
    var stream = Self.stream(size)
    let q = try Initializer.orthogonal.draw(size: size, from: &stream)
    for i in 0..<size {
      for j in 0...i {
        let product = (0..<size).reduce(0.0) { $0 + q[i, $1] * q[j, $1] }
        #expect((product - (i == j ? 1 : 0)).magnitude < 1e-14)
      }
    }
  }

  // Haar measure: without the sign rule the mean diagonal entry would be far below zero. E q_ii = 0
  // with variance 1/N; over 400 matrices of size 4 the standard error of the mean is 0.0125; 5 of
  // them.
  @Test func orthogonalHasNoPreferredSign() throws {
    var stream = Self.stream(0)
    var sum = 0.0
    for _ in 0..<400 {
      let q = try Initializer.orthogonal.draw(size: 4, from: &stream)
      for i in 0..<4 { sum += q[i, i] / 1600 }
    }
    #expect(sum.magnitude < 0.0625)
  }

  @Test func identityIsScaledExactly() throws {
    var stream = Self.stream(1)
    let matrix = try Initializer.identity.draw(size: 3, spectralRadius: 0.7, from: &stream)
    #expect(matrix.values == [0.7, 0, 0, 0, 0.7, 0, 0, 0, 0.7])
  }

  @Test func uniformStaysInItsInterval() throws {
    var stream = Self.stream(2)
    let values = try Initializer.uniform.draw(size: 25, from: &stream).values
    #expect(values.allSatisfy { $0 >= -0.2 && $0 < 0.2 })
    #expect((values.max() ?? 0) > 0.19 && (values.min() ?? 0) < -0.19)
  }

  // Mean 1.046, standard deviation 0.035 a matrix: the mean of 20 has standard error 0.008; 4 of
  // them.
  @Test func gaussianRadiusAt128ExceedsOne() throws {
    var sum = 0.0
    for seed in 0..<20 {
      var stream = Self.stream(100 + seed)
      sum += try Initializer.gaussian.draw(size: 128, from: &stream).spectralRadius()
    }
    #expect((sum / 20 - 1.046).magnitude < 0.032)
  }
}
