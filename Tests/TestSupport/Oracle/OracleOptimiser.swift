import Foundation

/// An optimiser of plain numbers, as the papers write it and with torch.optim's order of operations.
public enum OracleOptimiser: String, Sendable, CaseIterable, Codable {
  case sgd, momentum, rmsprop, adam, adagrad

  /// The learning rates that tests use. The first steps of rmsprop are ten times the rate long, whatever the
  /// gradient.
  public var rate: Double { self == .rmsprop ? 0.001 : 0.05 }
  public static let velocityDecay = 0.9
}

extension OracleCase {
  /// The weights after updates on the same batch, over and over.
  public func trained(by optimiser: OracleOptimiser, updates: Int) -> OracleNetwork {
    var item = self
    var parameters = network.parameters
    var first = parameters.map { [Double](repeating: 0, count: $0.values.count) }
    var second = first
    for n in 1...updates {
      let gradients = item.gradients.parameters
      for p in parameters.indices {
        let g = gradients[parameters[p].name]!.doubles
        for k in g.indices {
          switch optimiser {
          case .sgd: parameters[p].values[k] -= optimiser.rate * g[k]
          case .momentum:
            first[p][k] = OracleOptimiser.velocityDecay * first[p][k] + g[k]
            parameters[p].values[k] -= optimiser.rate * first[p][k]
          case .rmsprop:
            first[p][k] = 0.99 * first[p][k] + 0.01 * g[k] * g[k]
            parameters[p].values[k] -= optimiser.rate * g[k] / (first[p][k].squareRoot() + 1e-8)
          case .adagrad:
            first[p][k] += g[k] * g[k]
            parameters[p].values[k] -= optimiser.rate * g[k] / (first[p][k].squareRoot() + 1e-10)
          case .adam:
            first[p][k] = 0.9 * first[p][k] + 0.1 * g[k]
            second[p][k] = 0.999 * second[p][k] + 0.001 * g[k] * g[k]
            let mean = first[p][k] / (1 - pow(0.9, Double(n)))
            let square = second[p][k] / (1 - pow(0.999, Double(n)))
            parameters[p].values[k] -= optimiser.rate * mean / (square.squareRoot() + 1e-8)
          }
        }
      }
      item.network.parameters = parameters
    }
    return item.network
  }
}

extension OracleCase {
  /// Networks that tests train: each of PyTorch's cells, two layers or both directions, embedded and tied, on
  /// sequences of different lengths, and one that has an encoder. The seeds keep gradients from cancelling to
  /// rounding errors, which Adam would make whole steps of.
  public static let trainings: [OracleCase] = [NaiveNetwork.Cell.tanh, .relu, .lstm, .gru].flatMap { cell in
    (0..<3).map { index in
      var form = Form(cell)
      (form.layers, form.directions) = (index == 1 ? 1 : 2, index == 1 ? 2 : 1)
      form.reads = [.embedding, .dense, .tied][index]
      form.reading = index == 1 ? .finalStates : .everyStep
      form.measure = index == 1 ? .meanSquare : .crossEntropy
      form.lengths = [5, 3, 2]
      form.sources = index == 2 ? [6, 3, 3] : nil
      return OracleCase(form, seed: UInt64(index + 11))
    }
  }
}
