import Foundation
import RecurrentCells

// What mean-field theory asks of a nonlinearity.
extension Activation {
  /// γ = sup |φ'|.
  public var largestSlope: Double { 1 }

  /// Of φ without a scale of its own, the share s with φ² = s a² and φ'² = s on the average; nil for tanh.
  ///
  /// For ReLU ½, the value at every q > 0; the slope at an exactly zero preactivation is 0.
  var meanShare: Double? {
    switch self {
    case .linear: 1
    case .relu: 0.5
    case .tanh: nil
    }
  }

  /// E φ'(√q z)², z ~ N(0, 1), in [0, 1].
  ///
  /// - Parameter variance: q ≥ 0; may be +∞ for `relu` and `linear`.
  /// - Complexity: at most 201 evaluations of φ'.
  public func meanSquaredSlope(variance q: Double) -> Double {
    meanShare
      ?? localisedAverage(variance: q) { a in
        let slope = tanhSlope(a)
        return slope * slope
      }
  }

  /// E φ(√q z)², z ~ N(0, 1).
  ///
  /// - Complexity: at most 201 evaluations of φ.
  public func meanSquare(variance q: Double) -> Double {
    if let meanShare { return meanShare * q }
    // 1 − φ² is localised; where φ is small, so that the difference would lose digits, φ² itself reaches no
    // further.
    if q > 1 { return 1 - localisedAverage(variance: q, tanhSlope) }
    return localisedAverage(variance: q) { a in
      let h = Foundation.tanh(a)
      return h * h
    }
  }

  /// d/dq E φ(√q z)² = E [φ'² + φ φ''], by Stein's lemma.
  func meanSquareDerivative(variance q: Double) -> Double {
    // φ'' = −2 φ φ', φ² = 1 − φ'
    meanShare
      ?? localisedAverage(variance: q) { a in
        let slope = tanhSlope(a)
        return slope * (3 * slope - 2)
      }
  }
}

/// 1 − tanh² a = 4 e^{−2|a|} / (1 + e^{−2|a|})², exact near saturation.
private func tanhSlope(_ a: Double) -> Double {
  let e = exp(-2 * a.magnitude)
  return 4 * e / ((1 + e) * (1 + e))
}
