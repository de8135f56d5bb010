import GradientFlow

/// The published tasks whose sequences are drawn, not read from a file.
///
/// A new one is a ``LearningTask`` in `SequenceTasks` and a case here.
public enum PublishedTask: Sendable, Hashable {
  case temporalOrder
  case adding
  case multiplication
  case copyMemory
  /// Of a number of bits: 3 and 5 are usual.
  case memorisation(bits: Int)
  case delayedXOR

  /// The task itself.
  public var task: any LearningTask {
    switch self {
    case .temporalOrder: return TemporalOrder()
    case .adding: return AddingProblem()
    case .multiplication: return MultiplicationProblem()
    case .copyMemory: return CopyMemory()
    case .memorisation(let bits): return BitMemorisation(bits: bits)
    case .delayedXOR: return DelayedXOR()
    }
  }

  /// Its kind in a specification.
  public var kind: TaskSpecification.Kind {
    switch self {
    case .temporalOrder: return .temporalOrder
    case .adding: return .adding
    case .multiplication: return .multiplication
    case .copyMemory: return .copyMemory
    case .memorisation: return .memorisation
    case .delayedXOR: return .delayedXOR
    }
  }

  /// The task of a kind; nil for the kinds that read files, and noise.
  ///
  /// - Parameter bits: of a memorisation.
  init?(kind: TaskSpecification.Kind, bits: Int) {
    switch kind {
    case .temporalOrder: self = .temporalOrder
    case .adding: self = .adding
    case .multiplication: self = .multiplication
    case .copyMemory: self = .copyMemory
    case .memorisation: self = .memorisation(bits: bits)
    case .delayedXOR: self = .delayedXOR
    case .gaussianNoise, .text, .digits: return nil
    }
  }

  /// `temporal-order`, or `memorisation of 5 bits`.
  public var label: String {
    if case .memorisation(let bits) = self { return "memorisation of \(bits) bits" }
    return kind.rawValue
  }
}
