import Foundation
import LinearAlgebra
import RecurrentCells

/// The leading Lyapunov exponents of a driven network along one trajectory, by QR.
///
///     J_t Q_{t−1} = Q_t R_t,  diag R_t ≥ 0,      λ_i = (1/n) Σ_t ln R_t,ii
///
/// In nats a step; 1 nat is 0.434 decades. The state is h, or (h, c) for an LSTM. An exponent whose step is singular
/// (a unit that is off kills its direction) is −∞, and so are all that follow it: what lies behind a singular step is
/// not defined by the product. A singular step of the transient counts as well: a direction that has died there does
/// not come back. So do ``LeadingExponent`` and the separation of neighbours.
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

  init(exponents: [Double], standardErrors: [Double], steps: Int, transient: Int) {
    self.exponents = exponents
    self.standardErrors = standardErrors
    self.steps = steps
    self.transient = transient
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
  ///   - count: k, 1…n.
  ///   - transient: steps left out at the start; less than T.
  /// - Precondition: the forward pass did not diverge.
  /// - Complexity: 2·k·G·H² + O(n·k²) operations a step; no allocation in the time loop.
  public mutating func lyapunovSpectrum(
    element: Int = 0, count: Int, transient: Int, start: LyapunovSpectrum.Start
  ) -> LyapunovSpectrum {
    precondition(transient < shape.steps, "no step is left after a transient of \(transient)")
    let jacobian = StateJacobian(cell: cell, count: count)
    var frame: OrthonormalFrame
    switch start {
    case .random(var stream):
      frame = OrthonormalFrame(dimension: jacobian.stateSize, count: count, stream: &stream)
    case .axes: frame = OrthonormalFrame(axes: 0..<count, dimension: jacobian.stateSize)
    }
    let steps = shape.steps - transient
    // Some twenty blocks, each long enough to forget the one before.
    let blockLength = max(5, (steps + 19) / 20)
    let blocks = steps / blockLength
    let sums = AlignedBuffer<Double>(count: count)
    let blockSums = AlignedBuffer<Double>(count: max(1, blocks) * count)
    /// The first direction that has died.
    var dead = count
    visitSteps(.ascending) { step in
      jacobian.load(step, element: element)
      jacobian.apply(to: frame.vectors)
      frame.orthonormalise()
      guard step.time > transient else {
        dead = (0..<dead).first { frame.logDiagonal($0) == -.infinity } ?? dead
        return
      }
      let block = (step.time - transient - 1) / blockLength
      for j in 0..<count {
        let growth = frame.logDiagonal(j)
        sums.base[j] += growth
        if block < blocks { blockSums.base[block * count + j] += growth }
      }
    }
    var exponents = sums.array().map { $0 / Double(steps) }
    dead = min(dead, exponents.firstIndex(of: -.infinity) ?? count)
    for j in dead..<count { exponents[j] = -.infinity }
    let errors = (0..<count).map { j -> Double in
      guard blocks >= 2, exponents[j].isFinite else { return .nan }
      let means = (0..<blocks).map { blockSums.base[$0 * count + j] / Double(blockLength) }
      let mean = means.reduce(0, +) / Double(blocks)
      let square = means.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
      return (square / Double(blocks - 1) / Double(blocks)).squareRoot()
    }
    return LyapunovSpectrum(
      exponents: exponents, standardErrors: errors, steps: steps, transient: transient)
  }
}
