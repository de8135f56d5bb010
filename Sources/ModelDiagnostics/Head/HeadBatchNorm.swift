import LinearAlgebra
import RecurrentCells

/// Batch normalisation as in evaluation, by the averages of the training.
///
///     y = γ · (x − mean) / √(variance + ε) + β
///
/// Ioffe and Szegedy, "Batch normalization" (2015), algorithm 2; ε of PyTorch's nn.BatchNorm1d.
public struct HeadBatchNorm: HeadLayer {
  public let name: String
  /// γ, β and the running averages [width].
  public let weight, bias, mean, variance: [Double]
  public let epsilon: Double

  /// - Precondition: all have one width.
  public init(
    name: String, weight: [Double], bias: [Double], mean: [Double], variance: [Double], epsilon: Double = 1e-5
  ) {
    precondition(
      Set([weight.count, bias.count, mean.count, variance.count]).count == 1, "arrays of different widths")
    self.name = name
    self.weight = weight
    self.bias = bias
    self.mean = mean
    self.variance = variance
    self.epsilon = epsilon
  }

  public func outputSize(of width: Int) -> Int? { width == weight.count ? width : nil }

  private func scale(_ k: Int) -> Double { 1 / (variance[k] + epsilon).squareRoot() }

  public func forward(_ x: [Double], rows: Int) -> [Double] {
    let width = weight.count
    return x.indices.map { i in
      let k = i % width
      return weight[k] * (x[i] - mean[k]) * scale(k) + bias[k]
    }
  }

  public func backward(_ gradient: [Double], x: [Double], y: [Double], rows: Int) -> [Double] {
    let width = weight.count
    return gradient.indices.map { gradient[$0] * weight[$0 % width] * scale($0 % width) }
  }

  public func parameterGradients(_ gradient: [Double], x: [Double], rows: Int) -> [HeadParameter] {
    let width = weight.count
    var (ofWeight, ofBias) = (weight.map { _ in 0.0 }, weight.map { _ in 0.0 })
    for i in gradient.indices {
      let k = i % width
      ofWeight[k] += gradient[i] * (x[i] - mean[k]) * scale(k)
      ofBias[k] += gradient[i]
    }
    return [
      HeadParameter(name: name + ".weight", shape: [width], gradient: ScaledArray(values: ofWeight)),
      HeadParameter(name: name + ".bias", shape: [width], gradient: ScaledArray(values: ofBias)),
    ]
  }
}
