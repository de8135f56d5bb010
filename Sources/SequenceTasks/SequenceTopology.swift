/// How the inputs and outputs of a sequence lie to each other.
public enum SequenceTopology: Sendable, Hashable {
  /// One step: no recurrence.
  case oneToOne
  /// An input at the first step, an output at every step; then it reads nothing, or what it has said.
  case oneToMany(NextInput)
  /// An output at the end.
  case manyToOne
  /// An output at every step, or at some of them, beside its input.
  case manyToMany
  /// A decoder says a sequence after an encoder has read another one; it reads what was said before.
  case encoderDecoder

  /// What is read after the first step.
  public enum NextInput: String, Sendable, CaseIterable {
    /// Zeros.
    case nothing
    /// The class of the step before: in training the right one (teacher forcing), in a test the network's own.
    case ownOutput = "own-output"
  }

  /// Whether what is read at a step is the output of the step before. A network that also reads backwards would know
  /// what it is to say.
  public var feedsBack: Bool {
    switch self {
    case .oneToMany(.ownOutput), .encoderDecoder: return true
    case .oneToOne, .oneToMany(.nothing), .manyToOne, .manyToMany: return false
    }
  }
}
