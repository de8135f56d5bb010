import RecurrentCells

/// Why a model cannot be diagnosed.
public enum DiagnosisError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The plan follows a batch element that the batch does not have.
  case noSuchElement(model: String, element: Int, batch: Int)
  /// The forward pass left the range of float64.
  case diverged(model: String, NetworkDivergence)
  /// The norm of a whole gradient is asked for where only a part of the model is known.
  case partOfModel(model: String, clip: String)
  /// The loss or a gradient is no number.
  case notFinite(model: String)

  public var description: String {
    switch self {
    case .noSuchElement(let model, let element, let batch):
      return "\(model): no batch element \(element); the batch has \(batch), counted from 0"
    case .diverged(let model, let divergence):
      let place = divergence.place
      return
        "\(model): the hidden state of \(place.part.map { "\($0.rawValue) " } ?? "")layer \(place.layer) "
        + "(\(place.direction.rawValue)) leaves the float64 range at step \(divergence.step), so there are no "
        + "gradients"
    case .partOfModel(let model, let clip):
      return
        "\(model): the clip \(clip) takes the norm of all parameters of a model, of which this is a part; clip the steps, "
        + "with step-norm:X or step-norm-example:X, or leave it out"
    case .notFinite(let model):
      return
        "\(model): the loss or a gradient leaves the float64 range or is not a number; check for weights or "
        + "targets of extreme size"
    }
  }
}
