import LinearAlgebra
import RecurrentCells

/// Two rates that a trajectory has apart from any loss, in decades per step: what a sweep compares the slope of its
/// gradients with.
public struct TrajectoryRates: Sendable, Equatable {
  /// λ_1 / ln 10, mean over the trajectories followed; −∞ where a tangent vector becomes exactly zero.
  public let lyapunov: Double
  /// Mean of log10 f_t over steps, units and trajectories; nil for a cell without a forget gate.
  public let forgetPath: Double?

  @inlinable
  init(lyapunov: Double, forgetPath: Double?) {
    self.lyapunov = lyapunov
    self.forgetPath = forgetPath
  }
}

extension SequencePass {
  /// Both rates in one walk over the tape.
  ///
  /// - Parameter elements: how many of the first batch elements are followed, 1…B; of sequences of different lengths at most
  ///   those that have all T steps.
  /// - Precondition: the forward pass did not diverge.
  /// - Complexity: 2·elements·G·H² operations a step, O(elements·H) more for the forget gates.
  @inlinable
  public mutating func trajectoryRates(
    elements: Int, stream: inout RandomStream
  ) -> TrajectoryRates {
    let elements = min(elements, shape.count(at: 1))
    let hasForgetGate = Cell.gates.contains(.forget)
    let count = elements * shape.hiddenSize
    let values = AlignedBuffer<Double>(count: hasForgetGate ? count : 0)
    let exponents = AlignedBuffer<Int>(count: hasForgetGate ? count : 0)
    let one = AlignedBuffer<Double>(count: elements)
    one.base.update(repeating: 1, count: elements)
    var sum = 0.0
    var wide: WideFactors<Cell>?
    let (parameters, batch) = (cell.parameters, shape.batch)
    let leading = leadingExponent(
      elements: elements, transient: LyapunovSpectrum.defaultTransient(of: shape.steps), stream: &stream
    ) { step in
      guard hasForgetGate else { return }
      if step.hasLostFactors {
        let factors = wide ?? WideFactors(parameters: parameters, batch: batch)
        wide = factors
        sum += Self.logarithms(of: Cell.factorCount - 1, factors, step, elements: elements)
        return
      }
      // f_t is the last factor on the tape.
      let offset = (Cell.factorCount - 1) * step.batch * step.hiddenSize
      Element.widenScaledRows(
        count: elements, width: step.hiddenSize, stride: step.hiddenSize, scale: one.base,
        step.factors + offset, into: values.base)
      log10Scaled(count, values.base, exponents: exponents.base, into: values.base)
      for k in 0..<count { sum += values.base[k] }
    }
    return TrajectoryRates(
      lyapunov: leading.decadesPerStep,
      forgetPath: hasForgetGate ? sum / Double(count * shape.steps) : nil)
  }

  /// Σ log10 of one factor over units and the first batch elements, where a factor of the step fell below the range.
  @usableFromInline
  static func logarithms(
    of factor: Int, _ factors: WideFactors<Cell>, _ step: TapeStep<Element>, elements: Int
  ) -> Double {
    factors.load(step)
    return withUnsafeTemporaryAllocation(of: ScaledNumber.self, capacity: Cell.factorCount) { room in
      var sum = 0.0
      for b in 0..<elements {
        for k in 0..<step.hiddenSize {
          factors.get(b, k, into: room.baseAddress!)
          sum += room[factor].magnitude.log10
        }
      }
      return sum
    }
  }
}
