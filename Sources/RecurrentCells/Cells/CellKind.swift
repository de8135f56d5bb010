import LinearAlgebra

/// The cells that can be named in a specification, a case file or a column of a CSV.
///
/// A new cell is one file that conforms to ``RecurrentCell`` and one case here.
public enum CellKind: String, Sendable, CaseIterable, Codable {
  /// h_t = tanh(a_t).
  case rnn
  /// h_t = max(a_t, 0).
  case rnnRelu = "rnn-relu"
  /// h_t = a_t.
  case rnnLinear = "rnn-linear"
  /// Long short-term memory with a forget gate.
  case lstm
  /// Gated recurrent unit.
  case gru

  /// The type that implements the kind, in a precision.
  public func type<Element: Scalar>(for element: Element.Type) -> any RecurrentCell<Element>.Type {
    switch self {
    case .rnn: return TanhCell<Element>.self
    case .rnnRelu: return ReLUCell<Element>.self
    case .rnnLinear: return LinearCell<Element>.self
    case .lstm: return LSTMCell<Element>.self
    case .gru: return GRUCell<Element>.self
    }
  }

  /// Row blocks of the weights, in PyTorch's order.
  public var gates: [Gate] { type(for: Double.self).gates }
  /// Whether the cell has a state c_t beside h_t.
  public var carriesCellState: Bool { type(for: Double.self).carriesCellState }
}
