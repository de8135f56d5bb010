import LinearAlgebra

/// Backpropagation through single steps in numbers with an exponent for each component.
///
/// The ordinary recursion keeps one exponent for each batch element. That is enough while the components of δ are
/// within the range of floating-point numbers of each other, and the factors of a step within that range of 1. With W_hh
/// the identity or diagonal, or units saturated beyond |a| = 44 (float) or 354 (double), they are not. Where the
/// ordinary recursion notices that a component would be lost, this one takes over, until all of them are close again.
///
///     δ_{t−1} = γ_t W_hh (+ bypass)          every component m · 2^e with its own e, in double precision
///
/// What probes and sums see of a vector is its rendition: mantissas in `Element` with one exponent for each batch
/// element, whose norm is right, and the components themselves where they ask (``WideRowsView``).
///
/// - Complexity: some 20 ns a unit and gate beside the products in double; memory of a few states, made when first
///   needed.
@usableFromInline
final class WideRecursion<Cell: RecurrentCell> {
  @usableFromInline typealias Element = Cell.Element

  private let hidden, gates: Int
  /// How many rows travel on; see ``BackwardVector``.
  @usableFromInline var count: Int
  private let apart = Cell.keepsCurrentsApart
  private let carriesCellState = Cell.carriesCellState
  /// δ_t, then what leaves the step; the carry likewise; κ_t.
  @usableFromInline let delta, carry, kappa: WideRows
  /// γ_t of both sides [B, G·H]; that of the hidden side is empty unless the cell keeps the two apart.
  @usableFromInline let gamma, gammaHidden: WideRows
  /// The factors of the step [B, factorCount·H], if they are kept; otherwise zeros.
  @usableFromInline let usedFactors: WideRows
  private let added: WideRows
  private let weightHH: WideMatrix
  private let factors: WideFactors<Cell>
  /// Powers of two of the renditions.
  @usableFromInline let kappaPowers, gammaPowers, gammaHiddenPowers, leavingPowers,
    carryPowers: AlignedBuffer<Int>

  init(parameters: RecurrentParameters<Element>, batch: Int) {
    count = batch
    (hidden, gates) = (parameters.hiddenSize, parameters.gateCount)
    let (rows, cells) = (gates * hidden, Cell.carriesCellState ? hidden : 0)
    delta = WideRows(count: batch, width: hidden)
    carry = WideRows(count: batch, width: cells)
    kappa = WideRows(count: batch, width: cells)
    gamma = WideRows(count: batch, width: rows)
    gammaHidden = WideRows(count: batch, width: Cell.keepsCurrentsApart ? rows : 0)
    added = WideRows(count: batch, width: hidden)
    usedFactors = WideRows(count: batch, width: Cell.factorCount * hidden)
    weightHH = WideMatrix(
      Element.doubles(parameters.weightHH.values), rows: rows, columns: hidden, count: batch)
    factors = WideFactors(parameters: parameters, batch: batch)
    kappaPowers = AlignedBuffer(count: batch)
    gammaPowers = AlignedBuffer(count: batch)
    gammaHiddenPowers = AlignedBuffer(count: batch)
    leavingPowers = AlignedBuffer(count: batch)
    carryPowers = AlignedBuffer(count: batch)
  }

  // MARK: - To and from the ordinary vector

  /// Takes over what the ordinary recursion holds.
  func enter(_ vector: borrowing BackwardVector<Element>) {
    count = vector.count
    delta.load(vector.delta, powers: vector.exponents.base, first: count)
    if carriesCellState { carry.load(vector.carry, powers: vector.exponents.base, first: count) }
  }

  /// Writes δ_t and the carry as the ordinary recursion keeps them, with the norms of δ; the carry with `carryPowers`.
  @usableFromInline
  func render(into vector: borrowing BackwardVector<Element>) {
    delta.store(
      into: vector.delta, exponents: vector.exponents.base, norms: vector.norms.base, first: count)
    if carriesCellState { carry.store(into: vector.carry, exponents: carryPowers.base, first: count) }
  }

  /// Gives what leaves the step back to the ordinary recursion, if all its components fit beside each other with room
  /// to spare: within 2^100 in float, 2^996 in double.
  ///
  /// - Returns: false where they do not, and nothing was written.
  @usableFromInline
  func leave(into vector: borrowing BackwardVector<Element>) -> Bool {
    let room = -Int(Element.leastNormalMagnitude.exponent) - 26
    // A row of no columns, as of a cell without c, has the range of zeros.
    func range(_ b: Int) -> (top: Int, least: Int) {
      let (own, other) = (delta.exponentRange(row: b), carry.exponentRange(row: b))
      return (max(own.top, other.top), min(own.least, other.least))
    }
    for b in 0..<count {
      let (top, least) = range(b)
      if top > .min && top - least > room { return false }
    }
    for b in 0..<count {
      let top = range(b).top
      let power = top == .min ? 0 : top
      vector.exponents.base[b] = power
      for k in 0..<hidden {
        vector.next[b * hidden + k] = Element(delta[b, k].scaled(by: -power))
        if carriesCellState { vector.nextCarry[b * hidden + k] = Element(carry[b, k].scaled(by: -power)) }
      }
    }
    return true
  }

  // MARK: - One step

  /// δ_t += the immediate gradient of the first `rows` rows, [rows, H] times 2^powers[b].
  @usableFromInline
  func add(immediate: UnsafePointer<Element>, powers: UnsafePointer<Int>, rows: Int) {
    added.load(immediate, powers: powers, first: rows)
    delta.add(added, first: rows)
  }

  /// δ_t[b] times a coefficient each.
  @usableFromInline
  func clip(_ coefficients: UnsafePointer<ScaledNumber>) {
    for b in 0..<count { delta.scale(row: b, by: coefficients[b]) }
  }

  /// From δ_t and the carry to γ_t, κ_t and what leaves for t − 1. Factors come from the tape, or, where one of them
  /// fell below the range, from the preactivations.
  ///
  /// - Parameter keepsFactors: whether a probe may ask for them.
  @usableFromInline
  func step(_ tape: TapeStep<Element>, keepsFactors: Bool) {
    factors.load(tape)
    withUnsafeTemporaryAllocation(of: ScaledNumber.self, capacity: Cell.factorCount + 2 * gates) { room in
      let own = room.baseAddress!
      let (ownGamma, ownHidden) = (own + Cell.factorCount, own + Cell.factorCount + gates)
      var unit = WideUnitGradient(gamma: ownGamma, gammaHidden: apart ? ownHidden : ownGamma)
      for b in 0..<count {
        for k in 0..<hidden {
          factors.get(b, k, into: own)
          for f in 0..<(keepsFactors ? Cell.factorCount : 0) { usedFactors[b, f * hidden + k] = own[f] }
          unit.delta = delta[b, k]
          if carriesCellState { unit.carry = carry[b, k] }
          Cell.wideBackward(factors: own, &unit)
          for gate in 0..<gates {
            gamma[b, gate * hidden + k] = ownGamma[gate]
            if apart { gammaHidden[b, gate * hidden + k] = ownHidden[gate] }
          }
          if carriesCellState {
            kappa[b, k] = unit.kappa
            carry[b, k] = unit.carry
          }
          if Cell.bypassesWeights { delta[b, k] = unit.bypass }
        }
      }
    }
    weightHH.multiply(
      apart ? gammaHidden.view : gamma.view, first: count, into: delta, accumulates: Cell.bypassesWeights)
  }

  /// The renditions of a step's gradients.
  @usableFromInline
  func render(
    gamma rows: UnsafeMutablePointer<Element>, hidden hiddenRows: UnsafeMutablePointer<Element>,
    into vector: borrowing BackwardVector<Element>
  ) {
    gamma.store(into: rows, exponents: gammaPowers.base, first: count)
    if apart {
      gammaHidden.store(into: hiddenRows, exponents: gammaHiddenPowers.base, first: count)
    } else {
      gammaHiddenPowers.base.update(from: gammaPowers.base, count: count)
    }
    if carriesCellState { kappa.store(into: vector.kappa.base, exponents: kappaPowers.base, first: count) }
    delta.store(into: vector.next, exponents: leavingPowers.base, first: count)
  }
}
