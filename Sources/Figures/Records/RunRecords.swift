import Experiments

/// What a figure of a run is drawn from: the trials that were chosen, with their records, and what is wanted of it.
public struct RunRecords {
  /// The run they are from.
  public let run: Run
  /// In grid order.
  public let trials: [TrialParameters]
  /// Which of the run's trials they are, and what of their networks; nil: all.
  public let selection: FigureSelection?
  public let choice: FigureChoice
  private let cache: RecordCache

  init(
    _ cache: RecordCache, trials: [TrialParameters], selection: FigureSelection? = nil, choice: FigureChoice
  ) {
    (run, self.cache, self.trials) = (cache.run, cache, trials)
    (self.selection, self.choice) = (selection, choice)
  }

  /// How far the run was when reading began.
  public var progress: RunProgress { cache.progress }

  /// What is known of a layer, without its steps: the results of the trial as if its row spoke of the layer. nil if the
  /// trial has not been run or failed.
  func record(_ layer: TrialLayer) throws -> TrialRecord? {
    try cache.record(layer.trial)?.speaking(of: layer.main)
  }

  /// The same, and the steps of the layer, where there are any.
  ///
  /// - Parameter others: layers that will be asked for too: a trial is read once for all.
  func recordWithSteps(
    _ layer: TrialLayer, and others: Set<LayerPlace> = []
  ) throws -> (record: TrialRecord, steps: LayerSteps?)? {
    guard let record = try cache.recordWithSteps(layer.trial, at: layer.places, and: others) else {
      return nil
    }
    return (record, LayerSteps(record, layer))
  }

  /// A trial with the course of its training, without its steps; nil if it has not been run or failed.
  func recordWithTraining(_ trial: TrialParameters) throws -> TrialRecord? {
    try cache.recordWithTraining(trial)
  }
}
