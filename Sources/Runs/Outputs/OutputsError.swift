import GradientFlow
import TextFiles

/// Why there is nothing to show of what a trial's network puts out.
public enum OutputsError: Error, Sendable, CustomStringConvertible {
  /// The trial's loss reads no outputs that have targets.
  case noOutputs(trial: String, task: String, loss: String)
  /// No model of the trial is kept.
  case noModel(trial: String, path: String, reason: String)
  /// None of the run's trials has a model.
  case noModels(path: String)
  /// The test set has no such sequence.
  case noSequence(Int, of: Int)
  /// The sequence has no such step.
  case noStep(Int, of: Int)
  /// The task has no sequences of that length.
  case noLength(Int, SequenceTaskError)
  /// A state leaves the range of the trial's precision.
  case diverged(trial: String, precision: String, length: Int)

  /// Whether what was asked for is at fault, and not what there is.
  public var isOfUsage: Bool {
    switch self {
    case .noSequence, .noStep, .noLength: true
    case .noOutputs, .noModel, .noModels, .diverged: false
    }
  }

  public var description: String {
    switch self {
    case .noOutputs(let trial, let task, let loss):
      "trial \(trial): no outputs to show: loss \(loss) of task \(task) compares none with targets; choose a run of a "
        + "task that can be learned, such as 'gradflow train experiments/echo.yaml'"
    case .noModel(let trial, let path, let reason):
      "trial \(trial): no model in \(path): \(reason)"
    case .noModels(let path):
      "\(path): no training has ended with a model yet; 'gradflow status' says how far the run is"
    case .noSequence(let sequence, let count):
      "--sequence \(sequence): the test set has sequences 1 to \(Brief.grouped(count))"
    case .noStep(let step, let count):
      "--step \(step): the sequence has steps 1 to \(Brief.grouped(count))"
    case .noLength(let length, let error):
      "--length \(length): \(error)"
    case .diverged(let trial, let precision, let length):
      "trial \(trial): a state leaves the range of \(precision) on this sequence of \(Brief.grouped(length)) steps: there "
        + "are no outputs; try a shorter --length"
    }
  }
}
