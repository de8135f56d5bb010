// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation

/// The states and gates of every step and batch element.
public struct NaiveTrace: Sendable {
  /// h_t and c_t, [T+1][B][H]; row 0 is the initial state.
  public var h, c: [[[Double]]]
  /// Gate values after their nonlinearity [T][B][G·H].
  public var gates: [[[Double]]]
  /// W_hh h_{t−1} + b_hh [T][B][G·H].
  public var v: [[[Double]]]
}

extension NaiveNetwork {
  /// Runs every example of the batch, one number after the other.
  public func forward() -> NaiveTrace {
    let H = sizes.hiddenSize
    var trace = NaiveTrace(h: [h_0], c: [c_0], gates: [], v: [])
    for t in 1...sizes.steps {
      var (hRows, cRows, gateRows, vRows) = ([[Double]](), [[Double]](), [[Double]](), [[Double]]())
      for b in 0..<sizes.batch {
        let before = trace.h[t - 1][b]
        let u = affine(W_ih, x[t - 1][b], b_ih)
        let v = affine(W_hh, before, b_hh)
        var gate = [Double](repeating: 0, count: u.count)
        var h = [Double](repeating: 0, count: H)
        var c = h
        for k in 0..<H {
          switch cell {
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
            c[k] = f * trace.c[t - 1][b][k] + i * g
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
        hRows.append(h)
        cRows.append(c)
        gateRows.append(gate)
        vRows.append(v)
      }
      trace.h.append(hRows)
      trace.c.append(cRows)
      trace.gates.append(gateRows)
      trace.v.append(vRows)
    }
    return trace
  }

  /// The step's term of the loss, with ∂L/∂h_t of the batch and, through `readout`, ∂L/∂y [B][O].
  func lossTerm(_ t: Int, _ h: [[Double]]) -> (value: Double, dh: [[Double]], dy: [[Double]])? {
    var value = 0.0
    var dy: [[Double]] = []
    switch loss {
    case .finalDot(let v):
      guard t == sizes.steps else { return nil }
      for b in h.indices { for k in v.indices { value += v[k] * h[b][k] } }
      return (value, h.map { _ in v }, [])
    case .finalMeanSquare(let targets):
      guard t == sizes.steps else { return nil }
      let n = Double(h.count * b_o.count)
      for b in h.indices {
        let y = affine(W_o, h[b], b_o)
        for o in y.indices { value += (y[o] - targets[b][o]) * (y[o] - targets[b][o]) / n }
        dy.append(y.indices.map { 2 * (y[$0] - targets[b][$0]) / n })
      }
    case .crossEntropy(let classes, _):
      guard let wanted = classes[t] else { return nil }
      let n = Double(classes.count * h.count)
      for b in h.indices {
        let y = affine(W_o, h[b], b_o)
        let top = y.max() ?? 0
        let sum = y.reduce(0) { $0 + exp($1 - top) }
        value += (log(sum) + top - y[wanted[b]]) / n
        dy.append(y.indices.map { (exp(y[$0] - top) / sum - ($0 == wanted[b] ? 1 : 0)) / n })
      }
    }
    return (value, dy.map { throughRows($0, W_o, width: sizes.hiddenSize) }, dy)
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
func throughRows(_ g: [Double], _ W: [[Double]], width: Int) -> [Double] {
  (0..<width).map { j in
    var sum = 0.0
    for i in g.indices { sum += g[i] * W[i][j] }
    return sum
  }
}
