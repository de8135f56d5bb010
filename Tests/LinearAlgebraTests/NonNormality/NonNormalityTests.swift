import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite("Numerical radius, Kreiss constant and transient growth")
struct NonNormalityTests {
  /// `diagonal` on the diagonal, `upper` above it.
  private static func jordan(_ size: Int, diagonal: Double, upper: Double) -> Matrix<Double> {
    var matrix = Matrix<Double>(rows: size, columns: size)
    for i in 0..<size {
      matrix[i, i] = diagonal
      if i + 1 < size { matrix[i, i + 1] = upper }
    }
    return matrix
  }

  private static let oblique = Matrix(rows: 3, columns: 3, values: [0.3, 4, 0, 0, -0.95, 2, 0, 0, 0.1])

  /// 0.9 on the diagonal and 0.1 N(0, 1) above it: powers grow a hundredfold before they decay.
  private static func triangular(_ size: Int, seed: Int) -> Matrix<Double> {
    var stream = RandomStream(rootSeed: 17, trialSeed: UInt64(seed), purpose: .other(1))
    var matrix = jordan(size, diagonal: 0.9, upper: 0)
    for i in 0..<size { for j in i + 1..<max(size, i + 1) { matrix[i, j] = 0.1 * stream.normal() } }
    return matrix
  }

  @Test(arguments: [1, 2, 3, 8, 25])
  func shiftsHaveKnownNumericalRadius(size: Int) throws {
    let radius = try Self.jordan(size, diagonal: 0, upper: 1).numericalRadius()
    #expect((radius - cos(.pi / Double(size + 1))).magnitude < 1e-14 * Double(size))
  }

  @Test(arguments: [1e-200, 0.3, 1, 4, 1e200])
  func nilpotentTwoByTwo(a: Double) throws {
    let matrix = Self.jordan(2, diagonal: 0, upper: a)
    #expect(ulps(try matrix.numericalRadius(), a / 2) <= 8)
    let growth = try matrix.transientGrowth(upTo: 5)
    #expect(growth.isPeakFinal && growth.relativePeak == nil && growth.relativePeakPower == nil)
    #expect(ulps(growth.peakNorm!.double, max(a, 1)) <= 4)
    #expect(growth.peakPower == (a > 1 ? 1 : 0))
    // ‖(z − W)⁻¹‖ = (x + √(x² + 1))/r with x = a/2r, r = |z|.
    if a > 100 { return }
    let expected = stride(from: 1e-5, to: 1, by: 1e-5).reduce(1.0) { best, inverse in
      let x = a / 2 * inverse
      return max(best, (1 - inverse) * (x + (x * x + 1).squareRoot()))
    }
    #expect((try matrix.kreissConstant() - expected).magnitude < 1e-7 * expected)
  }

  // NumPy: 721 angles for the radius; 60 distances on 73 angles and those of the eigenvalues, then Nelder & Mead.
  @Test func matricesMeasuredElsewhere() throws {
    let cases: [(Matrix<Double>, radius: Double, kreiss: Double)] = [
      (Self.jordan(12, diagonal: 0.5, upper: 1), 1.4709418174260516, 93.56355781813834),
      (Self.jordan(8, diagonal: 0.9, upper: 0.5), 1.3698463103929543, 4046.765958115765),
      (Self.oblique, 2.662312155726502, 4.187927381606905),
    ]
    for (matrix, radius, kreiss) in cases {
      #expect((try matrix.numericalRadius() - radius).magnitude < 1e-12 * radius)
      #expect((try matrix.kreissConstant() - kreiss).magnitude < 1e-7 * kreiss)
    }
  }

  @Test(arguments: 0..<6)
  func inequalitiesHold(seed: Int) throws {
    var stream = RandomStream(rootSeed: 18, trialSeed: UInt64(seed), purpose: .other(1))
    let size = 20
    let gaussian = try Initializer.gaussian.draw(size: size, spectralRadius: 0.9, from: &stream)
    for matrix in [Self.triangular(size, seed: seed), gaussian] {
      let (radius, largest) = (try matrix.numericalRadius(), try matrix.singularValues()[0])
      #expect(try matrix.spectralRadius() <= radius * (1 + 1e-12))
      #expect(largest / 2 <= radius && radius <= largest)
      let kreiss = try matrix.kreissConstant()
      let growth = try matrix.transientGrowth(upTo: 2000)
      let peak = growth.peakNorm!.double
      #expect(growth.isPeakFinal)
      #expect(1 <= kreiss && kreiss <= peak * (1 + 1e-9) && peak <= exp(1) * Double(size) * kreiss)
      var power = Matrix<Double>.identity(size)
      for k in 1...growth.peakPower! {
        power = .product(matrix, power)
        let norm = try power.singularValues()[0]
        #expect(norm <= 2 * pow(radius, Double(k)) && norm <= peak * (1 + 1e-12))
        if k == growth.peakPower! { #expect((norm - peak).magnitude < 1e-10 * peak) }
      }
    }
  }

  // Q diag Qᵀ and rotations: the numerical range is the hull of the eigenvalues.
  @Test(arguments: [0.5, 0.99, 1.0])
  func normalMatricesDoNotGrow(gain: Double) throws {
    var stream = RandomStream(rootSeed: 19, trialSeed: 1, purpose: .other(1))
    let q = try Initializer.orthogonal.draw(size: 9, from: &stream)
    let entries = (0..<9).map { gain * (1 - 0.2 * Double($0)) }
    let symmetric = Matrix.product(q, .product(.diagonal(entries), q.transposed))
    for matrix in [symmetric, q.scaled(by: gain)] {
      #expect((try matrix.numericalRadius() - gain).magnitude < 1e-12)
      #expect(try matrix.kreissConstant() == 1)
      let growth = try matrix.transientGrowth(upTo: 30)
      #expect((growth.relativePeak!.double - 1).magnitude < 1e-12)
      if gain < 1 { #expect(growth.peakNorm == ScaledNumber(1) && growth.peakPower == 0) }
    }
  }

  /// Rounding over many powers is no growth.
  @Test(arguments: [0.7, 0.3, 0.999, 1e-200]) func oneNumberPeaksAtPowerZero(w: Double) throws {
    let growth = try Matrix(rows: 1, columns: 1, values: [w]).transientGrowth(upTo: 2000)
    #expect(growth.relativePeakPower == 0 && growth.relativePeak == ScaledNumber(1))
    #expect(growth.peakPower == 0 && growth.peakNorm == ScaledNumber(1))
  }

  @Test func radiusOneOrMoreHasNoPeak() throws {
    let matrix = Self.jordan(3, diagonal: 1.1, upper: 1)
    #expect(try matrix.kreissConstant() == .infinity)
    let growth = try matrix.transientGrowth(upTo: 10)
    #expect(growth.peakNorm == nil && growth.peakPower == nil && !growth.isPeakFinal)
    #expect(growth.relativePeakPower == 10)
  }

  // ‖W^k‖ of [[c, s], [0, c]] is c^k times that of [[1, ks/c], [0, 1]], far outside of the range of double too.
  @Test(arguments: [1e-150, 0.99, 1e150])
  func growthOfAJordanBlockAtAnyMagnitude(c: Double) throws {
    let growth = try Self.jordan(2, diagonal: c, upper: c / 2).transientGrowth(upTo: 400)
    let x = 100.0
    let expected = x + (x * x + 1).squareRoot()
    #expect(growth.relativePeakPower == 400)
    #expect((growth.relativePeak!.double - expected).magnitude < 1e-8 * expected)
  }

  @Test func transposesAndRotationsDoNotMatter() throws {
    var stream = RandomStream(rootSeed: 19, trialSeed: 2, purpose: .other(1))
    let q = try Initializer.orthogonal.draw(size: 3, from: &stream)
    let rotated = Matrix.product(q, .product(Self.oblique, q.transposed))
    for matrix in [Self.oblique.transposed, rotated] {
      #expect((try matrix.numericalRadius() - Self.oblique.numericalRadius()).magnitude < 1e-12)
      #expect((try matrix.kreissConstant() - Self.oblique.kreissConstant()).magnitude < 1e-7)
    }
  }

  @Test func notFiniteIsAnError() {
    let bad = Matrix(rows: 1, columns: 1, values: [Double.nan])
    #expect(throws: LinearAlgebraError.self) { try bad.numericalRadius() }
    #expect(throws: LinearAlgebraError.self) { try bad.kreissConstant() }
    #expect(throws: LinearAlgebraError.self) { try bad.transientGrowth(upTo: 3) }
  }
}
