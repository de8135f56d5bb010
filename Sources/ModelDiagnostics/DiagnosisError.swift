import RecurrentCells

/// Why a model cannot be diagnosed.
public enum DiagnosisError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The plan follows a batch element that the batch does not have.
  case noSuchElement(model: String, element: Int, batch: Int)
  /// Clipping was asked for of a model of several layers or directions.
  case clipOfSeveralLayers(model: String, layers: Int, directions: Int)
  /// The forward pass left the range of float64.
  case diverged(model: String, ModelDivergence)
  /// The loss or a gradient is no number.
  case notFinite(model: String)

  public var description: String {
    switch self {
    case .noSuchElement(let model, let element, let batch):
      return "\(model): no batch element \(element); the batch has \(batch), counted from 0"
    case .clipOfSeveralLayers(let model, let layers, let directions):
      return "\(model): clipping requires a model with a single forward layer, not \(layers) layers and "
        + "\(directions) directions; omit --clip"
    case .diverged(let model, let divergence):
      return
        "\(model): the hidden state of layer \(divergence.layer) (\(divergence.direction.rawValue)) leaves the "
        + "float64 range at step \(divergence.step), so there are no gradients"
    case .notFinite(let model):
      return
        "\(model): the loss or a gradient leaves the float64 range or is not a number; check for weights or "
        + "targets of extreme size"
    }
  }
}
