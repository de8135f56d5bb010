// swift-format-ignore-file: AlwaysUseLowerCamelCase

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
    let (layer, rows) = (layer, cell.gateCount * H)
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
        let step = layer.backward(flowing[b], carry[b], trace.steps[t - 1][b])
        result.kappa[t][b] = step.kappa
        carry[b] = step.carry
        result.gamma[t - 1][b] = step.gamma
        result.gammaHidden[t - 1][b] = step.gammaHidden
        result.delta[t - 1][b] = step.before
        result.x[t - 1][b] = step.x
        addOuter(step.gamma, x[t - 1][b], &result.W_ih, &result.b_ih)
        addOuter(step.gammaHidden, trace.h[t - 1][b], &result.W_hh, &result.b_hh)
      }
    }
    if cell == .lstm { result.kappa[0] = carry }
    return result
  }
}

/// An m × n array of zeros.
func zeros(_ m: Int, _ n: Int) -> [[Double]] {
  Array(repeating: Array(repeating: 0, count: n), count: m)
}
