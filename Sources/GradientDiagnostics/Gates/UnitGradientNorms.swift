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
  /// Which of ∂L/∂c_t and ∂L/∂h_t a gate's gradient is a multiple of, and by which factor of the tape.
  private let sources: [(factor: Int, isCell: Bool)]
  private let hasFactors: Bool
  /// Total ∂L/∂h_t as it arrived [B, H].
  private var total: [Double] = []

  /// - Parameter cell: the cell that the pass is of.
  public init<Cell: RecurrentCell>(of cell: Cell.Type, hiddenSize: Int) where Cell.Element == Double {
    let gates = Cell.gates
    hasFactors = Cell.factorCount > 0
    squares = Array(repeating: .zero, count: gates.count * hiddenSize)
    sources = gates.enumerated().map { index, gate in
      switch gate {
      case .preactivation, .reset, .update, .new: return (index, false)
      case .input, .forget, .candidate: return (index + 1, true)
      case .output: return (index + 1, false)
      }
    }
  }

  /// log10 of the norms [G, H].
  public var log10Norms: [Double] { squares.map { $0.squareRoot().log10 } }

  public mutating func arrive(_ arrival: GradientArrival<Double>) {
    let count = arrival.batch * arrival.hiddenSize
    if total.count != count { total = Array(repeating: 0, count: count) }
    total.withUnsafeMutableBufferPointer { $0.baseAddress?.update(from: arrival.total, count: count) }
  }

  public mutating func step(_ step: GradientStep<Double>) {
    let (size, states) = (step.hiddenSize, step.batch * step.hiddenSize)
    for b in 0..<step.batch {
      for (g, source) in sources.enumerated() {
        for k in 0..<size {
          var value = ScaledNumber(step.preactivation[(b * sources.count + g) * size + k])
          if value.isZero, step.clipCoefficients == nil, hasFactors {
            // Rounded to zero beside a gradient that is far larger, it is formed again from its factors.
            let factor = step.factors[source.factor * states + b * size + k]
            let arriving = source.isCell ? step.cell?[b * size + k] ?? 0 : total[b * size + k]
            value = ScaledNumber(arriving) * ScaledNumber(factor)
          }
          let gradient = value * ScaledNumber(1, exponent: step.exponents[b])
          squares[g * size + k] = squares[g * size + k] + gradient * gradient
        }
      }
    }
  }
}
