import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// Compares gradients of single weights with central differences:
///
///     (L(w + δ) − L(w − δ)) / 2δ,   relative error |analytic − numerical| / |analytic + numerical|
///
/// - Note: Source: Karpathy, min-char-rnn.py (2015), `gradCheck`.
public struct GradientCheck: Sendable {
  /// One weight.
  public struct Entry: Sendable, Equatable {
    /// Its place in its array.
    public let place: Int
    public let analytic, numerical: Double

    /// 0 where both gradients are.
    public var relativeError: Double {
      let difference = (analytic - numerical).magnitude
      return difference == 0 ? 0 : difference / (analytic + numerical).magnitude
    }
  }

  /// The weights of one array that were compared.
  public struct Parameter: Sendable, Equatable {
    /// PyTorch's name.
    public let name: String
    public let entries: [Entry]
  }

  /// L where the gradient is taken.
  public let loss: Double
  public let parameters: [Parameter]
  /// The largest of all.
  public var largestError: Double {
    parameters.flatMap(\.entries).map(\.relativeError).reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
  }

  /// Checks some weights of every array of a network.
  ///
  /// - Parameters:
  ///   - loss: of the outputs of a network with that readout.
  ///   - count: weights of each array, at random; of a smaller array all.
  ///   - step: δ.
  /// - Returns: nil where a state of the network leaves the range.
  /// - Complexity: two forward passes a weight.
  public init?(
    _ network: Network<Double>, on inputs: NetworkInputs<Double>, count: Int = 10, step: Double = 1e-5,
    seed: UInt64 = 0, loss: @escaping (Network<Double>) -> any SequenceLoss<Double>
  ) {
    guard
      let found = network.cell.accept(
        Visitor(network: network, inputs: inputs, count: count, step: step, seed: seed, loss: loss))
    else { return nil }
    self = found
  }

  fileprivate init(loss: Double, parameters: [Parameter]) {
    (self.loss, self.parameters) = (loss, parameters)
  }
}

private struct Visitor: CellVisitor {
  typealias Element = Double
  let network: Network<Double>
  let inputs: NetworkInputs<Double>
  let count: Int
  let step: Double
  let seed: UInt64
  let loss: (Network<Double>) -> any SequenceLoss<Double>

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> GradientCheck? where Cell.Element == Double {
    let pass = NetworkPass<Cell>()
    func value(_ network: Network<Double>) -> NetworkBackwardResult<Double>? {
      pass.run(network, on: inputs)
      return pass.divergence == nil ? pass.backward(loss: loss(network)) : nil
    }
    guard let whole = value(network) else { return nil }
    let arrays = network.arrays
    var stream = RandomStream(rootSeed: 0, trialSeed: seed, purpose: .other(1))
    var parameters: [GradientCheck.Parameter] = []
    for (a, entry) in whole.gradients.entries.enumerated() {
      let gradient = Double.doubles(entry.gradient.values).map {
        ScaledNumber($0, exponent: entry.gradient.exponent).double
      }
      var places = Array(arrays[a].indices)
      if places.count > count {
        places = (0..<count).map { _ in stream.integer(below: arrays[a].count) }
      }
      var entries: [GradientCheck.Entry] = []
      for place in places {
        func moved(_ by: Double) -> Double? {
          var changed = arrays
          changed[a][place] += by
          var other = network
          other.arrays = changed
          return value(other)?.loss
        }
        guard let above = moved(step), let below = moved(-step) else { return nil }
        entries.append(
          GradientCheck.Entry(
            place: place, analytic: gradient[place], numerical: (above - below) / (2 * step)))
      }
      parameters.append(GradientCheck.Parameter(name: entry.name, entries: entries))
    }
    return GradientCheck(loss: whole.loss, parameters: parameters)
  }
}
