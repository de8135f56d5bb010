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
  public static func wideFactors(of unit: WideUnit, into factors: UnsafeMutablePointer<WideNumber>) {
    let (i, f, g, o) = (unit.current(0), unit.current(1), unit.current(2), unit.current(3))
    factors[0] = .sigmoid(o) * .tanhDerivative(unit.cell)
    factors[1] = .sigmoidDerivative(i) * tanh(g)
    factors[2] = .sigmoidDerivative(f) * unit.previousCell
    factors[3] = .sigmoid(i) * .tanhDerivative(g)
    factors[4] = .sigmoidDerivative(o) * tanh(unit.cell)
    factors[5] = .sigmoid(f)
  }

  // κ_t = δ_t q_t + carry, gate gradients from κ_t and δ_t, carry ← κ_t f_t
  public static func wideBackward(factors: UnsafePointer<WideNumber>, _ unit: inout WideUnitGradient) {
    unit.kappa = unit.delta * factors[0] + unit.carry
    for gate in 0..<3 { unit.gamma[gate] = unit.kappa * factors[gate + 1] }
    unit.gamma[3] = unit.delta * factors[4]
    unit.carry = unit.kappa * factors[5]
  }

  // dc_t = f dc_{t−1} + g i' da_i + c_{t−1} f' da_f + i g' da_g,  dh_t = q dc_t + tanh(c) o' da_o
  public static func wideTangent(factors: UnsafePointer<WideNumber>, _ unit: inout WideUnitTangent) {
    var cell = unit.cell * factors[5]
    for gate in 0..<3 { cell += unit.current[gate] * factors[gate + 1] }
    unit.cell = cell
    unit.hidden = cell * factors[0] + unit.current[3] * factors[4]
  }

  // S_h = ∂h/∂a_o,  S_c = the largest of f and the three ∂c/∂a,  q = o tanh'(c)
  public static func unitJacobian(
    _ factors: UnsafePointer<WideNumber>, remainder: UnsafeMutablePointer<WideNumber>
  ) -> UnitJacobian? {
    let scale = factors[1].larger(factors[2]).larger(factors[3]).larger(factors[5])
    var unit = UnitJacobian(hidden: factors[4])
    unit.cell = scale
    unit.carry = factors[5].over(scale)
    unit.output = factors[0]
    remainder[0] = .zero
    for gate in 1...3 { remainder[gate] = factors[gate].over(scale) }
    remainder[4] = WideNumber(1)
    remainder[5] = WideNumber(1)
    return unit
  }
}
