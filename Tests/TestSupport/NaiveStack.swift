// swift-format-ignore-file: AlwaysUseLowerCamelCase

import LinearAlgebra

/// Several naive networks on top of each other, each layer read in one or both directions: the oracle for models.
///
/// Every layer gives its hidden states, both directions side by side in the order of the sequence; the head holds the
/// loss of what the last layer gives.
public struct NaiveStack: Sendable {
  /// By layer, then by direction: forward, reverse. The inputs of all but layer 0 are computed.
  public var layers: [[NaiveNetwork]]
  /// A network of D·H units of which only the loss and its readout are used.
  public var head: NaiveNetwork
  /// What a loss at the final step reads: the last state of each direction in its own time, or the last output.
  public var readsFinalStates: Bool

  public init(
    _ cell: NaiveNetwork.Cell, _ sizes: NaiveSizes, layers count: Int, directions: Int, loss: NaiveLoss.Kind,
    readsFinalStates: Bool = true, weightScale: Double = 0.9
  ) {
    layers = (0..<count).map { l in
      (0..<directions).map { d in
        var own = sizes
        own.inputSize = l == 0 ? sizes.inputSize : directions * sizes.hiddenSize
        own.seed = sizes.seed &* 100 + UInt64(10 * l + d)
        return NaiveNetwork(cell, own, loss: .finalDot, weightScale: weightScale)
      }
    }
    for l in layers.indices { for d in layers[l].indices { layers[l][d].x = layers[0][0].x } }
    var wide = sizes
    wide.inputSize = 1
    wide.hiddenSize = directions * sizes.hiddenSize
    head = NaiveNetwork(.tanh, wide, loss: loss)
    self.readsFinalStates = readsFinalStates
  }

  /// x [T][B][I].
  public var x: [[[Double]]] {
    get { layers[0][0].x }
    set { for d in layers[0].indices { layers[0][d].x = newValue } }
  }

  /// What the last layer gives [T][B][D·H], and the last states of both directions side by side [B][D·H].
  public func forward() -> (outputs: [[[Double]]], final: [[Double]]) {
    var given = x
    var final: [[Double]] = []
    for layer in layers {
      let (T, B) = (given.count, given[0].count)
      var outputs = Array(repeating: Array(repeating: [Double](), count: B), count: T)
      final = Array(repeating: [], count: B)
      for (d, network) in layer.enumerated() {
        var network = network
        network.x = d == 0 ? given : given.reversed()
        let h = network.forward().h
        for b in 0..<B {
          for t in 1...T { outputs[(d == 0 ? t : T + 1 - t) - 1][b] += h[t][b] }
          final[b] += h[T][b]
        }
      }
      given = outputs
    }
    return (given, final)
  }

  /// L.
  public var loss: Double {
    let (outputs, final) = forward()
    var isFinal = true
    if case .crossEntropy(_, let kind) = head.loss { isFinal = kind == .crossEntropyFinal }
    var total = 0.0
    for t in outputs.indices {
      let rows = isFinal && readsFinalStates ? final : outputs[t]
      total += head.lossTerm(t + 1, rows)?.value ?? 0
    }
    return total
  }
}
