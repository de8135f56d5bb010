/// L = mean over rows and outputs of (y − target)².
public struct MeanSquares: Criterion {
  /// [rows, O].
  public let targets: [Double]

  public init(targets: [Double]) { self.targets = targets }

  public var name: String { "mean squared error" }

  public func evaluate(rows: Range<Int>, y: inout [Double], exponents: inout [Int]) -> Double {
    let first = rows.lowerBound * (y.count / max(1, rows.count))
    let count = Double(targets.count)
    var sum = 0.0
    for i in y.indices {
      let difference = y[i] - targets[first + i]
      sum += difference * difference / count
      y[i] = 2 * difference / count
    }
    return sum
  }
}
