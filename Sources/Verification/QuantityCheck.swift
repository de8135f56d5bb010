import Foundation

/// How two arrays of numbers are compared.
public enum ComparisonRule: Sendable, Equatable {
  /// |a − b| ≤ tolerance · max(|a|, |b|), element by element.
  case relative(Double)
  /// |a − b| ≤ tolerance, element by element: for log10.
  case absolute(Double)
  /// |a − b| ≤ tolerance · largest |b| of the array: for tensors.
  case relativeToLargest(Double)

  /// The tolerance.
  public var tolerance: Double {
    switch self {
    case .relative(let x), .absolute(let x), .relativeToLargest(let x): return x
    }
  }
}

/// One quantity of a case compared with its reference.
public struct QuantityCheck: Sendable, Equatable {
  /// The quantity's key.
  public let name: String
  /// The largest error by the rule; nil if the arrays could not be compared.
  public let worstError: Double?
  /// What is allowed.
  public let tolerance: Double
  /// What is wrong; nil if the quantity agrees.
  public let failure: String?

  /// Whether the quantity agrees.
  public var passed: Bool { failure == nil }

  /// Compares what was measured with what is expected.
  ///
  /// Written so that NaN fails: an element passes only if its error is found to be within the tolerance.
  /// nil and −∞ mean log10 of an exact zero and must agree on both sides.
  ///
  /// - Parameters:
  ///   - measured: nil if the quantity could not be computed.
  ///   - expected: nil if the reference lacks it.
  public init(name: String, measured: [Double]?, expected: [Double?]?, rule: ComparisonRule) {
    self.name = name
    tolerance = rule.tolerance
    guard let expected else {
      (worstError, failure) = (nil, "missing in the reference")
      return
    }
    guard let measured else {
      (worstError, failure) = (nil, "not measured")
      return
    }
    guard measured.count == expected.count else {
      (worstError, failure) = (nil, "has \(measured.count) elements; the reference has \(expected.count)")
      return
    }
    let largest = expected.reduce(0.0) { max($0, $1?.magnitude ?? 0) }
    var worst = 0.0
    var firstFailure: String?
    for (k, (a, reference)) in zip(measured, expected).enumerated() {
      let b = reference ?? -.infinity
      let error: Double
      if a == b {
        error = 0
      } else {
        switch rule {
        case .absolute: error = (a - b).magnitude
        case .relative: error = (a - b).magnitude / max(a.magnitude, b.magnitude)
        case .relativeToLargest:
          error = largest > 0 ? (a - b).magnitude / largest : (a - b).magnitude
        }
      }
      if error > worst || error.isNaN { worst = error }
      if !(error <= rule.tolerance), firstFailure == nil {
        firstFailure = "element \(k) is \(a), must be \(b)"
      }
    }
    worstError = worst
    failure = firstFailure
  }
}
