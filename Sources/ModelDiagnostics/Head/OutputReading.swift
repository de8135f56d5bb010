import RecurrentCells

/// What a loss reads of the outputs of a network's last layer [T, B, D·H].
public enum OutputReading: String, Sendable, CaseIterable {
  /// The last state of each direction in its own time, PyTorch's h_n: the reverse one has read the whole sequence.
  case finalStates = "final-states"
  /// What the last step of each sequence gives, PyTorch's output[−1]: the reverse direction has read one element.
  case lastOutput = "last-output"
  /// The mean over each sequence's own steps.
  case mean
  /// The largest over each sequence's own steps, unit by unit; of equal ones the first.
  case max
  /// Every step by itself.
  case everyStep = "every-step"

  /// Those of a loss that reads each sequence once.
  public static let ofSequences: [OutputReading] = [.finalStates, .lastOutput, .mean, .max]

  /// In a sentence.
  public var words: String {
    switch self {
    case .finalStates: "the final states h_n"
    case .lastOutput: "the last output, output[-1]"
    case .mean: "the mean of the outputs"
    case .max: "the largest outputs"
    case .everyStep: "every output"
    }
  }

  /// What a loss at the final step reads; nil where all steps are read.
  public var final: FinalReading? {
    switch self {
    case .finalStates: .finalStates
    case .lastOutput: .lastOutput
    case .mean, .max, .everyStep: nil
    }
  }

  /// The steps that it reads.
  public var placement: LossPlacement { final == nil ? .everyStep : .finalStep }
}
