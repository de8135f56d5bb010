/// A row block of a cell's weights. Raw values are the letters of the equations.
public enum Gate: String, Sendable, CaseIterable {
  /// The only block of a plain RNN: its preactivation a.
  case preactivation = "a"
  /// LSTM input gate i.
  case input = "i"
  /// LSTM forget gate f.
  case forget = "f"
  /// LSTM candidate g.
  case candidate = "g"
  /// LSTM output gate o.
  case output = "o"
  /// GRU reset gate r.
  case reset = "r"
  /// GRU update gate z.
  case update = "z"
  /// GRU candidate n.
  case new = "n"
}
