import LinearAlgebra
import RecurrentCells

/// Records log10 of the norm of ∂L/∂a over batch and steps, by gate and unit: beside ``GateActivity`` it tells whether a
/// saturated unit still learns.
///
///     ‖∂L/∂a[g, k]‖ = √(Σ_t Σ_b γ_t[b, g, k]²)
///
/// - Complexity: B·G·H operations a step.
public struct UnitGradientNorms: BackwardProbe, ~Copyable {
  public typealias Element = Double

  /// Σ γ², by gate and unit [G·H], each with an exponent of its own: a saturated unit may be hundreds of decades below
  /// its neighbours.
  private var squares: [ScaledNumber]

  public init(hiddenSize: Int, gateCount: Int) {
    squares = Array(repeating: .zero, count: gateCount * hiddenSize)
  }

  /// log10 of the norms [G, H].
  public var log10Norms: [Double] { squares.map { $0.squareRoot().log10 } }

  public static var seesComponents: Bool { true }

  public mutating func step(_ step: GradientStep<Double>) {
    for b in 0..<step.tape.batch {
      for k in squares.indices {
        let gradient = step.preactivation[b, k].magnitude
        squares[k] = squares[k] + gradient * gradient
      }
    }
  }
}
