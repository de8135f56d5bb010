/// L = Σ over rows of v · y, v = 1 unless given: ∂L/∂y = v.
public struct OutputSum: Criterion {
  /// v [width]; nil: 1.
  public let direction: [Double]?

  public init(direction: [Double]? = nil) { self.direction = direction }

  public var name: String { direction == nil ? "sum" : "dot" }

  public func evaluate(rows: Range<Int>, y: inout [Double], exponents: inout [Int]) -> Double {
    var sum = 0.0
    for i in y.indices {
      let factor = direction.map { $0[i % $0.count] } ?? 1
      sum += factor * y[i]
      y[i] = factor
    }
    return sum
  }
}
