import Foundation
import RecurrentCells

/// The nonlinearity φ of a plain recurrent network, h_t = φ(a_t).
public enum Activation: Sendable, CaseIterable {
  /// φ(a) = tanh a.
  case tanh
  /// φ(a) = max(a, 0).
  case relu
  /// φ(a) = a.
  case linear

  /// The nonlinearity of a cell; nil for those with gates, which have several.
  public init?(_ cell: CellKind) {
    switch cell {
    case .rnn: self = .tanh
    case .rnnRelu: self = .relu
    case .rnnLinear: self = .linear
    default: return nil
    }
  }

  /// γ = sup |φ'|.
  public var largestSlope: Double { 1 }

  /// E φ'(√q z)², z ~ N(0, 1), in [0, 1].
  ///
  /// For ReLU ½, the value at every q > 0; the slope at an exactly zero preactivation is 0.
  ///
  /// - Parameter variance: q ≥ 0; may be +∞ for `relu` and `linear`.
  /// - Complexity: at most 201 evaluations of φ'.
  public func meanSquaredSlope(variance q: Double) -> Double {
    switch self {
    case .linear: return 1
    case .relu: return 0.5
    case .tanh:
      return localisedAverage(variance: q) { a in
        let slope = tanhSlope(a)
        return slope * slope
      }
    }
  }

  /// E φ(√q z)², z ~ N(0, 1).
  ///
  /// - Complexity: at most 201 evaluations of φ.
  public func meanSquare(variance q: Double) -> Double {
    switch self {
    case .linear: return q
    case .relu: return q / 2
    case .tanh:
      // 1 − φ² is localised; where φ is small, so that the difference would lose digits, φ² itself reaches no
      // further.
      if q > 1 { return 1 - localisedAverage(variance: q, tanhSlope) }
      return localisedAverage(variance: q) { a in
        let h = Foundation.tanh(a)
        return h * h
      }
    }
  }

  /// d/dq E φ(√q z)² = E [φ'² + φ φ''], by Stein's lemma.
  func meanSquareDerivative(variance q: Double) -> Double {
    switch self {
    case .linear: return 1
    case .relu: return 0.5
    case .tanh:
      // φ'' = −2 φ φ', φ² = 1 − φ'
      return localisedAverage(variance: q) { a in
        let slope = tanhSlope(a)
        return slope * (3 * slope - 2)
      }
    }
  }
}

/// 1 − tanh² a = 4 e^{−2|a|} / (1 + e^{−2|a|})², exact near saturation.
private func tanhSlope(_ a: Double) -> Double {
  let e = exp(-2 * a.magnitude)
  return 4 * e / ((1 + e) * (1 + e))
}
