import Foundation

/// One number whose value is known, and what this package finds for it.
public struct ExactValueRow: Sendable, Equatable {
  /// What makes the two agree. None of them can be passed by NaN or an infinity.
  public enum Criterion: Sendable, Equatable {
    /// |measured − exact| ≤ the tolerance.
    case within(Double)
    /// |measured − exact| ≤ limit · error, the standard error of their difference.
    case standardErrors(Double, limit: Double)
    /// measured ≤ exact, a bound.
    case atMost
    /// measured ≥ exact, a bound.
    case atLeast
  }

  /// What is measured.
  public let name: String
  /// Its exact value, what another program found, or a bound.
  public let exact: Double
  /// What this package finds.
  public let measured: Double
  public let criterion: Criterion
  /// Something to be read beside the verdict; may be empty.
  public let remark: String

  public init(
    _ name: String, exact: Double, measured: Double, _ criterion: Criterion, remark: String = ""
  ) {
    self.name = name
    self.exact = exact
    self.measured = measured
    self.criterion = criterion
    self.remark = remark
  }

  /// measured − exact.
  public var difference: Double { measured - exact }

  /// Whether the two agree.
  public var passed: Bool {
    guard exact.isFinite, measured.isFinite else { return false }
    switch criterion {
    case .within(let tolerance): return tolerance.isFinite && difference.magnitude <= tolerance
    case .standardErrors(let error, let limit):
      return error.isFinite && limit.isFinite && difference.magnitude <= limit * error
    case .atMost: return measured <= exact
    case .atLeast: return measured >= exact
    }
  }
}

extension ExactValueRow {
  /// A number that a table prints with so many decimals.
  package static func printed(_ name: String, _ exact: Double, decimals: Int, measured: Double) -> Self {
    Self(name, exact: exact, measured: measured, .within(halfUnit(decimals)))
  }

  /// The mean of a sample, where the exact value is known to a standard error; three of their difference are allowed.
  static func mean(
    _ name: String, exact: Double, error: Double = 0, of sample: Sample, remark: String = ""
  ) -> Self {
    Self(
      name, exact: exact, measured: sample.mean,
      .standardErrors(hypot(error, sample.standardError), limit: 3), remark: remark)
  }

  /// Several values that should all be the same: the one furthest from it represents them.
  package static func all(
    _ name: String, exact: Double, measured values: [Double], within tolerance: Double
  ) -> Self {
    let worst =
      values.first { $0.isNaN }
      ?? values.max { ($0 - exact).magnitude < ($1 - exact).magnitude } ?? .nan
    return Self(name, exact: exact, measured: worst, .within(tolerance))
  }
}

/// Half of the last of so many printed decimals, and a hundredth of it for a tie.
func halfUnit(_ decimals: Int) -> Double { 0.505 * powerOfTen(-Double(decimals)) }
