// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation

/// What every step and batch element left.
public struct NaiveTrace: Sendable {
  /// h_t and c_t, [T+1][B][H]; row 0 is the initial state.
  public var h, c: [[[Double]]]
  /// [T][B].
  public var steps: [[NaiveCell.Trace]]

  /// Gate values after their nonlinearity [T][B][G·H].
  public var gates: [[[Double]]] { steps.map { $0.map(\.gates) } }
}

extension NaiveNetwork {
  /// The weights of its layer.
  public var layer: NaiveCell { NaiveCell(cell, W_ih: W_ih, W_hh: W_hh, b_ih: b_ih, b_hh: b_hh) }

  /// Runs every example of the batch, one number after the other.
  public func forward() -> NaiveTrace {
    let layer = layer
    let none = cell == .lstm ? c_0 : zeros(sizes.batch, sizes.hiddenSize)
    var trace = NaiveTrace(h: [h_0], c: [c_0], steps: [])
    for t in 1...sizes.steps {
      let cells = t == 1 ? none : trace.c[t - 1]
      let steps = (0..<sizes.batch).map { layer.forward(x[t - 1][$0], trace.h[t - 1][$0], cells[$0]) }
      trace.h.append(steps.map(\.h))
      trace.c.append(steps.map(\.c))
      trace.steps.append(steps)
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
