import LinearAlgebra
import RecurrentCells

/// The recurrent layers of a file, however it names them, before their cell is known.
struct FoundLayers {
  /// The module or path that they are below; empty if they are at the top.
  var prefix: String
  /// By layer, then by direction.
  var layers: [[RecurrentParameters<Double>]]
  /// The linear layers of the file beside them.
  var linearLayers: [LinearLayer]
  /// What is assumed or left out.
  var notes: [String]
}

/// G of the cells, by what they are called.
enum GateCount: Int, CaseIterable {
  case rnn = 1
  case gru = 3
  case lstm = 4

  /// G, where the weights of the hidden state take `rows` for H = `columns`.
  ///
  /// - Throws: `ModelFileError` for any other ratio.
  init(
    rows: Int, columns: Int, of name: String, shape: [Int], axes: (long: String, short: String)
  ) throws(ModelFileError) {
    guard rows % columns == 0, let count = Self(rawValue: rows / columns) else {
      throw .mismatch(
        WeightReader.place(name), "shape \(Excerpt.shape(shape))",
        "it must have as many \(axes.long) as \(axes.short) (RNN), 3 times (GRU) or 4 times as many (LSTM)")
    }
    self = count
  }
}
