import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite("Spectra of matrices with known ones")
struct SpectrumTests {
  private static func matrix(_ rows: [[Double]]) -> Matrix<Double> {
    Matrix(rows: rows.count, columns: rows[0].count, values: rows.flatMap { $0 })
  }

  // W = 1.5 [[1, 1], [−1, −1]]: W² = 0, ‖W‖_F = σ_max = 3.
  @Test func nilpotentMatrix() throws {
    let spectrum = try MatrixSpectrum(of: Self.matrix([[1.5, 1.5], [-1.5, -1.5]]))
    // A double eigenvalue is only as exact as the root of the rounding error.
    #expect(spectrum.spectralRadius < 1e-7)
    #expect((spectrum.largestSingularValue - 3).magnitude < 1e-14)
    #expect(spectrum.smallestSingularValue < 1e-15)
    #expect((spectrum.henriciDeparture - 3).magnitude < 1e-14)
    #expect((spectrum.numericalAbscissa - 1.5).magnitude < 1e-14)
  }

  @Test(arguments: [0.3, 1.0, 2.5])
  func rotationIsNormal(gain: Double) throws {
    let (c, s) = (gain * cos(0.7), gain * sin(0.7))
    let rotation = Self.matrix([[c, -s], [s, c]])
    let eigenvalues = try rotation.eigenvalues().sorted { $0.imaginary < $1.imaginary }
    #expect(difference(eigenvalues.map(\.real), [c, c], relative: 1e-15) == nil)
    #expect(difference(eigenvalues.map(\.imaginary), [-s, s], relative: 1e-15) == nil)
    let spectrum = try MatrixSpectrum(of: rotation)
    #expect((spectrum.spectralRadius - gain).magnitude < 1e-15 * 4 * gain)
    #expect(spectrum.henriciDeparture < 1e-15 * 4 * gain)
    #expect((spectrum.numericalAbscissa - c).magnitude < 1e-15 * 4 * gain)
  }

  @Test func triangularMatrixHasItsDiagonal() throws {
    let triangular = Self.matrix([[2, 1, -3], [0, -0.5, 4], [0, 0, 1]])
    let eigenvalues = try triangular.eigenvalues()
    #expect(eigenvalues.map(\.real).sorted() == [-0.5, 1, 2])
    #expect(eigenvalues.allSatisfy { $0.imaginary == 0 })
    let spectrum = try MatrixSpectrum(of: triangular)
    #expect((spectrum.henriciDeparture - 26.0.squareRoot()).magnitude < 1e-14)
    #expect((spectrum.frobeniusNorm - 31.25.squareRoot()).magnitude < 1e-14)
  }

  // A complex pair beside a real eigenvalue, not normal: ‖W‖_F² − Σ|λ|² computed by hand.
  @Test func complexPairBesideARealEigenvalue() throws {
    let matrix = Self.matrix([[0, -2, 0], [8, 0, 5], [0, 0, 3]])
    let magnitudes = try matrix.eigenvalues().map(\.magnitude).sorted()
    #expect(difference(magnitudes, [3, 4, 4], relative: 1e-14) == nil)
    let departure = try MatrixSpectrum(of: matrix).henriciDeparture
    // 4 + 64 + 25 + 9 − (16 + 16 + 9) = 61
    #expect((departure - 61.0.squareRoot()).magnitude < 1e-13)
  }

  @Test func defectiveMatrix() throws {
    let jordan = Self.matrix([[0.9, 1, 0], [0, 0.9, 1], [0, 0, 0.9]])
    let spectrum = try MatrixSpectrum(of: jordan)
    #expect((spectrum.spectralRadius - 0.9).magnitude < 1e-5)  // ∛ of the rounding error
    #expect((spectrum.henriciDeparture - 2.0.squareRoot()).magnitude < 1e-14)
    #expect((spectrum.numericalAbscissa - (0.9 + cos(.pi / 4))).magnitude < 1e-14)
  }

  @Test(arguments: [1, 2, 7, 20])
  func orthogonalMatrixHasUnitSingularValues(size: Int) throws {
    var stream = RandomStream(rootSeed: 5, trialSeed: UInt64(size), purpose: .other(2))
    let q = try Initializer.orthogonal.draw(size: size, from: &stream)
    #expect(
      difference(
        try q.singularValues(), Array(repeating: 1, count: size), absolute: 1e-14) == nil)
    let eigenvalues = try q.eigenvalues()
    #expect(eigenvalues.allSatisfy { ($0.magnitude - 1).magnitude < 1e-13 })
    #expect(try MatrixSpectrum(of: q).henriciDeparture < 1e-13)
  }

  @Test func singularValuesOfARectangle() throws {
    // Rows orthogonal with norms 5 and 2.
    let values = try Self.matrix([[3, 4, 0], [0, 0, -2]]).singularValues()
    #expect(difference(values, [5, 2], relative: 1e-15) == nil)
    #expect(
      difference(
        try Self.matrix([[3, 0], [4, 0], [0, -2]]).singularValues(), [5, 2], relative: 1e-15) == nil)
  }

  @Test func notFiniteIsAnError() {
    #expect(throws: LinearAlgebraError.self) { try Self.matrix([[.nan]]).eigenvalues() }
    #expect(throws: LinearAlgebraError.self) { try Self.matrix([[.infinity]]).singularValues() }
    #expect(throws: LinearAlgebraError.self) { try MatrixSpectrum(of: Self.matrix([[.nan]])) }
  }

  @Test func largeAndSmallEntriesKeepTheirDigits() throws {
    for scale in [1e-200, 1e200] {
      let matrix = Self.matrix([[0, -scale], [scale, 0]])
      #expect(ulps(try matrix.spectralRadius(), scale) <= 4)
      #expect(ulps(matrix.frobeniusNorm(), scale * 2.0.squareRoot()) <= 4)
    }
  }

  // Entries whose squares, and here whose sums, leave the range of a double.
  @Test(arguments: [1e308, 1e200, 1e-200, 1e-305])
  func entriesAtTheEndsOfTheRange(gain: Double) throws {
    let (c, s) = (gain * cos(0.7), gain * sin(0.7))
    let rotation = Self.matrix([[c, -s], [s, c]])
    let spectrum = try MatrixSpectrum(of: rotation)
    let found = [
      spectrum.spectralRadius, spectrum.largestSingularValue, spectrum.smallestSingularValue,
      spectrum.frobeniusNorm / 2.0.squareRoot(), spectrum.numericalAbscissa / cos(0.7),
      try rotation.numericalRadius(), try rotation.scaledSpectralRadius().double,
    ]
    #expect(difference(found, Array(repeating: gain, count: found.count), relative: 1e-13) == nil)
    #expect(spectrum.henriciDeparture < 1e-15 * 4 * gain)
    // [[2, 2], [0, 2]] · gain/2: its powers are (gain)^k [[1, k], [0, 1]], and a departure of 2.
    let triangle = Self.matrix([[gain, gain], [0, gain]])
    let growth = try triangle.transientGrowth(upTo: 3)
    let peak = (1 + 9.0 / 2 + (9 + 81.0 / 4).squareRoot()).squareRoot()
    #expect(growth.relativePeakPower == 3)
    #expect(((growth.relativePeak?.log10 ?? .nan) - log10(peak)).magnitude < 1e-12)
    #expect((try MatrixSpectrum(of: triangle).henriciDeparture / gain - 1).magnitude < 1e-13)
  }

  @Test func aRadiusBeyondTheRange() throws {
    let ones = Matrix(rows: 4, columns: 4, values: Array(repeating: 1e308, count: 16))
    #expect((try ones.scaledSpectralRadius().log10 - 308 - log10(4)).magnitude < 1e-12)
    #expect(try ones.spectralRadius() == .infinity && ones.singularValues()[0] == .infinity)
    #expect(try Self.matrix([[0, 1e200], [0, 0]]).kreissConstant().isNaN)
    #expect(try Self.matrix([[0, 1e-300], [0, 0]]).kreissConstant() == 1)
  }
}
