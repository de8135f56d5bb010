import Language

/// Why a task cannot be made or sampled.
public enum SequenceTaskError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text is too short for the sequence length: T + 1 characters are needed.
  case textTooShort(characters: Int, needed: Int)
  /// The task is not defined for sequences as short as this.
  case sequenceTooShort(task: String, steps: Int, least: Int)
  /// The task has sequences of one length only.
  case sequenceLengthIsFixed(task: String, steps: Int, length: Int)
  /// The task has no batches of sequences of different lengths.
  case lengthsAreFixed(task: String)
  /// The part of a text that is kept for tests is too short: it has to have T + 1 characters, and is a tenth of it.
  case testTextTooShort(characters: Int, steps: Int)
  /// A part of a text that windows are drawn from is too short: it has to have T + 1 tokens.
  case partTooShort(tokens: Int, level: TokenLevel, steps: Int)

  public var description: String {
    switch self {
    case .partTooShort(let tokens, let level, let steps):
      return "a part of the text has \(tokens) \(level.noun)s, a sequence of \(steps) steps and the "
        + "\(level.noun) after it need \(steps + 1); use a longer text, a larger share or a shorter "
        + "sequence_length"
    case .testTextTooShort(let characters, let steps):
      return "the last tenth of the text, which is the test set, has \(characters) characters, a sequence of "
        + "\(steps) steps and the character after it need \(steps + 1); use a longer text or a shorter "
        + "sequence_length"
    case .textTooShort(let characters, let needed):
      return "the text has \(characters) characters, a sequence of \(needed - 1) steps and the character "
        + "after it need \(needed); use a longer text or a shorter sequence_length"
    case .sequenceTooShort(let task, let steps, let least):
      return "\(task) needs sequences of at least \(least) steps, not \(steps); increase sequence_length"
    case .sequenceLengthIsFixed(let task, let steps, let length):
      return "\(task) has sequences of \(length) steps, not \(steps); set sequence_length to \(length)"
    case .lengthsAreFixed(let task):
      return "\(task) has sequences of one length only; set min_length to none"
    }
  }
}
