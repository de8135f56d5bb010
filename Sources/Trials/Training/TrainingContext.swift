/// What trainings of a sweep share beside their parameters; none of it changes a result.
struct TrainingContext: Sendable {
  /// nil: nothing is written, and nothing is gone on from.
  var files: TrainingFiles?
  /// Updates between models that are kept; 0: the last alone.
  var checkpointEvery = 0
  var monitor: TrainingMonitor?
  /// Whether trainings shall end before they are done.
  var isStopped: @Sendable () -> Bool = { false }
}
