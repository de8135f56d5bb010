// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation

/// A number that gradients are made of: `Double`, or one with a wider range.
public protocol NaiveReal: Sendable {
  static var zero: Self { get }
  static func + (a: Self, b: Self) -> Self
  static func * (a: Self, b: Double) -> Self
}

extension NaiveReal {
  static func += (a: inout Self, b: Self) { a = a + b }
}

extension Double: NaiveReal {}

/// The weights of one recurrent layer in one direction, and a step of one sequence through it: the equations
/// of every cell, forward and backward, one number after the other.
public struct NaiveCell: Sendable, Equatable {
  public var kind: NaiveNetwork.Cell
  /// [G·H][I], [G·H][H], [G·H], [G·H].
  public var W_ih, W_hh: [[Double]]
  public var b_ih, b_hh: [Double]

  public init(_ kind: NaiveNetwork.Cell, W_ih: [[Double]], W_hh: [[Double]], b_ih: [Double], b_hh: [Double]) {
    self.kind = kind
    self.W_ih = W_ih
    self.W_hh = W_hh
    self.b_ih = b_ih
    self.b_hh = b_hh
  }

  /// H and I.
  public var hiddenSize: Int { W_hh.count / kind.gateCount }
  public var inputSize: Int { W_ih[0].count }

  /// What a step forward leaves.
  public struct Trace: Sendable {
    /// h_{t−1}, c_{t−1}, h_t and c_t [H]; without c zeros.
    public var before, cellBefore, h, c: [Double]
    /// x_t [I].
    public var x: [Double]
    /// Gate values after their nonlinearity [G·H].
    public var gates: [Double]
    /// W_hh h_{t−1} + b_hh [G·H].
    public var v: [Double]
  }

  /// h_t and c_t from x_t, h_{t−1} and c_{t−1}.
  public func forward(_ x: [Double], _ before: [Double], _ cellBefore: [Double]) -> Trace {
    let H = hiddenSize
    let u = affine(W_ih, x, b_ih)
    let v = affine(W_hh, before, b_hh)
    var gate = [Double](repeating: 0, count: u.count)
    var h = [Double](repeating: 0, count: H)
    var c = h
    for k in 0..<H {
      switch kind {
      case .tanh:
        gate[k] = u[k] + v[k]
        h[k] = Foundation.tanh(gate[k])
      case .relu:
        gate[k] = u[k] + v[k]
        h[k] = gate[k] > 0 ? gate[k] : 0
      case .linear:
        h[k] = u[k] + v[k]
      case .lstm:
        let i = sigmoid(u[k] + v[k])
        let f = sigmoid(u[H + k] + v[H + k])
        let g = Foundation.tanh(u[2 * H + k] + v[2 * H + k])
        let o = sigmoid(u[3 * H + k] + v[3 * H + k])
        c[k] = f * cellBefore[k] + i * g
        h[k] = o * Foundation.tanh(c[k])
        (gate[k], gate[H + k], gate[2 * H + k], gate[3 * H + k]) = (i, f, g, o)
      case .gru:
        let r = sigmoid(u[k] + v[k])
        let z = sigmoid(u[H + k] + v[H + k])
        let n = Foundation.tanh(u[2 * H + k] + r * v[2 * H + k])
        h[k] = (1 - z) * n + z * before[k]
        (gate[k], gate[H + k], gate[2 * H + k]) = (r, z, n)
      }
    }
    return Trace(before: before, cellBefore: cellBefore, h: h, c: c, x: x, gates: gate, v: v)
  }

  /// What a step backward leaves.
  public struct Gradients<Real: NaiveReal>: Sendable {
    /// Total ∂L/∂c_t, and the part of ∂L/∂c_{t−1} that comes back through this step [H]; zeros without c.
    public var kappa, carry: [Real]
    /// ∂L/∂(W_ih x_t + b_ih) and ∂L/∂(W_hh h_{t−1} + b_hh) [G·H].
    public var gamma, gammaHidden: [Real]
    /// The part of ∂L/∂h_{t−1} that comes back through this step [H].
    public var before: [Real]
    /// ∂L/∂x_t [I].
    public var x: [Real]
  }

  /// The chain rule through a step, one named derivative after the other.
  ///
  /// - Parameters:
  ///   - dh: total ∂L/∂h_t [H].
  ///   - dcNext: the part of ∂L/∂c_t that comes from later steps [H].
  public func backward<Real: NaiveReal>(_ dh: [Real], _ dcNext: [Real], _ t: Trace) -> Gradients<Real> {
    let H = hiddenSize
    let zero = [Real](repeating: .zero, count: H)
    let wide = [Real](repeating: .zero, count: kind.gateCount * H)
    var step = Gradients(kappa: zero, carry: zero, gamma: wide, gammaHidden: wide, before: zero, x: [])
    var bypass = zero
    for k in 0..<H {
      switch kind {
      case .tanh: step.gamma[k] = dh[k] * (1 - t.h[k] * t.h[k])
      case .relu: step.gamma[k] = t.gates[k] > 0 ? dh[k] : .zero
      case .linear: step.gamma[k] = dh[k]
      case .lstm:
        let (i, f, g, o) = (t.gates[k], t.gates[H + k], t.gates[2 * H + k], t.gates[3 * H + k])
        let tanhC = Foundation.tanh(t.c[k])
        let dO = dh[k] * tanhC
        let dc = dcNext[k] + dh[k] * o * (1 - tanhC * tanhC)
        let (di, df, dg) = (dc * g, dc * t.cellBefore[k], dc * i)
        step.gamma[k] = di * i * (1 - i)
        step.gamma[H + k] = df * f * (1 - f)
        step.gamma[2 * H + k] = dg * (1 - g * g)
        step.gamma[3 * H + k] = dO * o * (1 - o)
        step.kappa[k] = dc
        step.carry[k] = dc * f
      case .gru:
        let (r, z, n) = (t.gates[k], t.gates[H + k], t.gates[2 * H + k])
        let dn = dh[k] * (1 - z)
        let dz = dh[k] * (t.before[k] - n)
        let daN = dn * (1 - n * n)
        let dr = daN * t.v[2 * H + k]
        step.gamma[k] = dr * r * (1 - r)
        step.gamma[H + k] = dz * z * (1 - z)
        step.gamma[2 * H + k] = daN
        bypass[k] = dh[k] * z
      }
    }
    step.gammaHidden = step.gamma
    if kind == .gru {
      for k in 0..<H { step.gammaHidden[2 * H + k] = step.gammaHidden[2 * H + k] * t.gates[k] }
    }
    step.before = zip(throughRows(step.gammaHidden, W_hh, width: H), bypass).map { $0 + $1 }
    step.x = throughRows(step.gamma, W_ih, width: inputSize)
    return step
  }
}

/// 1 / (1 + e^{−a}).
func sigmoid(_ a: Double) -> Double { 1 / (1 + exp(-a)) }

/// W x + b.
func affine(_ W: [[Double]], _ x: [Double], _ b: [Double]) -> [Double] {
  W.indices.map { i in
    var sum = b[i]
    for j in x.indices { sum += W[i][j] * x[j] }
    return sum
  }
}

/// Wᵀ g.
func throughRows<Real: NaiveReal>(_ g: [Real], _ W: [[Double]], width: Int) -> [Real] {
  (0..<width).map { j in
    var sum = Real.zero
    for i in g.indices { sum += g[i] * W[i][j] }
    return sum
  }
}

/// dW += g xᵀ, db += g.
func addOuter<Real: NaiveReal>(_ g: [Real], _ x: [Double], _ dW: inout [[Real]], _ db: inout [Real]) {
  for i in g.indices {
    db[i] += g[i]
    for j in x.indices { dW[i][j] += g[i] * x[j] }
  }
}
