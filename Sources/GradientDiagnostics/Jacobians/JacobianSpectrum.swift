import Foundation
import LinearAlgebra
import RecurrentCells

/// Which part of the state a Jacobian is of.
public enum StateBlock: String, Sendable, CaseIterable {
  /// ∂h_T/∂h_t, with c_t held fixed for a cell with c.
  case hidden
  /// ∂c_T/∂c_t, with h_t held fixed.
  case cell
  /// ∂(h_T, c_T)/∂(h_t, c_t). What the hidden block cannot see: the memory of an LSTM is in c.
  case state
}

/// The singular values of ∂s_T/∂s_t along the trajectory of one batch element.
///
/// They come from QR accumulated through the product, so that small ones are true: a singular-value decomposition of
/// the product itself resolves only those above 1e-16 of the largest. Where units are saturated, each step is taken in its
/// factors, and computed twice: a value that rounding may have moved by more than 1e-6 in log10 is NaN, and so are those
/// below it that are not exactly zero.
public struct JacobianSpectrum: Sendable, Equatable {
  public let block: StateBlock
  /// T − t, ascending, from 1.
  public let lags: [Int]
  /// Descending, for each lag.
  public let singularValues: [[ScaledNumber]]

  /// The lags 1…T that are computed where nothing else is asked for: all if there are at most `limit`, else as many
  /// spread evenly on a logarithmic axis, with 1 and T among them.
  public static func lags(of steps: Int, limit: Int) -> [Int] {
    guard steps > limit, limit > 1 else { return Array(1...steps) }
    var lags: [Int] = []
    for k in 0..<limit {
      let lag = Int(pow(Double(steps), Double(k) / Double(limit - 1)).rounded())
      if lag != lags.last { lags.append(lag) }
    }
    return lags
  }
}

extension SequencePass where Cell.Element == Double {
  /// Singular values of ∂s_T/∂s_t, walking back from T with Jᵀ: what BPTT multiplies by.
  ///
  ///     (∂s_T/∂s_{t−1})ᵀ = J_tᵀ (∂s_T/∂s_t)ᵀ
  ///
  /// - Parameters:
  ///   - element: the sequence whose trajectory is followed.
  ///   - lags: which T − t, each in 1…T of that sequence.
  /// - Precondition: the forward pass did not diverge; only a cell with c has the blocks ``StateBlock/cell`` and
  ///   ``StateBlock/state`` apart from ``StateBlock/hidden``.
  /// - Complexity: 2·G·H²·k + O(n·k²) operations a step, and O(k³) for each lag; k = H, or 2H for the whole state.
  public mutating func jacobianSpectrum(
    _ block: StateBlock = .hidden, element: Int = 0, lags: [Int]
  ) -> JacobianSpectrum {
    precondition(block == .hidden || Cell.carriesCellState, "a cell without c has the hidden block only")
    let length = shape.length(of: element)
    precondition(
      lags.allSatisfy { (1...length).contains($0) }, "sequence \(element) has the lags 1…\(length)")
    let hidden = shape.hiddenSize
    let axes: Range<Int>
    switch block {
    case .hidden: axes = 0..<hidden
    case .cell: axes = hidden..<2 * hidden
    case .state: axes = 0..<2 * hidden
    }
    let wanted = Set(lags)
    return (try? spectrumInOnePiece(block, axes, element, wanted))
      ?? spectrumInFactors(block, axes, element, wanted)
  }

  /// Each step as one map: as long as no unit is nearly saturated and no direction nearly lost.
  ///
  /// - Throws: ``LostDigits`` where one is.
  private mutating func spectrumInOnePiece(
    _ block: StateBlock, _ axes: Range<Int>, _ element: Int, _ lags: Set<Int>
  ) throws(LostDigits) -> JacobianSpectrum {
    let furthest = lags.max() ?? 0
    let steps = shape.steps
    let jacobian = StateJacobian(cell: cell, count: axes.count)
    var product = ProductSingularValues(dimension: jacobian.stateSize, axes: axes)
    var found: [[ScaledNumber]] = []
    var reached: [Int] = []
    try visitSteps(.descending) { step throws(LostDigits) in
      let lag = steps - step.time + 1
      guard lag <= furthest else { return }
      if JacobianFactors<Cell>.areNeeded(for: step, element: element) { throw LostDigits() }
      jacobian.load(step, element: element)
      jacobian.applyTransposed(to: product.vectors)
      product.absorb()
      if lags.contains(lag) {
        reached.append(lag)
        found.append(
          axes.count == jacobian.stateSize ? product.singularValues() : product.singularValues(rows: axes))
      }
      if product.isDoubtful { throw LostDigits() }
    }
    return JacobianSpectrum(block: block, lags: reached, singularValues: found)
  }

  private mutating func spectrumInFactors(
    _ block: StateBlock, _ axes: Range<Int>, _ element: Int, _ lags: Set<Int>
  ) -> JacobianSpectrum {
    let furthest = lags.max() ?? 0
    let steps = shape.steps
    var product = FactoredProduct(cell: cell, axes: axes)
    let zeros = certainZeros(block)
    var errors = CellStateErrors<Cell>(hiddenSize: shape.hiddenSize, kept: min(furthest, steps) + 1)
    if Cell.carriesCellState {
      visitSteps(.ascending) { if element < $0.batch { errors.add($0, element: element) } }
    }
    var found: [[ScaledNumber]] = []
    var reached: [Int] = []
    visitSteps(.descending) { step in
      let lag = steps - step.time + 1
      guard lag <= furthest else { return }
      product.multiply(by: step, element: element, errors: errors)
      guard lags.contains(lag) else { return }
      reached.append(lag)
      found.append(product.singularValues(knownZeros: zeros))
    }
    return JacobianSpectrum(block: block, lags: reached, singularValues: found)
  }
}
