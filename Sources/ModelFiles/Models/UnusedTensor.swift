/// A tensor of a model's file that a diagnosis does not use.
public struct UnusedTensor: Sendable, Equatable {
  /// Why it matters, or not.
  public enum Reason: Sendable, Hashable {
    /// It may stand between the recurrent layers and the readout: a normalisation, another linear layer, an attention.
    case mayStandBetween
    /// It may stand before the recurrent layers.
    case mayStandBefore
    /// It stands directly in a module that has the recurrent one inside.
    case besideRecurrence
    /// Of the readout, which the loss does not read.
    case readout
    /// An embedding that is not read.
    case embedding
    /// An initial state that is not of this module, or was replaced.
    case initialState
    /// Of another recurrent module.
    case otherModule(String)
    /// Nothing is known of it.
    case unknown

    /// Behind a list of tensors.
    var words: String {
      switch self {
      case .mayStandBetween:
        ", which may stand between the recurrent layers and what reads them, or inside the recurrence"
      case .mayStandBefore: ", which may stand before the recurrent layers: inputs must be what these read"
      case .besideRecurrence: ", which may be a part of the recurrence: a capture of the model shows it"
      case .readout: ": the loss does not read the readout"
      case .embedding: ": inputs are taken as they are given"
      case .initialState: ", which looks like an initial state; give --h0 and --c0 to use it"
      case .otherModule(let name): ", of the recurrent module \(Excerpt.literal(name))"
      case .unknown: ""
      }
    }
  }

  public let name: String
  public let shape: [Int]
  public let reason: Reason

  /// `norm.weight [8]`.
  public var text: String { "\(Excerpt.shortened(name)) \(Excerpt.shape(shape))" }
}

extension [UnusedTensor] {
  /// A line for each reason, for people, with all tensors.
  public var notes: [String] {
    var reasons: [UnusedTensor.Reason] = []
    for tensor in self where !reasons.contains(tensor.reason) { reasons.append(tensor.reason) }
    return reasons.map { reason in
      "not used: " + filter { $0.reason == reason }.map(\.text).joined(separator: ", ") + reason.words
    }
  }
}
