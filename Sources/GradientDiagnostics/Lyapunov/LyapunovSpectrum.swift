import LinearAlgebra
import RecurrentCells

/// The leading Lyapunov exponents of a driven network along one trajectory, by QR.
///
///     J_t Q_{t−1} = Q_t R_t,  diag R_t ≥ 0,      λ_i = (1/n) Σ_t ln R_t,ii
///
/// In nats per step; 1 nat is 0.434 decades. The state is h, or (h, c) for an LSTM. An exponent whose step is singular
/// (a unit that is off kills its direction) is −∞, and so are all that follow it: what lies behind a singular step is
/// not defined by the product. A singular step of the transient counts as well: a direction that has died there does
/// not come back. So do ``LeadingExponent`` and the separation of neighbours. NaN: rounding may have moved it by more than
/// 1e-6 (saturated units; a map whose rank rounding cannot tell).
///
/// - Note: Source: Benettin et al., Meccanica 15 (1980) 9; Engelken, Wolf & Abbott 2020 (arXiv 2006.02427), for
///   recurrent networks.
public struct LyapunovSpectrum: Sendable, Equatable {
  /// In the order of the columns of Q: descending after a random start and a transient.
  public let exponents: [Double]
  /// Standard error of each by batch means over consecutive blocks of steps; NaN with fewer than two blocks, or −∞.
  public let standardErrors: [Double]
  /// Steps averaged over, and steps left out before them.
  public let steps, transient: Int

  /// A tenth of the steps, at most 1,000.
  public static func defaultTransient(of steps: Int) -> Int { min(steps / 10, 1000) }

  /// How a frame starts.
  public enum Start: Sendable {
    /// Random directions, which a transient turns to the leading ones in descending order.
    case random(RandomStream)
    /// The first k coordinates: exact for tests, but of a reducible network in no particular order.
    case axes
  }

  /// Kaplan–Yorke dimension: how many directions the trajectory's attractor fills; 0 if every exponent is negative,
  /// nil if the sum of those known is still positive.
  public var kaplanYorkeDimension: Double? {
    var sum = 0.0
    for (j, exponent) in exponents.enumerated() {
      if sum + exponent < 0 { return j == 0 ? 0 : Double(j) + sum / exponent.magnitude }
      sum += exponent
    }
    return nil
  }
}

extension SequencePass where Cell.Element == Double {
  /// The k leading exponents along the trajectory of one batch element.
  ///
  /// - Parameters:
  ///   - element: the sequence whose trajectory is followed, from its own start.
  ///   - count: k, 1…n.
  ///   - transient: steps left out at the start; less than the sequence has.
  /// - Precondition: the forward pass did not diverge.
  /// - Complexity: 2·k·G·H² + O(n·k²) operations a step; no allocation in the time loop.
  public mutating func lyapunovSpectrum(
    element: Int = 0, count: Int, transient: Int, start: LyapunovSpectrum.Start
  ) -> LyapunovSpectrum {
    precondition(transient < shape.length(of: element), "no step is left after a transient of \(transient)")
    let size = Cell.carriesCellState ? 2 * shape.hiddenSize : shape.hiddenSize
    func frame() -> OrthonormalFrame {
      switch start {
      case .random(var stream): return OrthonormalFrame(dimension: size, count: count, stream: &stream)
      case .axes: return OrthonormalFrame(axes: 0..<count, dimension: size)
      }
    }
    return (try? lyapunovInOnePiece(frame(), element: element, transient: transient))
      ?? lyapunovInFactors(frame(), frame(), element: element, transient: transient)
  }

  /// Each step as one map: as long as no unit is nearly saturated and no direction nearly lost.
  ///
  /// - Throws: ``LostDigits`` where one is.
  private mutating func lyapunovInOnePiece(
    _ initial: consuming OrthonormalFrame, element: Int, transient: Int
  ) throws(LostDigits) -> LyapunovSpectrum {
    var frame = initial
    let jacobian = StateJacobian(cell: cell, count: frame.count)
    var sums = LyapunovSums(count: frame.count, steps: shape.length(of: element), transient: transient)
    let start = shape.start(of: element)
    try visitSteps(.ascending) { step throws(LostDigits) in
      guard step.time > start else { return }
      if JacobianFactors<Cell>.areNeeded(for: step, element: element) { throw LostDigits() }
      jacobian.load(step, element: element)
      jacobian.apply(to: frame.vectors)
      frame.orthonormalise()
      if frame.isUncertain { throw LostDigits() }
      sums.add(frame, step: step.time - start)
    }
    return sums.spectrum(sums.exponents)
  }

  /// In factors, twice: what noise of the size of rounding errors moves by more than 1e-6 is NaN.
  private mutating func lyapunovInFactors(
    _ first: consuming OrthonormalFrame, _ second: consuming OrthonormalFrame, element: Int, transient: Int
  ) -> LyapunovSpectrum {
    let count = first.count
    let zeros = certainZeros(Cell.carriesCellState ? .state : .hidden)
    let size = first.dimension
    let noise = RoundingNoise(stream: RandomStream(rootSeed: 0, trialSeed: 1, purpose: .other(0x4E6F_6973)))
    let (start, steps) = (shape.start(of: element), shape.length(of: element))
    func sums() -> LyapunovSums { LyapunovSums(count: count, steps: steps, transient: transient) }
    var plain = FactoredTangents(cell: cell, frame: first, sums: sums(), noise: nil)
    var disturbed = FactoredTangents(cell: cell, frame: second, sums: sums(), noise: noise)
    var errors = CellStateErrors<Cell>(hiddenSize: shape.hiddenSize, kept: 2)
    visitSteps(.ascending) { step in
      guard step.time > start else { return }
      errors.add(step, element: element)
      plain.multiply(by: step, time: step.time - start, element: element, errors: errors)
      disturbed.multiply(by: step, time: step.time - start, element: element, errors: errors)
    }
    let hasUnderflowed = plain.hasUnderflowed || disturbed.hasUnderflowed
    let exponents = zip(plain.sums.exponents, disturbed.sums.exponents).enumerated().map { j, pair in
      if j >= size - zeros { return -Double.infinity }
      if hasUnderflowed && pair.0 == -.infinity { return .nan }
      let isSure =
        pair.0 == pair.1 || (pair.0 - pair.1).magnitude < 1e-6 * max(1, pair.0.magnitude)
      return isSure ? pair.0 : .nan
    }
    return plain.sums.spectrum(exponents)
  }
}
