import GradientFlow

/// Steps run before the measured ones, of which only the final states are kept.
///
/// They go through the network in pieces, so that memory does not grow with their number.
struct Washout<Element: Scalar> {
  /// x [W, B, ·], W ≥ 1.
  package let inputs: SequenceInputs<Element>

  /// What comes of it.
  package enum Outcome {
    /// The states that the measured sequences start from.
    case state(NetworkState<Element>)
    /// A state left its range at this step, counted to 0 as the last of the washout.
    case diverged(NetworkDivergence)
  }

  /// Steps of a piece.
  private static var piece: Int { 64 }

  /// Runs the steps.
  ///
  /// - Parameter initialState: before the first step; zero if nil.
  /// - Precondition: every layer is read forward, and there is no encoder.
  /// - Complexity: a forward pass of W steps.
  package func run<Cell: RecurrentCell>(
    _ network: Network<Element>, _ type: Cell.Type, batch: Int, from initialState: NetworkState<Element>?
  ) -> Outcome where Cell.Element == Element {
    let rows = inputs.rowCount(of: network)
    let count = rows / batch
    let pass = NetworkPass<Cell>(tapeBudget: .max)
    var state = initialState
    var done = 0
    while done < count {
      let steps = min(Self.piece, count - done)
      pass.run(
        network,
        on: NetworkInputs(
          shape: BatchShape(steps: steps, batch: batch),
          inputs: inputs.slice(done * batch..<(done + steps) * batch, of: rows), initialState: state))
      if let found = pass.divergence {
        return .diverged(NetworkDivergence(place: found.place, step: done + found.step - count))
      }
      state = pass.finalState
      done += steps
    }
    guard let state else { preconditionFailure("a washout has at least one step") }
    return .state(state)
  }
}

extension SequenceInputs {
  /// How many rows a network reads.
  fileprivate func rowCount(of network: Network<Element>) -> Int {
    switch self {
    case .dense(let values): return values.count / network.recurrent.inputSize
    case .tokens(let ids, _): return ids.count
    }
  }
}
