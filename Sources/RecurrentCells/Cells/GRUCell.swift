import CNumericKernels
import Foundation
import LinearAlgebra

/// The gated recurrent unit, as PyTorch defines it; rows r, z, n.
///
///     u = W_ih x_t + b_ih,  v = W_hh h_{t−1} + b_hh
///     r = sigmoid(u_r + v_r),  z = sigmoid(u_z + v_z),  n = tanh(u_n + r ⊙ v_n)
///     h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
///     γ^n = δ (1−z)(1−n²),  γ^z = δ (h_{t−1} − n) z(1−z),  γ^r = γ^n v_n r(1−r)
///     ∂L/∂u = (γ^r, γ^z, γ^n),   ∂L/∂v = (γ^r, γ^z, γ^n ⊙ r)
///     δ_{t−1} = d_{t−1} + ∂L/∂v W_hh + δ_t ⊙ z
///
/// The two sides differ, hence ∂L/∂b_hh ≠ ∂L/∂b_ih.
///
/// - Note: Source: Cho et al., EMNLP 2014 (arXiv 1406.1078); the placement of r is torch.nn.GRU's.
public struct GRUCell<Element: Scalar>: RecurrentCell {
  @inlinable public static var gates: [Gate] { [.reset, .update, .new] }
  @inlinable public static var factorCount: Int { 5 }
  @inlinable public static var keepsCurrentsApart: Bool { true }
  @inlinable public static var bypassesWeights: Bool { true }
  @inlinable public static var subtractsStates: Bool { true }
  public let parameters: RecurrentParameters<Element>

  @inlinable public init(parameters: RecurrentParameters<Element>) { self.parameters = parameters }

  // n = tanh(u_n + r v_n),  h_t = (1 − z) n + z h_{t−1}
  @inlinable public func forward(_ step: ForwardStep<Element>) {
    Element.gruForward(
      batch: step.batch, hidden: step.hiddenSize, u: step.current, v: step.recurrentCurrent,
      previousHidden: step.previousHidden, h: step.hidden, factors: step.factors)
  }

  // 1 − |h_t| = z (1 − s h_{t−1}) + (1 − z) (1 − s n), s the sign of h_t
  public func complement(
    _ step: ForwardStep<Element>, last: UnsafePointer<Element>, next: UnsafeMutablePointer<Element>
  ) {
    Element.gruLack(
      batch: step.batch, hidden: step.hiddenSize, u: step.current, v: step.recurrentCurrent,
      previousHidden: step.previousHidden, h: step.hidden, lastLack: last, lack: next, factors: step.factors)
  }

  // both sides of the gates, and the bypass δ_t z
  @inlinable public func backward(_ step: BackwardStep<Element>) {
    Element.gruBackward(
      batch: step.batch, hidden: step.hiddenSize, delta: step.delta, factors: step.factors,
      gammaInput: step.gamma, gammaHidden: step.gammaHidden, bypass: step.bypass)
  }

  // dh_t = (1−z) n' (v_n r' dv_r + r dv_n) + (h_{t−1} − n) z' dv_z + z dh_{t−1}
  @inlinable public func tangent(_ step: TangentStep<Element>) {
    Element.gruTangent(
      batch: step.count, hidden: step.hiddenSize, dv: step.current, factors: step.factors,
      previous: step.previousHidden, dh: step.hidden)
  }

  // A_r = A_n v_n r',  A_z = (h_{t−1} − n) z',  A_n = (1 − z) n',  r,  z
  public static func wideFactors(of unit: WideUnit, into factors: UnsafeMutablePointer<ScaledNumber>) {
    let (r, z) = (unit.current(0) + unit.recurrentCurrent(0), unit.current(1) + unit.recurrentCurrent(1))
    let (reset, v) = (ScaledNumber.sigmoid(r), unit.recurrentCurrent(2))
    let n = unit.current(2) + reset.double * v
    factors[2] = .sigmoid(-z) * .tanhDerivative(n)
    factors[0] = factors[2] * v * .sigmoidDerivative(r)
    factors[1] = .sigmoidDerivative(z) * difference(unit, tanhOf: n)
    factors[3] = reset
    factors[4] = .sigmoid(z)
  }

  // h_{t−1} − n
  private static func difference(_ unit: WideUnit, tanhOf n: Double) -> ScaledNumber {
    let h = unit.previousHidden
    if let complement = unit.complement { return .difference(h, complement: complement, tanhOf: n) }
    return .difference(unit.rounded(h, of: h.magnitude + tanh(n).magnitude), tanhOf: n)
  }

  // as above
  public static func complement(of unit: WideUnit, hidden: Double) -> ScaledNumber {
    let reset = 1 / (1 + exp(-unit.current(0) - unit.recurrentCurrent(0)))
    let (open, closed) = ScaledNumber.sigmoids(unit.current(1) + unit.recurrentCurrent(1))
    let n = unit.current(2) + reset * unit.recurrentCurrent(2)
    func distance(_ value: Double, _ complement: ScaledNumber) -> ScaledNumber {
      (value < 0) == (hidden < 0) ? complement : ScaledNumber(2) + complement * -1
    }
    let previous = unit.complement ?? ScaledNumber(1 - unit.previousHidden.magnitude)
    return open * distance(unit.previousHidden, previous) + closed * distance(n, .tanhComplement(n))
  }

  // both sides of the gates, and the bypass δ_t z
  public static func wideBackward(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitGradient) {
    for gate in 0..<3 {
      unit.gamma[gate] = unit.delta * factors[gate]
      unit.gammaHidden[gate] = unit.gamma[gate]
    }
    unit.gammaHidden[2] = unit.gamma[2] * factors[3]
    unit.bypass = unit.delta * factors[4]
  }

  // dh_t = (1−z) n' (v_n r' dv_r + r dv_n) + (h_{t−1} − n) z' dv_z + z dh_{t−1}
  public static func wideTangent(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitTangent) {
    let dv = unit.current
    unit.hidden =
      dv[0] * factors[0] + dv[1] * factors[1] + dv[2] * factors[2] * factors[3]
      + unit.previousHidden * factors[4]
  }

  // S = the largest of A_r, A_z, A_n r and z
  public static func unitJacobian(
    _ factors: UnsafePointer<ScaledNumber>, remainder: UnsafeMutablePointer<ScaledNumber>
  ) -> UnitJacobian {
    let candidate = factors[2] * factors[3]
    let scale = factors[0].larger(factors[1]).larger(candidate).larger(factors[4])
    remainder[0] = factors[0].over(scale)
    remainder[1] = factors[1].over(scale)
    remainder[2] = candidate.over(scale)
    remainder[3] = ScaledNumber(1)
    remainder[4] = factors[4].over(scale)
    return UnitJacobian(hidden: scale)
  }
}

// MARK: - Kernels

extension Scalar {
  /// One step of a GRU from its two currents [B, 3H], rows r, z, n: h and the five factors of the backward step [5, B, H],
  /// A_r = A_n v_n r', A_z = (h_{t−1} − n) z', A_n = (1 − z) n', r, z. Where h_{t−1} and n are so near to the same of ±1 that
  /// their difference has no digits, A_z is below the normal numbers, with an underflow.
  @inlinable
  public static func gruForward(
    batch: Int, hidden: Int, u: UnsafePointer<Self>, v: UnsafePointer<Self>,
    previousHidden: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>, factors: UnsafeMutablePointer<Self>
  ) {
    assert(
      areApart(
        written: region(batch * hidden, h), region(5 * batch * hidden, factors),
        read: region(3 * batch * hidden, u), region(3 * batch * hidden, v),
        region(batch * hidden, previousHidden)))
    gf_gru_forward(element, Int32(batch), Int32(hidden), u, v, previousHidden, h, factors)
  }

  /// After it: 1 − |h_t| [B, H] from that of h_{t−1}, and the factor (h_{t−1} − n) z′ where it was left at 0.
  @inlinable
  public static func gruLack(
    batch: Int, hidden: Int, u: UnsafePointer<Self>, v: UnsafePointer<Self>,
    previousHidden: UnsafePointer<Self>, h: UnsafePointer<Self>, lastLack: UnsafePointer<Self>,
    lack: UnsafeMutablePointer<Self>, factors: UnsafeMutablePointer<Self>
  ) {
    assert(
      areApart(
        written: region(batch * hidden, lack), region(5 * batch * hidden, factors),
        read: region(3 * batch * hidden, u), region(3 * batch * hidden, v),
        region(batch * hidden, previousHidden), region(batch * hidden, h), region(batch * hidden, lastLack)))
    gf_gru_lack(element, Int32(batch), Int32(hidden), u, v, previousHidden, h, lastLack, lack, factors)
  }

  /// Both sides of the gate gradients [B, 3H] and the bypass δ_t ⊙ z from δ_t and the factors.
  @inlinable
  public static func gruBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    gammaInput: UnsafeMutablePointer<Self>, gammaHidden: UnsafeMutablePointer<Self>,
    bypass: UnsafeMutablePointer<Self>
  ) {
    assert(
      areApart(
        written: region(3 * batch * hidden, gammaInput), region(3 * batch * hidden, gammaHidden),
        region(batch * hidden, bypass), read: region(batch * hidden, delta),
        region(5 * batch * hidden, factors)))
    gf_gru_backward(element, Int32(batch), Int32(hidden), delta, factors, gammaInput, gammaHidden, bypass)
  }

  /// The derivative of a GRU step along tangent vectors: dh_t [B, H] from dv [B, 3H] and dh_{t−1}.
  @inlinable
  public static func gruTangent(
    batch: Int, hidden: Int, dv: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    previous: UnsafePointer<Self>, dh: UnsafeMutablePointer<Self>
  ) {
    assert(
      areApart(
        written: region(batch * hidden, dh), read: region(3 * batch * hidden, dv),
        region(5 * batch * hidden, factors), region(batch * hidden, previous)))
    gf_gru_tangent(element, Int32(batch), Int32(hidden), dv, factors, previous, dh)
  }
}
