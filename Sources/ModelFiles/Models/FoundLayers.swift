import LinearAlgebra
import RecurrentCells

/// The recurrent layers of a module of a file, however it names them, before their cell is known.
struct FoundModule {
  /// The module or path that they are below; empty if they are at the top.
  var prefix: String
  /// By layer, then by direction.
  var layers: [[RecurrentParameters<Double>]]
  /// The parameters of these layers that the file does not have, by their names in gradients.
  var absent: Set<String> = []
}

/// The recurrent modules that are read, one behind the other, and what else there is.
struct FoundLayers {
  var modules: [FoundModule]
  /// The linear layers of the file beside them.
  var linearLayers: [LinearLayer]
  /// The other recurrent modules of the file, by their paths with a separator.
  var otherModules: [String] = []
  /// What is assumed or left out.
  var notes: [String]
}
