// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
import LinearAlgebra
import RecurrentCells

/// Every norm of a backward pass under L = Σ_b v · h_T[b], by plain backpropagation in logarithms along the
/// states of a library pass.
public struct LogarithmicBackward: Sendable {
  /// ‖∂L/∂h_t‖ and ‖∂L/∂c_t‖, t = 0…T.
  public private(set) var hidden, cell: [LogarithmicNorm]
  /// ‖∂L/∂a_t‖ by gate [T][G].
  public private(set) var gates: [[LogarithmicNorm]]
  /// What step t contributes to ∂L/∂W_hh and ∂L/∂W_ih, t = 1…T.
  public private(set) var weightHH, weightIH: [LogarithmicNorm]
  /// Of the whole gradients.
  public private(set) var totalHH, totalIH, totalBias: LogarithmicNorm
  /// λ of a tangent that starts as `tangent` on the trajectory of element 0: ln of its growth over all steps, over T.
  public private(set) var exponent: LogarithmicNorm

  private typealias N = LogarithmicNumber

  private struct Step {
    var h0, h, c0, c, x: [[Double]]
    /// 1 − |h_{t−1}|, of a GRU: h_{t−1} is rounded.
    var lack: [[N]] = []
  }

  public init<Cell: RecurrentCell>(
    of pass: inout SequencePass<Cell>, direction v: [Double], tangent: [Double]? = nil
  ) {
    let (T, B, H, I) = (pass.shape.steps, pass.shape.batch, pass.shape.hiddenSize, pass.shape.inputSize)
    let G = Cell.gateCount
    let p = pass.cell.parameters.converted(to: Double.self)
    func rows(_ p: UnsafePointer<Cell.Element>, _ width: Int) -> [[Double]] {
      (0..<B).map { b in (0..<width).map { Double(p[b * width + $0]) } }
    }
    var steps: [Step] = []
    pass.visitSteps(.ascending) { s in
      steps.append(
        Step(
          h0: rows(s.previousHidden, H), h: rows(s.hidden, H), c0: s.previousCell.map { rows($0, H) } ?? [],
          c: s.cell.map { rows($0, H) } ?? [], x: rows(s.input, I)))
    }
    let W = (0..<G * H).map { r in (0..<H).map { N(p.weightHH.values[r * H + $0]) } }
    /// Preactivations of the input and the hidden side, [G·H].
    func currents(_ s: Step, _ b: Int) -> (u: [Double], v: [Double]) {
      var (u, v) = (p.biasIH, p.biasHH)
      for r in 0..<G * H {
        for i in 0..<I { u[r] += p.weightIH.values[r * I + i] * s.x[b][i] }
        for j in 0..<H { v[r] += p.weightHH.values[r * H + j] * s.h0[b][j] }
      }
      return (u, v)
    }
    func gruCurrents(_ s: Step, _ b: Int, _ k: Int) -> (z: Double, n: Double) {
      let (u, v) = currents(s, b)
      let r = N.sigmoid(u[k] + v[k]).magnitude
      return (u[H + k] + v[H + k], u[2 * H + k] + r * v[2 * H + k])
    }
    let kind = CellKind.allCases.first { $0.type(for: Cell.Element.self) == Cell.self }!
    if kind == .gru {
      // 1 − |h_t| = z (1 − s h_{t−1}) + (1 − z) (1 − s n), s the sign of h_t.
      var lack = (0..<B).map { b in (0..<H).map { N(1 - abs(steps[0].h0[b][$0])) } }
      for t in steps.indices {
        let s = steps[t]
        steps[t].lack = lack
        for b in 0..<B {
          for k in 0..<H {
            let (z, n) = gruCurrents(s, b, k)
            func distance(_ value: Double, _ lack: N) -> N {
              (value < 0) == (s.h[b][k] < 0) ? lack : N(2) + N(-1) * lack
            }
            lack[b][k] =
              .sigmoid(z) * distance(s.h0[b][k], lack[b][k]) + .sigmoid(-z) * distance(n, .tanhLack(n))
          }
        }
      }
    }
    var delta = Array(repeating: v.map { N($0) }, count: B)
    var carry = Array(repeating: Array(repeating: N.zero, count: H), count: B)
    let none = LogarithmicNorm(log10: 0, growth: 1)
    (hidden, cell) = (Array(repeating: none, count: T + 1), Array(repeating: none, count: T + 1))
    gates = Array(repeating: [], count: T)
    (weightHH, weightIH) = (Array(repeating: none, count: T), Array(repeating: none, count: T))
    var sumHH = Array(repeating: N.zero, count: G * H * H)
    var sumIH = Array(repeating: N.zero, count: G * H * I)
    var sumBias = Array(repeating: N.zero, count: G * H)
    for t in (1...T).reversed() {
      let s = steps[t - 1]
      hidden[t] = N.norm(delta.flatMap { $0 })
      var (gamma, gammaHidden, kappas) = ([[N]](), [[N]](), [[N]]())
      for b in 0..<B {
        let (u, w) = currents(s, b)
        var (g, gh, kappa, bypass) = (
          Array(repeating: N.zero, count: G * H), Array(repeating: N.zero, count: G * H),
          Array(repeating: N.zero, count: H), Array(repeating: N.zero, count: H)
        )
        for k in 0..<H {
          let d = delta[b][k]
          let a = (0..<G).map { u[$0 * H + k] + w[$0 * H + k] }
          switch kind {
          case .rnn: g[k] = d * .tanhDerivative(a[0])
          case .rnnRelu: g[k] = s.h[b][k] > 0 ? d : .zero
          case .rnnLinear: g[k] = d
          case .lstm:
            let c = s.c[b][k]
            let q = N.sigmoid(a[3]) * .tanhDerivative(c)
            kappa[k] = d * q + carry[b][k]
            g[k] = kappa[k] * N(tanh(a[2])) * .sigmoidDerivative(a[0])
            g[H + k] = kappa[k] * N(s.c0[b][k]) * .sigmoidDerivative(a[1])
            g[2 * H + k] = kappa[k] * .sigmoid(a[0]) * .tanhDerivative(a[2])
            g[3 * H + k] = d * N(tanh(c)) * .sigmoidDerivative(a[3])
            carry[b][k] = kappa[k] * .sigmoid(a[1])
          case .gru:
            let r = N.sigmoid(a[0])
            let n = u[2 * H + k] + r.magnitude * w[2 * H + k]
            let through = d * .sigmoid(-a[1]) * .tanhDerivative(n)
            g[2 * H + k] = through
            g[k] = through * N(w[2 * H + k]) * .sigmoidDerivative(a[0])
            g[H + k] = d * N.difference(s.h0[b][k], lack: s.lack[b][k], tanhOf: n) * .sigmoidDerivative(a[1])
            bypass[k] = d * .sigmoid(a[1])
            gh[2 * H + k] = through * r
          }
        }
        for k in 0..<G * H where kind != .gru || k < 2 * H { gh[k] = g[k] }
        gamma.append(g)
        gammaHidden.append(gh)
        kappas.append(kappa)
        for k in 0..<H {
          var sum = bypass[k]
          for r in 0..<G * H where W[r][k].sign != 0 { sum = sum + gh[r] * W[r][k] }
          delta[b][k] = sum
        }
      }
      if kind == .lstm { cell[t] = N.norm(kappas.flatMap { $0 }) }
      gates[t - 1] = (0..<G).map { g in N.norm(gamma.flatMap { Array($0[g * H..<(g + 1) * H]) }) }
      func outer(_ rows: [[N]], _ columns: [[Double]], _ width: Int, _ sum: inout [N]) -> LogarithmicNorm {
        var own: [N] = []
        for r in 0..<G * H {
          for j in 0..<width {
            let term = (0..<B).reduce(N.zero) { $0 + rows[$1][r] * N(columns[$1][j]) }
            own.append(term)
            sum[r * width + j] = sum[r * width + j] + term
          }
        }
        return N.norm(own)
      }
      weightHH[t - 1] = outer(gammaHidden, s.h0, H, &sumHH)
      weightIH[t - 1] = outer(gamma, s.x, I, &sumIH)
      for r in 0..<G * H { for b in 0..<B { sumBias[r] = sumBias[r] + gamma[b][r] } }
    }
    hidden[0] = N.norm(delta.flatMap { $0 })
    if kind == .lstm { cell[0] = N.norm(carry.flatMap { $0 }) }
    (totalHH, totalIH, totalBias) = (N.norm(sumHH), N.norm(sumIH), N.norm(sumBias))
    exponent = LogarithmicNorm(log10: .nan, growth: 1)
    guard let tangent else { return }
    var (dh, dc) = (tangent.prefix(H).map { N($0) }, tangent.dropFirst(H).map { N($0) })
    let start = N.norm(dh + dc)
    for s in steps {
      let (u, w) = currents(s, 0)
      let da = (0..<G * H).map { r in (0..<H).reduce(N.zero) { $0 + W[r][$1] * dh[$1] } }
      for k in 0..<H {
        let a = (0..<G).map { u[$0 * H + k] + w[$0 * H + k] }
        switch kind {
        case .rnn: dh[k] = da[k] * .tanhDerivative(a[0])
        case .rnnRelu: dh[k] = s.h[0][k] > 0 ? da[k] : .zero
        case .rnnLinear: dh[k] = da[k]
        case .lstm:
          let c = s.c[0][k]
          let gates =
            da[k] * N(tanh(a[2])) * .sigmoidDerivative(a[0])
            + da[H + k] * N(s.c0[0][k]) * .sigmoidDerivative(a[1])
            + da[2 * H + k] * .sigmoid(a[0]) * .tanhDerivative(a[2])
          dc[k] = dc[k] * .sigmoid(a[1]) + gates
          dh[k] =
            dc[k] * .sigmoid(a[3]) * .tanhDerivative(c) + da[3 * H + k] * N(tanh(c))
            * .sigmoidDerivative(a[3])
        case .gru:
          let r = N.sigmoid(a[0])
          let n = u[2 * H + k] + r.magnitude * w[2 * H + k]
          let through = N.sigmoid(-a[1]) * .tanhDerivative(n)
          dh[k] =
            through * (N(w[2 * H + k]) * .sigmoidDerivative(a[0]) * da[k] + r * da[2 * H + k])
            + N.difference(s.h0[0][k], lack: s.lack[0][k], tanhOf: n) * .sigmoidDerivative(a[1]) * da[H + k]
            + dh[
              k] * .sigmoid(a[1])
        }
      }
    }
    let end = N.norm(dh + dc)
    exponent = LogarithmicNorm(
      log10: (end.log10 - start.log10) * M_LN10 / Double(T), growth: end.growth)
  }
}
