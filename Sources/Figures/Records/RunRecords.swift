import Experiments

/// What a figure of a run is drawn from: the trials that were chosen, with their records, and what is wanted of it.
public struct RunRecords {
  /// The run they are from.
  public let run: Run
  /// In grid order.
  public let trials: [TrialParameters]
  /// Which of the run's trials they are; nil: all.
  public let selection: TrialSelection?
  public let choice: FigureChoice
  private let cache: RecordCache

  init(
    _ cache: RecordCache, trials: [TrialParameters], selection: TrialSelection? = nil, choice: FigureChoice
  ) {
    (run, self.cache, self.trials) = (cache.run, cache, trials)
    (self.selection, self.choice) = (selection, choice)
  }

  /// How far the run was when reading began.
  public var progress: RunProgress { cache.progress }

  /// A trial without its steps; nil if it has not been run or failed.
  public func record(_ trial: TrialParameters) throws -> TrialRecord? { try cache.record(trial) }

  /// A trial with its steps, where it has them; nil if it has not been run or failed.
  public func recordWithSteps(_ trial: TrialParameters) throws -> TrialRecord? {
    try cache.recordWithSteps(trial)
  }

  /// A trial with the course of its training, without its steps; nil if it has not been run or failed.
  public func recordWithTraining(_ trial: TrialParameters) throws -> TrialRecord? {
    try cache.recordWithTraining(trial)
  }
}
