import LinearAlgebra

/// The cells that can be named in a specification, a case file or a column of a CSV.
///
/// A new cell is one file that conforms to ``RecurrentCell`` and one case here, behind the others: weights of a file that
/// does not name its cell are those of the first with as many gates.
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

  /// Does a visitor's work with the type that implements the kind: the compiler makes one loop of a cell, its probes
  /// and its precision, where ``type(for:)`` leaves them to be looked up at every step.
  @inlinable
  public func accept<Visitor: CellVisitor>(_ visitor: Visitor) -> Visitor.Result {
    switch self {
    case .rnn: return visitor.visit(TanhCell<Visitor.Element>.self)
    case .rnnRelu: return visitor.visit(ReLUCell<Visitor.Element>.self)
    case .rnnLinear: return visitor.visit(LinearCell<Visitor.Element>.self)
    case .lstm: return visitor.visit(LSTMCell<Visitor.Element>.self)
    case .gru: return visitor.visit(GRUCell<Visitor.Element>.self)
    }
  }

  /// The type that implements the kind, in a precision.
  public func type<Element: Scalar>(for element: Element.Type) -> any RecurrentCell<Element>.Type {
    accept(TypeOfCell<Element>())
  }

  /// Row blocks of the weights, in PyTorch's order.
  public var gates: [Gate] { type(for: Double.self).gates }
  /// Whether the cell has a state c_t beside h_t.
  public var carriesCellState: Bool { type(for: Double.self).carriesCellState }
}

/// Work that is written once for all cells, and done with one of them.
public protocol CellVisitor<Element> {
  /// The precision.
  associatedtype Element: Scalar
  /// What the work gives.
  associatedtype Result
  /// Does it with a cell's type.
  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Result where Cell.Element == Element
}

private struct TypeOfCell<Element: Scalar>: CellVisitor {
  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> any RecurrentCell<Element>.Type
  where Cell.Element == Element { type }
}
