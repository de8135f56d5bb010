/// What the training runs of a sweep share besides their parameters; none of it changes a result.
package struct TrainingContext: Sendable {
  /// nil: nothing is written, and nothing is resumed.
  package var files: TrainingFiles?
  /// Updates between saved models; 0: only the last.
  package var checkpointEvery = 0
  package var monitor: TrainingMonitor?
  /// Whether training should stop early.
  package var isStopped: @Sendable () -> Bool = { false }

  /// Of a trial that is run for itself.
  package init() {}
}
