import LinearAlgebra

/// One unit at step t as plain numbers: what its factors are computed from.
public struct WideUnit {
  /// Preactivations by gate, `stride` apart.
  let currents, recurrentCurrents: UnsafePointer<Double>
  let stride: Int
  /// h_{t−1}, and c_{t−1} and c_t of a cell with c.
  public let previousHidden, previousCell, cell: Double
  /// 1 − |h_{t−1}|, where it is known to more digits than h_{t−1} has; see ``StateComplements``.
  public let complement: ScaledNumber?
  /// An error to try on a difference of states, relative to its terms; 0 as a rule.
  let error: Double

  /// W_ih x_t + b_ih of a gate, with W_hh h_{t−1} + b_hh added unless the cell keeps the two apart.
  public func current(_ gate: Int) -> Double { currents[gate * stride] }
  /// W_hh h_{t−1} + b_hh of a gate, if kept apart; otherwise the same as ``current(_:)``.
  public func recurrentCurrent(_ gate: Int) -> Double { recurrentCurrents[gate * stride] }
  /// A state with the error that is tried, if any, given the magnitude of the terms of a difference it enters.
  public func rounded(_ state: Double, of terms: @autoclosure () -> Double) -> Double {
    error == 0 ? state : state + error * terms()
  }
}

/// The gradients of one unit at step t: see ``BackwardStep``.
public struct WideUnitGradient {
  /// δ_t.
  public var delta = ScaledNumber.zero
  /// In: what arrives at c_t from c_{t+1}; out: what leaves for c_{t−1}.
  public var carry = ScaledNumber.zero
  /// κ_t, to be written by a cell with c.
  public var kappa = ScaledNumber.zero
  /// The part of ∂L/∂h_{t−1} that goes through no weight, to be written if the cell has one.
  public var bypass = ScaledNumber.zero
  /// By gate, to be written; `gammaHidden` where currents are kept apart.
  public let gamma, gammaHidden: UnsafeMutablePointer<ScaledNumber>
}

/// The tangent of one unit at step t: see ``TangentStep``.
public struct WideUnitTangent {
  /// W_hh dh_{t−1} by gate.
  public let current: UnsafePointer<ScaledNumber>
  /// dh_{t−1}.
  public var previousHidden = ScaledNumber.zero
  /// In: dc_{t−1}; out: dc_t.
  public var cell = ScaledNumber.zero
  /// dh_t, to be written.
  public var hidden = ScaledNumber.zero
}
