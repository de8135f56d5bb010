import LinearAlgebra
import RecurrentCells

/// Layer normalisation over the numbers of a row.
///
///     y = γ · z + β,   z = (x − mean(x)) / √(var(x) + ε),   var without Bessel's correction
///
/// Ba, Kiros and Hinton, "Layer normalization" (2016), eq. 3, with the ε of PyTorch's nn.LayerNorm.
public struct HeadLayerNorm: HeadLayer {
  public let name: String
  /// γ and β [width].
  public let weight, bias: [Double]
  public let epsilon: Double

  /// - Precondition: as many weights as biases.
  public init(name: String, weight: [Double], bias: [Double], epsilon: Double = 1e-5) {
    precondition(weight.count == bias.count, "\(weight.count) weights for \(bias.count) biases")
    self.name = name
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
  }

  public func outputSize(of width: Int) -> Int? { width == weight.count ? width : nil }

  public func forward(_ x: [Double], rows: Int) -> [Double] {
    let width = weight.count
    var y = x
    for row in 0..<rows {
      let (z, _) = normalised(x, row)
      for k in 0..<width { y[row * width + k] = weight[k] * z[k] + bias[k] }
    }
    return y
  }

  /// z of a row, and 1/√(var + ε).
  private func normalised(_ x: [Double], _ row: Int) -> (z: [Double], scale: Double) {
    let width = weight.count
    let values = x[row * width..<(row + 1) * width]
    let mean = values.reduce(0, +) / Double(width)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
    let scale = 1 / (variance + epsilon).squareRoot()
    return (values.map { ($0 - mean) * scale }, scale)
  }

  /// ∂L/∂x = (g − mean(g) − z · mean(g z)) / √(var + ε),   g = γ ∂L/∂y
  public func backward(_ gradient: [Double], x: [Double], y: [Double], rows: Int) -> [Double] {
    let width = weight.count
    var result = gradient
    for row in 0..<rows {
      let (z, scale) = normalised(x, row)
      let g = (0..<width).map { weight[$0] * gradient[row * width + $0] }
      let mean = g.reduce(0, +) / Double(width)
      let along = zip(g, z).reduce(0) { $0 + $1.0 * $1.1 } / Double(width)
      for k in 0..<width { result[row * width + k] = (g[k] - mean - z[k] * along) * scale }
    }
    return result
  }

  public func parameterGradients(_ gradient: [Double], x: [Double], rows: Int) -> [HeadParameter] {
    let width = weight.count
    var (ofWeight, ofBias) = (weight.map { _ in 0.0 }, weight.map { _ in 0.0 })
    for row in 0..<rows {
      let (z, _) = normalised(x, row)
      for k in 0..<width {
        ofWeight[k] += gradient[row * width + k] * z[k]
        ofBias[k] += gradient[row * width + k]
      }
    }
    return [
      HeadParameter(name: name + ".weight", shape: [width], gradient: ScaledArray(values: ofWeight)),
      HeadParameter(name: name + ".bias", shape: [width], gradient: ScaledArray(values: ofBias)),
    ]
  }
}
