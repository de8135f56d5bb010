import LinearAlgebra
import RecurrentCells

/// ∂s_T/∂s_t of a network whose units are saturated, in factors, twice: once as it is and once with noise of the size of
/// rounding errors in the weights and at every step. Where the two agree, a singular value is as good as that.
///
/// - Complexity: 4·G·H²·k + O(n·k²) operations a step, some four to eight times those of a product in one piece.
struct FactoredProduct<Cell: RecurrentCell>: ~Copyable where Cell.Element == Double {
  /// How far the two may differ in log10: rounding alone does less to what is printed by a factor of a hundred and more.
  private static var tolerance: Double { 5e-9 }

  private let axes: Range<Int>
  private var plain, disturbed: Strand

  /// One of the two.
  fileprivate struct Strand: ~Copyable {
    var factors: JacobianFactors<Cell>
    var product: ProductSingularValues
    /// Whether C of the last step is still to come.
    var owesCarry = false
    /// Whether an exact zero among the last values may be a number that is not.
    var hasUnderflowed = false
  }

  init(cell: Cell, axes: Range<Int>) {
    self.axes = axes
    plain = Strand(cell: cell, axes: axes, noise: nil)
    disturbed = Strand(
      cell: cell, axes: axes,
      noise: RoundingNoise(stream: RandomStream(rootSeed: 0, trialSeed: 0, purpose: .other(0x4E6F_6973))))
  }

  mutating func multiply(
    by step: TapeStep<Double>, element: Int, errors: borrowing CellStateErrors<Cell>
  ) {
    plain.multiply(by: step, element: element, errors: errors)
    disturbed.multiply(by: step, element: element, errors: errors)
  }

  /// Descending: those that are vouched for to 1e−6 in log10 and better; then NaN for those that are not; last the exact
  /// zeros.
  ///
  /// - Parameter knownZeros: how many are zero at least.
  mutating func singularValues(knownZeros: Int) -> [ScaledNumber] {
    let (values, others) = (plain.values(axes), disturbed.values(axes))
    var zeros = min(values.count(where: \.isZero), others.count(where: \.isZero))
    if plain.hasUnderflowed || disturbed.hasUnderflowed { zeros = 0 }
    zeros = max(zeros, knownZeros)
    var isSure = true
    return zip(values, others).enumerated().map { k, pair in
      if k >= values.count - zeros { return .zero }
      // What follows a doubtful value may stand at a wrong place.
      isSure = isSure && !pair.0.isZero && (pair.0 / pair.1).log10.magnitude < Self.tolerance
      return isSure ? pair.0 : ScaledNumber(.nan)
    }
  }
}

extension FactoredProduct.Strand {
  init(cell: Cell, axes: Range<Int>, noise: RoundingNoise?) {
    factors = JacobianFactors(cell: cell, count: axes.count, noise: noise)
    product = ProductSingularValues(dimension: factors.stateSize, axes: axes)
    product.noise = factors.noise
  }

  /// P ← Ĵᵀ S Kᵀ C P, C that of the step before.
  mutating func multiply(
    by step: TapeStep<Double>, element: Int, errors: borrowing CellStateErrors<Cell>
  ) {
    if owesCarry { product.scaleRows(factors.carryFactors.base, powers: factors.carryPowers.base) }
    factors.load(step, element: element, errors: errors)
    factors.mixRows(of: product.vectors, count: product.rank)
    // Of a linear cell this is 1, and gives vectors that are independent again.
    product.scaleRows(factors.rowFactors.base, powers: factors.rowPowers.base)
    factors.jacobian.applyTransposed(to: product.vectors)
    product.absorbUnchanged()
    owesCarry = Cell.carriesCellState
  }

  /// Those of rows `axes` of C P: what is outside of them is 0 in C.
  mutating func values(_ axes: Range<Int>) -> [ScaledNumber] {
    hasUnderflowed = product.hasUnderflowed
    guard owesCarry else { return product.singularValues() }
    var block = product.copy()
    let mask = AlignedBuffer<Double>(count: factors.stateSize)
    for i in axes { mask.base[i] = factors.carryFactors.base[i] }
    block.scaleRows(mask.base, powers: factors.carryPowers.base)
    hasUnderflowed = block.hasUnderflowed
    return block.singularValues(rows: axes)
  }
}
