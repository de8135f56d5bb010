/// How often something is done during training.
public enum Cadence: Sendable, Hashable {
  /// As often as suits the number of updates.
  case auto
  /// After every so many updates; 0: never.
  case every(Int)

  /// Updates between two times; 0 for never.
  ///
  /// - Parameter parts: into which auto divides the training.
  package func interval(of iterations: Int, parts: Int) -> Int {
    switch self {
    case .auto: return max(1, iterations / parts)
    case .every(let updates): return updates
    }
  }
}

/// The readout a training starts with.
public enum ReadoutStart: String, Sendable, Hashable, CaseIterable {
  /// W_o ~ N(0, 1/H), or the `weight_sd` that is given; b_o = 0.
  case drawn
  /// W_o = 0 and b_o the best constant prediction: the loss starts at chance.
  case chance
}
