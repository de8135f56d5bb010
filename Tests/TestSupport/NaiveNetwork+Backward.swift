// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation

/// Every gradient of the naive network.
public struct NaiveGradients: Sendable {
  public var loss = 0.0
  /// Total ∂L/∂h_t before clipping, and total ∂L/∂c_t, [T+1][B][H].
  public var delta, kappa: [[[Double]]]
  /// Immediate ∂L/∂h_t [T+1][B][H]; 0 where the loss does not read h_t.
  public var immediate: [[[Double]]]
  /// ∂L/∂(W_ih x_t + b_ih) and ∂L/∂(W_hh h_{t−1} + b_hh), [T][B][G·H].
  public var gamma, gammaHidden: [[[Double]]]
  /// Summed over all steps.
  public var W_ih, W_hh, W_o: [[Double]]
  public var b_ih, b_hh, b_o: [Double]
  /// ∂L/∂x_t [T][B][I].
  public var x: [[[Double]]]
}

extension NaiveNetwork {
  /// Plain backpropagation through time, example by example.
  ///
  /// - Parameter clip: what happens to ∂L/∂h_t [B][H] at t = T…1 before it is passed back.
  public func backward(
    through trace: NaiveTrace, clip: ([[Double]]) -> [[Double]] = { $0 }
  ) -> NaiveGradients {
    let (T, B, H) = (sizes.steps, sizes.batch, sizes.hiddenSize)
    let rows = cell.gateCount * H
    let state = zeros(B, H)
    var result = NaiveGradients(
      delta: Array(repeating: state, count: T + 1), kappa: Array(repeating: state, count: T + 1),
      immediate: Array(repeating: state, count: T + 1),
      gamma: Array(repeating: zeros(B, rows), count: T),
      gammaHidden: Array(repeating: zeros(B, rows), count: T),
      W_ih: zeros(rows, sizes.inputSize), W_hh: zeros(rows, H), W_o: zeros(b_o.count, H),
      b_ih: zeros(1, rows)[0], b_hh: zeros(1, rows)[0], b_o: zeros(1, b_o.count)[0],
      x: Array(repeating: zeros(B, sizes.inputSize), count: T))
    var carry = state
    for t in (1...T).reversed() {
      if let term = lossTerm(t, trace.h[t]) {
        result.loss += term.value
        result.immediate[t] = term.dh
        for b in 0..<B {
          for k in 0..<H { result.delta[t][b][k] += term.dh[b][k] }
          if !term.dy.isEmpty { addOuter(term.dy[b], trace.h[t][b], &result.W_o, &result.b_o) }
        }
      }
      let flowing = clip(result.delta[t])
      for b in 0..<B {
        let step = back(t, b, flowing[b], carry[b], trace)
        result.kappa[t][b] = step.kappa
        carry[b] = step.carry
        result.gamma[t - 1][b] = step.gamma
        result.gammaHidden[t - 1][b] = step.gammaHidden
        let through = throughRows(step.gammaHidden, W_hh, width: H)
        for k in 0..<H { result.delta[t - 1][b][k] = through[k] + step.bypass[k] }
        result.x[t - 1][b] = throughRows(step.gamma, W_ih, width: sizes.inputSize)
        addOuter(step.gamma, x[t - 1][b], &result.W_ih, &result.b_ih)
        addOuter(step.gammaHidden, trace.h[t - 1][b], &result.W_hh, &result.b_hh)
      }
    }
    if cell == .lstm { result.kappa[0] = carry }
    return result
  }

  private struct Step {
    var kappa, carry, gamma, gammaHidden, bypass: [Double]
  }

  /// The chain rule through one step of one example, one named derivative after the other.
  private func back(
    _ t: Int, _ b: Int, _ dh: [Double], _ dcNext: [Double], _ trace: NaiveTrace
  ) -> Step {
    let H = sizes.hiddenSize
    let gate = trace.gates[t - 1][b]
    let zero = [Double](repeating: 0, count: H)
    let wide = [Double](repeating: 0, count: cell.gateCount * H)
    var step = Step(kappa: zero, carry: zero, gamma: wide, gammaHidden: wide, bypass: zero)
    for k in 0..<H {
      switch cell {
      case .tanh:
        let h = trace.h[t][b][k]
        step.gamma[k] = dh[k] * (1 - h * h)
      case .relu:
        step.gamma[k] = gate[k] > 0 ? dh[k] : 0
      case .linear:
        step.gamma[k] = dh[k]
      case .lstm:
        let (i, f, g, o) = (gate[k], gate[H + k], gate[2 * H + k], gate[3 * H + k])
        let tanhC = Foundation.tanh(trace.c[t][b][k])
        let dO = dh[k] * tanhC
        let dc = dcNext[k] + dh[k] * o * (1 - tanhC * tanhC)
        let (di, df, dg) = (dc * g, dc * trace.c[t - 1][b][k], dc * i)
        step.gamma[k] = di * i * (1 - i)
        step.gamma[H + k] = df * f * (1 - f)
        step.gamma[2 * H + k] = dg * (1 - g * g)
        step.gamma[3 * H + k] = dO * o * (1 - o)
        step.kappa[k] = dc
        step.carry[k] = dc * f
      case .gru:
        let (r, z, n) = (gate[k], gate[H + k], gate[2 * H + k])
        let dn = dh[k] * (1 - z)
        let dz = dh[k] * (trace.h[t - 1][b][k] - n)
        let daN = dn * (1 - n * n)
        let dr = daN * trace.v[t - 1][b][2 * H + k]
        step.gamma[k] = dr * r * (1 - r)
        step.gamma[H + k] = dz * z * (1 - z)
        step.gamma[2 * H + k] = daN
        step.bypass[k] = dh[k] * z
      }
    }
    step.gammaHidden = step.gamma
    if cell == .gru { for k in 0..<H { step.gammaHidden[2 * H + k] *= gate[k] } }
    return step
  }
}

/// An m × n array of zeros.
func zeros(_ m: Int, _ n: Int) -> [[Double]] {
  Array(repeating: Array(repeating: 0, count: n), count: m)
}

/// dW += g xᵀ, db += g.
private func addOuter(
  _ g: [Double], _ x: [Double], _ dW: inout [[Double]], _ db: inout [Double]
) {
  for i in g.indices {
    db[i] += g[i]
    for j in x.indices { dW[i][j] += g[i] * x[j] }
  }
}
