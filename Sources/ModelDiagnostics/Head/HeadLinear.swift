import LinearAlgebra
import RecurrentCells

/// y = x Wᵀ + b.
public struct HeadLinear: HeadLayer {
  public let name: String
  public let layer: Readout<Double>
  /// Whether the file has a bias.
  public let hasBias: Bool

  public init(name: String, _ layer: Readout<Double>, hasBias: Bool = true) {
    self.name = name
    self.layer = layer
    self.hasBias = hasBias
  }

  public func outputSize(of width: Int) -> Int? { width == layer.weight.columns ? layer.outputSize : nil }

  public func forward(_ x: [Double], rows: Int) -> [Double] {
    let (o, k) = (layer.outputSize, layer.weight.columns)
    var y = [Double](repeating: 0, count: rows * o)
    Double.fillRows(count: rows, width: o, layer.bias, nil, into: &y)
    Double.multiply(
      transposeB: true, m: rows, n: o, k: k, x, layer.weight.values, accumulates: true, into: &y)
    return y
  }

  public func backward(_ gradient: [Double], x: [Double], y: [Double], rows: Int) -> [Double] {
    let (o, k) = (layer.outputSize, layer.weight.columns)
    var result = [Double](repeating: 0, count: rows * k)
    Double.multiply(m: rows, n: k, k: o, gradient, layer.weight.values, into: &result)
    return result
  }

  public func parameterGradients(_ gradient: [Double], x: [Double], rows: Int) -> [HeadParameter] {
    let (o, k) = (layer.outputSize, layer.weight.columns)
    var (weight, bias) = ([Double](repeating: 0, count: o * k), [Double](repeating: 0, count: o))
    Double.multiply(transposeA: true, m: o, n: k, k: rows, gradient, x, into: &weight)
    Double.addColumnSums(count: rows, width: o, gradient, into: &bias)
    let parameters = [
      HeadParameter(name: name + ".weight", shape: [o, k], gradient: ScaledArray(values: weight)),
      HeadParameter(name: name + ".bias", shape: [o], gradient: ScaledArray(values: bias)),
    ]
    return hasBias ? parameters : [parameters[0]]
  }
}
