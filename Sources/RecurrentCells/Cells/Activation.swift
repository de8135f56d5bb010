/// What a plain recurrent network applies to its preactivation, h_t = φ(a_t). Raw values are names in files, which rarely
/// say it; the LSTM and the GRU have no choice.
public enum Activation: String, Sendable, CaseIterable {
  /// φ(a) = tanh a.
  case tanh
  /// φ(a) = max(a, 0).
  case relu
  /// φ(a) = a.
  case linear

  /// The plain RNN with it.
  public var cell: CellKind {
    switch self {
    case .tanh: .rnn
    case .relu: .rnnRelu
    case .linear: .rnnLinear
    }
  }

  /// That of a cell; nil for those with gates, which have several.
  public init?(_ cell: CellKind) {
    guard let one = Self.allCases.first(where: { $0.cell == cell }) else { return nil }
    self = one
  }
}
