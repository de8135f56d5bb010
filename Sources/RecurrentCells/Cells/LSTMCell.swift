import CNumericKernels
import Foundation
import LinearAlgebra

/// Long short-term memory with a forget gate, as PyTorch defines it; rows i, f, g, o.
///
///     i, f, o = sigmoid(a),  g = tanh(a),   c_t = f ⊙ c_{t−1} + i ⊙ g,   h_t = o ⊙ tanh(c_t)
///     κ_t = δ_t ⊙ o (1 − tanh² c_t) + κ_{t+1} ⊙ f_{t+1}                    (total ∂L/∂c_t)
///     γ^i = κ g i(1−i),  γ^f = κ c_{t−1} f(1−f),  γ^g = κ i (1−g²),  γ^o = δ tanh(c_t) o(1−o)
///     δ_{t−1} = d_{t−1} + γ_t W_hh
///
/// There is no direct path from h_{t−1} to c_t other than through the gates. The last factor on the tape is f_t.
///
/// - Note: Source: Hochreiter & Schmidhuber, Neural Computation 9 (1997) 1735; Gers, Schmidhuber & Cummins,
///   Neural Computation 12 (2000) 2451; torch.nn.LSTM.
public struct LSTMCell<Element: Scalar>: RecurrentCell {
  @inlinable public static var gates: [Gate] { [.input, .forget, .candidate, .output] }
  @inlinable public static var factorCount: Int { 6 }
  @inlinable public static var carriesCellState: Bool { true }
  public let parameters: RecurrentParameters<Element>

  @inlinable public init(parameters: RecurrentParameters<Element>) { self.parameters = parameters }

  // c_t = f c_{t−1} + i g,  h_t = o tanh(c_t)
  @inlinable public func forward(_ step: ForwardStep<Element>) {
    Element.lstmForward(
      batch: step.batch, hidden: step.hiddenSize, a: step.current,
      previousCell: step.previousCell, cell: step.cell, h: step.hidden, factors: step.factors)
  }

  // κ_t = δ_t q_t + carry, gate gradients from κ_t and δ_t, carry ← κ_t f_t
  @inlinable public func backward(_ step: BackwardStep<Element>) {
    Element.lstmBackward(
      batch: step.batch, hidden: step.hiddenSize, delta: step.delta, factors: step.factors,
      carry: step.carry, nextCarry: step.nextCarry, kappa: step.kappa, gamma: step.gamma)
  }

  // dc_t = f dc_{t−1} + g i' da_i + c_{t−1} f' da_f + i g' da_g,  dh_t = q dc_t + tanh(c) o' da_o
  @inlinable public func tangent(_ step: TangentStep<Element>) {
    Element.lstmTangent(
      batch: step.count, hidden: step.hiddenSize, da: step.current, factors: step.factors,
      dc: step.cell, dh: step.hidden)
  }

  // q = o (1 − tanh² c_t),  g i',  c_{t−1} f',  i g',  tanh(c_t) o',  f
  public static func wideFactors(of unit: WideUnit, into factors: UnsafeMutablePointer<ScaledNumber>) {
    let (i, f, g, o) = (unit.current(0), unit.current(1), unit.current(2), unit.current(3))
    factors[0] = .sigmoid(o) * .tanhDerivative(unit.cell)
    factors[1] = .sigmoidDerivative(i) * tanh(g)
    factors[2] = .sigmoidDerivative(f) * unit.previousCell
    factors[3] = .sigmoid(i) * .tanhDerivative(g)
    factors[4] = .sigmoidDerivative(o) * tanh(unit.cell)
    factors[5] = .sigmoid(f)
  }

  // κ_t = δ_t q_t + carry, gate gradients from κ_t and δ_t, carry ← κ_t f_t
  public static func wideBackward(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitGradient) {
    unit.kappa = unit.delta * factors[0] + unit.carry
    for gate in 0..<3 { unit.gamma[gate] = unit.kappa * factors[gate + 1] }
    unit.gamma[3] = unit.delta * factors[4]
    unit.carry = unit.kappa * factors[5]
  }

  // dc_t = f dc_{t−1} + g i' da_i + c_{t−1} f' da_f + i g' da_g,  dh_t = q dc_t + tanh(c) o' da_o
  public static func wideTangent(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitTangent) {
    var cell = unit.cell * factors[5]
    for gate in 0..<3 { cell += unit.current[gate] * factors[gate + 1] }
    unit.cell = cell
    unit.hidden = cell * factors[0] + unit.current[3] * factors[4]
  }

  // S_h = ∂h/∂a_o,  S_c = the largest of f and the three ∂c/∂a,  q = o tanh'(c)
  public static func unitJacobian(
    _ factors: UnsafePointer<ScaledNumber>, remainder: UnsafeMutablePointer<ScaledNumber>
  ) -> UnitJacobian {
    let scale = factors[1].larger(factors[2]).larger(factors[3]).larger(factors[5])
    var unit = UnitJacobian(hidden: factors[4])
    unit.cell = scale
    unit.carry = factors[5].over(scale)
    unit.output = factors[0]
    remainder[0] = .zero
    for gate in 1...3 { remainder[gate] = factors[gate].over(scale) }
    remainder[4] = ScaledNumber(1)
    remainder[5] = ScaledNumber(1)
    return unit
  }
}

// MARK: - Kernels

extension Scalar {
  /// One step of an LSTM from its preactivations [B, 4H], rows i, f, g, o: c, h and the six factors of the backward step
  /// [6, B, H], q = o (1 − tanh² c), g i', c_{t−1} f', i g', tanh(c) o', f.
  @inlinable
  public static func lstmForward(
    batch: Int, hidden: Int, a: UnsafePointer<Self>, previousCell: UnsafePointer<Self>,
    cell: UnsafeMutablePointer<Self>, h: UnsafeMutablePointer<Self>, factors: UnsafeMutablePointer<Self>
  ) {
    assert(
      areApart(
        written: region(batch * hidden, cell), region(batch * hidden, h), region(6 * batch * hidden, factors),
        read: region(4 * batch * hidden, a), region(batch * hidden, previousCell)))
    gf_lstm_forward(element, Int32(batch), Int32(hidden), a, previousCell, cell, h, factors)
  }

  /// κ_t, the gate gradients [B, 4H] and the carry to c_{t−1} from δ_t, the carry to c_t and the factors. `nextCarry` may
  /// be `carry`.
  @inlinable
  public static func lstmBackward(
    batch: Int, hidden: Int, delta: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    carry: UnsafePointer<Self>, nextCarry: UnsafeMutablePointer<Self>, kappa: UnsafeMutablePointer<Self>,
    gamma: UnsafeMutablePointer<Self>
  ) {
    assert(
      areApart(
        written: region(batch * hidden, kappa), region(4 * batch * hidden, gamma),
        read: region(batch * hidden, delta), region(6 * batch * hidden, factors),
        region(batch * hidden, carry), region(batch * hidden, nextCarry)))
    gf_lstm_backward(element, Int32(batch), Int32(hidden), delta, factors, carry, nextCarry, kappa, gamma)
  }

  /// The derivative of an LSTM step along tangent vectors: dc_t and dh_t [B, H] from da [B, 4H] and dc_{t−1}.
  @inlinable
  public static func lstmTangent(
    batch: Int, hidden: Int, da: UnsafePointer<Self>, factors: UnsafePointer<Self>,
    dc: UnsafeMutablePointer<Self>, dh: UnsafeMutablePointer<Self>
  ) {
    assert(
      areApart(
        written: region(batch * hidden, dc), region(batch * hidden, dh), read: region(4 * batch * hidden, da),
        region(6 * batch * hidden, factors)))
    gf_lstm_tangent(element, Int32(batch), Int32(hidden), da, factors, dc, dh)
  }

  /// Covariances over n sites of an LSTM's gradients at steps t and u ≥ t whose δ are Gaussian, E[δ_t δ_u] =
  /// `covariance`: `cross` becomes E[δ_t κ_u] where it was E[δ_t κ_{u+1}], `kappas` E[κ_t κ_u] from `later` =
  /// E[κ_{t+1} κ_u], which it may overwrite. Factors [6, n] are those of `lstmForward`; the carries are f_{t+1} and
  /// f_{u+1}.
  ///
  /// - Returns: the sum over sites of E[γ_t γ_u], gates i, f and g together.
  @inlinable
  public static func lstmGradientCovariance(
    sites n: Int, covariance: Double, factors: UnsafePointer<Self>, carry: UnsafePointer<Self>,
    laterFactors: UnsafePointer<Self>, laterCarry: UnsafePointer<Self>, later: UnsafePointer<Self>,
    cross: UnsafeMutablePointer<Self>, into kappas: UnsafeMutablePointer<Self>
  ) -> Double {
    assert(
      areApart(
        written: region(n, cross), region(n, kappas), read: region(6 * n, factors), region(n, carry),
        region(6 * n, laterFactors), region(n, laterCarry)))
    return gf_lstm_gradient_covariance(
      element, Int32(n), covariance, factors, carry, laterFactors, laterCarry, later, cross, kappas)
  }
}
