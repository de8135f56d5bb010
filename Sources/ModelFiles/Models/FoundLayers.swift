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
