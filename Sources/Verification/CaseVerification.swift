import DiagnosisFiles
import Foundation
import GradientFlow
import Specification

/// A reference case run by this package and compared with its expected results, quantity by quantity.
public struct CaseVerification: Sendable {
  /// Name of the case.
  public let name: String
  /// One for each quantity, in the order of the reference's documentation.
  public let checks: [QuantityCheck]
  /// Whether every quantity agrees; false for a case without any.
  public var passed: Bool { !checks.isEmpty && checks.allSatisfy(\.passed) }

  /// Runs a case.
  ///
  /// In `float64` every quantity is compared at the tolerance of the reference. In `float32` those for which
  /// the reference states the error of a plain float32 program are compared at ten times that error.
  ///
  /// - Throws: ``CaseError`` or `ModelFileError` when the case cannot be read.
  public init(directory: String, precision: Precision = .float64) throws {
    let reference = try ReferenceCase(directory: directory)
    let expected = try ExpectedResults(directory: directory)
    name = reference.name
    switch precision {
    case .float64:
      let tolerance = try Self.tolerances(expected)
      checks = try Float64Checks(
        reference: reference, expected: expected, rtol: tolerance.relative, atol: tolerance.log10,
        problem: reference.problem(Double.self)
      ).all()
    case .float32:
      checks = Float32Checks(expected: expected, problem: reference.problem(Float.self)).all()
    }
  }

  private static func tolerances(
    _ expected: ExpectedResults
  ) throws(CaseError) -> (relative: Double, log10: Double) {
    guard let relative = expected.number(["tolerance", "float64_rtol"]),
      let log10 = expected.number(["tolerance", "float64_log10_atol"]), relative > 0, log10 > 0
    else {
      throw CaseError(
        .malformed, place: expected.path,
        problem: "'tolerance' must have positive 'float64_rtol' and 'float64_log10_atol'")
    }
    return (relative, log10)
  }
}

/// 10^x: a norm from its log10.
func powerOfTen(_ x: Double) -> Double { pow(10, x) }
