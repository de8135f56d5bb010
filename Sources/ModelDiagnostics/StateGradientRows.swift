import LinearAlgebra
import RecurrentCells

/// Keeps the total ∂L/∂h_t of every step and sequence, t = 0…T, each row with a power of two of its own; 0 where a
/// sequence does not have a step.
///
/// - Complexity: O(T·B·H) memory.
struct StateGradientRows: BackwardProbe {
  typealias Element = Double
  private let batch, width: Int
  private var values: [Double]
  private var exponents: [Int]

  init(shape: SequenceShape) {
    (batch, width) = (shape.batch, shape.hiddenSize)
    values = Array(repeating: 0, count: (shape.steps + 1) * shape.stateCount)
    exponents = Array(repeating: 0, count: (shape.steps + 1) * shape.batch)
  }

  static var seesNorms: Bool { false }

  mutating func arrive(_ arrival: GradientArrival<Double>) {
    for b in 0..<arrival.batch {
      let row = arrival.time * batch + b
      for k in 0..<width { values[row * width + k] = arrival.total.values[b * width + k] }
      exponents[row] = arrival.total.exponents[b]
    }
  }

  /// [(T+1)·B, H].
  var rows: ScaledRows<Double> { ScaledRows(width: width, values: values, exponents: exponents) }
}
