import Foundation
import LinearAlgebra

/// A function of each number by itself, as PyTorch defines it with its default parameters.
public enum HeadActivation: String, HeadLayer, CaseIterable {
  case relu, tanh, sigmoid, elu, selu, silu, softplus
  /// x · Φ(x), with the error function; Hendrycks and Gimpel, "Gaussian error linear units" (2016).
  case gelu
  /// x below 0 times 0.01.
  case leakyReLU = "leaky-relu"
  /// As dropout is in evaluation.
  case identity

  public var name: String { rawValue }

  public func outputSize(of width: Int) -> Int? { width }

  public func forward(_ x: [Double], rows: Int) -> [Double] { x.map(value) }

  public func backward(_ gradient: [Double], x: [Double], y: [Double], rows: Int) -> [Double] {
    gradient.indices.map { gradient[$0] * derivative(x[$0]) }
  }

  private static let seluScale = 1.0507009873554805
  private static let seluAlpha = 1.6732632423543772

  /// f(x).
  func value(_ x: Double) -> Double {
    switch self {
    case .relu: return x > 0 ? x : 0
    case .tanh: return Foundation.tanh(x)
    case .sigmoid: return logistic(x)
    case .elu: return x > 0 ? x : expm1(x)
    case .selu: return Self.seluScale * (x > 0 ? x : Self.seluAlpha * expm1(x))
    case .silu: return x * logistic(x)
    case .softplus: return Swift.max(x, 0) + log1p(exp(-abs(x)))
    case .gelu: return x * Self.normalShare(x)
    case .leakyReLU: return x > 0 ? x : 0.01 * x
    case .identity: return x
    }
  }

  /// f′(x); at a kink that from below, as in PyTorch.
  func derivative(_ x: Double) -> Double {
    switch self {
    case .relu: return x > 0 ? 1 : 0
    case .tanh:
      // 1 − tanh², without what it cancels.
      let small = exp(-2 * abs(x))
      return 4 * small / ((1 + small) * (1 + small))
    case .sigmoid: return logistic(x) * logistic(-x)
    case .elu: return x > 0 ? 1 : exp(x)
    case .selu: return Self.seluScale * (x > 0 ? 1 : Self.seluAlpha * exp(x))
    case .silu: return logistic(x) * (1 + x * logistic(-x))
    case .softplus: return logistic(x)
    case .gelu: return Self.normalShare(x) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    case .leakyReLU: return x > 0 ? 1 : 0.01
    case .identity: return 1
    }
  }

  /// Φ(x), right at both ends.
  private static func normalShare(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
}
