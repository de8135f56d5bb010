import Foundation
import LinearAlgebra

/// The Jacobian of one step in factors, so that what is saturated costs no digit: each map is diagonal, of any grading, or
/// well conditioned as far as the weights are.
///
///     J_tᵀ = C Ĵᵀ S Kᵀ
///
///     rnn    S = φ'(a),                  Ĵ = W_hh                               C = K = 1
///     gru    S = the largest of the four derivatives of a unit,  Ĵ what is left of J over S
///     lstm   K: h rows ← h rows + q · c rows, q = ∂h/∂c
///            S = (|∂h/∂a_o|, the largest of f and |∂c/∂a|),      C = (1, f over that)
///
/// The derivatives are computed anew from states and inputs, with exponents of their own: exact where a tape holds zeros,
/// for tanh'(a) beyond |a| = 354 or a sigmoid beyond 708.
///
/// - Complexity: 2·G·H·(H + I) operations a step; no allocation.
public struct JacobianFactors<Cell: RecurrentCell>: ~Copyable where Cell.Element == Double {
  /// H and n.
  public let hiddenSize, stateSize: Int
  private let form: JacobianForm
  private let parameters: RecurrentParameters<Double>
  private let input, recurrent: AlignedBuffer<Double>
  /// S: rowFactors[i] · 2^rowPowers[i] [n].
  public let rowFactors: AlignedBuffer<Double>
  public let rowPowers: AlignedBuffer<Int>
  /// C, in the same form [n]; 1 for a cell without c.
  public let carryFactors: AlignedBuffer<Double>
  public let carryPowers: AlignedBuffer<Int>
  /// The factors of a backward step that is Ĵᵀ, for ``StateJacobian/load(factors:)`` [factorCount, H].
  public let remainder: AlignedBuffer<Double>
  /// q of K [H]; empty for a cell without c.
  private let output: AlignedBuffer<Double>
  /// What stands for a part that is below the range beside the largest of its row: 0, or with noise 2⁻⁹⁶⁰.
  private let underflow: Double
  private var noise: RoundingNoise?

  /// - Parameter noise: to see what rounding errors of the forward pass do, where c_t or h_{t−1} − n is what is left of
  ///   larger numbers, and whether parts of Ĵ or K matter that are below 2⁻⁹⁶⁰.
  /// - Returns: nil for a cell whose factors are not known here.
  public init?(cell: Cell, noise: RoundingNoise? = nil) {
    self.noise = noise
    underflow = noise == nil ? 0 : 0x1p-960
    guard let form = JacobianForm(of: Cell.self) else { return nil }
    self.form = form
    parameters = cell.parameters
    hiddenSize = parameters.hiddenSize
    stateSize = Cell.carriesCellState ? 2 * hiddenSize : hiddenSize
    let rows = parameters.weightHH.rows
    input = AlignedBuffer(count: rows)
    recurrent = AlignedBuffer(count: rows)
    rowFactors = AlignedBuffer(count: stateSize)
    rowPowers = AlignedBuffer(count: stateSize)
    carryFactors = AlignedBuffer(count: stateSize)
    carryPowers = AlignedBuffer(count: stateSize)
    carryFactors.base.update(repeating: 1, count: stateSize)
    remainder = AlignedBuffer(count: Cell.factorCount * hiddenSize)
    output = AlignedBuffer(count: Cell.carriesCellState ? hiddenSize : 0)
  }

  /// Takes the step's derivatives along the trajectory of a batch element.
  public mutating func load(_ step: TapeStep<Double>, element: Int) {
    let h = step.previousHidden + element * hiddenSize
    if form == .lstm || form == .gru || form == .tanh {
      product(step.input + element * step.inputSize, parameters.weightIH, parameters.biasIH, into: input.base)
      product(h, parameters.weightHH, parameters.biasHH, into: recurrent.base)
    }
    for k in 0..<hiddenSize {
      switch form {
      case .linear: setRow(k, WideNumber(1))
      case .relu:
        setRow(k, WideNumber(step.factors[element * hiddenSize + k]))
        remainder.base[k] = 1
      case .tanh:
        setRow(k, .tanhDerivative(input.base[k] + recurrent.base[k]))
        remainder.base[k] = 1
      case .gru: loadGRU(k, previous: h[k])
      case .lstm:
        guard let before = step.previousCell, let after = step.cell else { return }
        loadLSTM(k, before: before[element * hiddenSize + k], after: after[element * hiddenSize + k])
      }
    }
  }

  /// The h rows ← h rows + q · c rows, which is K; nothing for a cell without c.
  public func mixTangents(of vectors: UnsafeMutablePointer<Double>, count: Int) {
    guard form == .lstm else { return }
    for j in 0..<count {
      let (h, c) = (vectors + j * stateSize, vectors + j * stateSize + hiddenSize)
      for k in 0..<hiddenSize { h[k] += output.base[k] * c[k] }
    }
  }

  /// The c rows ← c rows + q · h rows, which is Kᵀ; nothing for a cell without c.
  public func mixRows(of vectors: UnsafeMutablePointer<Double>, count: Int) {
    guard form == .lstm else { return }
    for j in 0..<count {
      let (h, c) = (vectors + j * stateSize, vectors + j * stateSize + hiddenSize)
      for k in 0..<hiddenSize { c[k] += output.base[k] * h[k] }
    }
  }

  private mutating func loadGRU(_ k: Int, previous: Double) {
    let size = hiddenSize
    let (reset, update) = (input.base[k] + recurrent.base[k], input.base[size + k] + recurrent.base[size + k])
    let v = recurrent.base[2 * size + k]
    let r = WideNumber.sigmoid(reset)
    let candidate = input.base[2 * size + k] + r.double * v
    // An error of the state is one of the difference from n.
    let state = rounded(previous, of: previous.magnitude + tanh(candidate).magnitude)
    let through = WideNumber.sigmoid(-update) * .tanhDerivative(candidate)
    let parts = [
      through * WideNumber(v) * .sigmoidDerivative(reset),
      .difference(state, tanhOf: candidate) * .sigmoidDerivative(update),
      through * r, .sigmoid(update),
    ]
    let scale = setRow(k, parts.reduce(.zero) { $1.exceeds($0) ? $1 : $0 })
    remainder.base[k] = inRange(parts[0] / scale)
    remainder.base[size + k] = inRange(parts[1] / scale)
    remainder.base[2 * size + k] = inRange(parts[2] / scale)
    remainder.base[3 * size + k] = 1
    remainder.base[4 * size + k] = inRange(parts[3] / scale)
  }

  private mutating func loadLSTM(_ k: Int, before: Double, after: Double) {
    let size = hiddenSize
    func a(_ gate: Int) -> Double { input.base[gate * size + k] + recurrent.base[gate * size + k] }
    let forget = WideNumber.sigmoid(a(1))
    let parts = [
      WideNumber(tanh(a(2))) * .sigmoidDerivative(a(0)), WideNumber(before) * .sigmoidDerivative(a(1)),
      .sigmoid(a(0)) * .tanhDerivative(a(2)),
    ]
    let scale = setRow(size + k, parts.reduce(forget) { $1.exceeds($0) ? $1 : $0 })
    let terms =
      (forget.double * before).magnitude + (WideNumber.sigmoid(a(0)).double * tanh(a(2))).magnitude
    let after = rounded(after, of: terms)
    let out = WideNumber(tanh(after)) * .sigmoidDerivative(a(3))
    setRow(k, out)
    output.base[k] = inRange(.sigmoid(a(3)) * .tanhDerivative(after))
    remainder.base[k] = 0
    for (gate, part) in parts.enumerated() { remainder.base[(gate + 1) * size + k] = inRange(part / scale) }
    remainder.base[4 * size + k] = 1
    remainder.base[5 * size + k] = 1
    let carry = forget / scale
    carryFactors.base[size + k] = carry.mantissa
    carryPowers.base[size + k] = carry.exponent
  }

  /// A number with an error of the size of those of its terms, where there is noise.
  private mutating func rounded(_ value: Double, of terms: Double) -> Double {
    guard let error = noise?.next() else { return value }
    return value + error * terms
  }

  private func inRange(_ part: WideNumber) -> Double {
    part.isZero || part.exponent >= -960 ? part.double : part.mantissa * underflow
  }

  @discardableResult
  private func setRow(_ i: Int, _ factor: WideNumber) -> WideNumber {
    rowFactors.base[i] = factor.mantissa
    rowPowers.base[i] = factor.exponent
    return factor.isZero ? WideNumber(1) : factor
  }

  private func product(
    _ x: UnsafePointer<Double>, _ weight: Matrix<Double>, _ bias: [Double],
    into out: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<weight.rows {
      out[row] =
        bias[row]
        + weight.values.withUnsafeBufferPointer {
          Double.dot(weight.columns, x, $0.baseAddress! + row * weight.columns)
        }
    }
  }
}
