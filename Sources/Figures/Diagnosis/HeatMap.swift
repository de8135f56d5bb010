import GradientFlow

/// Values on a grid of steps: x grows to the right, y upwards.
struct HeatMap: Sendable {
  /// The most cells of all maps of a figure.
  static let limit = 8000

  /// The values along both axes, ascending.
  let xs, ys: [Int]
  /// By y, then by x.
  let values: [[Double]]

  /// The rows of its data: of `fields`, y, x and value.
  func rows(_ fields: [Field]) -> [[Field]] {
    zip(ys, values).flatMap { y, row in
      zip(xs, row).map { fields + [Field(y), Field($0), .shaded($1)] }
    }
  }
}

extension PanelAxis {
  /// The same for a map, so that the cells at its ends are whole.
  func around(_ values: [Int]) -> PanelAxis {
    guard let first = values.first, let last = values.last, last > first else { return self }
    var axis = self
    let half = Double(last - first) / Double(values.count - 1) / 2
    (axis.low, axis.high) = (Double(first) - half, Double(last) + half)
    return axis
  }
}
