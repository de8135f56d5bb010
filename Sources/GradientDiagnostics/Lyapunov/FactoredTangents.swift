import LinearAlgebra
import RecurrentCells

/// Tangent vectors of a network whose units are saturated, carried along in factors of its Jacobians; see
/// ``FactoredProduct`` for why there are two, of which one has noise.
struct FactoredTangents<Cell: RecurrentCell>: ~Copyable where Cell.Element == Double {
  private(set) var sums: LyapunovSums
  private var factors: JacobianFactors<Cell>
  private var frame: OrthonormalFrame
  private var noise: RoundingNoise?

  init(cell: Cell, frame: consuming OrthonormalFrame, sums: consuming LyapunovSums, noise: RoundingNoise?) {
    factors = JacobianFactors(cell: cell, count: frame.count, noise: noise)
    self.frame = frame
    self.frame.leastEntry = noise == nil ? 0 : 0x1p-960
    self.sums = sums
    self.noise = factors.noise
  }

  /// Whether an exponent of −∞ may be one that is finite.
  var hasUnderflowed: Bool { frame.hasUnderflowed }

  /// Q ← Q of K S Ĵ C Q.
  ///
  /// - Parameter time: the step, from the start of the element's own sequence.
  mutating func multiply(
    by step: TapeStep<Double>, time: Int, element: Int, errors: borrowing CellStateErrors<Cell>
  ) {
    let count = frame.count
    factors.load(step, element: element, errors: errors)
    if Cell.carriesCellState {
      frame.scaleRows(factors.carryFactors.base, powers: factors.carryPowers.base)
    }
    factors.jacobian.apply(to: frame.vectors)
    frame.scaleRows(factors.rowFactors.base, powers: factors.rowPowers.base)
    let vectors = frame.vectors
    factors.mixTangents(of: vectors, count: count)
    noise?.disturb(vectors, count: count * frame.dimension)
    frame.orthonormalise()
    sums.add(frame, step: time)
  }
}
