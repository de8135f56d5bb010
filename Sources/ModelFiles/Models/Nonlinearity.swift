import RecurrentCells

/// What a plain RNN applies to its preactivation. Files rarely say; the LSTM and the GRU have no choice.
public enum Nonlinearity: String, Sendable, CaseIterable {
  case tanh, relu, linear

  /// The key under which the metadata of a safetensors file may have it.
  public static let metadataKey = "nonlinearity"

  /// The plain RNN with it.
  public var cell: CellKind {
    switch self {
    case .tanh: .rnn
    case .relu: .rnnRelu
    case .linear: .rnnLinear
    }
  }

  /// That of a plain RNN; nil for the other cells.
  public init?(_ cell: CellKind) {
    guard let one = Self.allCases.first(where: { $0.cell == cell }) else { return nil }
    self = one
  }
}
