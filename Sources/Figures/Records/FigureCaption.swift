import Experiments
import GradientFlow

/// The text below a figure: everything needed to read it.
struct FigureCaption: Sendable {
  /// The parts, to be set apart by dots.
  let parts: [String]
  /// A warning shown above the panels; nil if none is needed.
  let warning: String?

  /// - Parameters:
  ///   - slice: the trials drawn.
  ///   - statistic: what the figure shows over the seeds, for example "median and quartiles"; nil where it shows no
  ///     statistic.
  ///   - notes: what else has to be known.
  init(_ records: RunRecords, _ slice: SweepSlice, statistic: String?, notes: [String] = []) {
    let seeds = slice.trials.lazy.map(\.seed).distinct.count
    let specification = records.run.specification
    var parts = statistic.map { [seeds == 1 ? "1 seed" : "\($0) over \(seeds) seeds"] } ?? []
    parts += slice.heldLabels
    let biases = slice.trials.lazy.compactMap(\.forgetBias).distinct
    if !biases.isEmpty {
      let values = biases.map { CSVField.number($0) }.joined(separator: ", ")
      parts.append("LSTM forget bias \(values)")
    }
    if let training = slice.trials.first?.training {
      if training.readout == .chance { parts.append("readout starts at chance") }
      parts.append("at most \(training.iterations) updates")
    }
    parts.append("task \(slice.trials.first?.task.label ?? specification.task.kind.name)")
    parts += notes
    parts.append("run \(specification.name)")
    let progress = records.progress
    if progress.done < progress.total {
      parts.append("unfinished: \(progress.done) of \(progress.total) trials")
    }
    self.parts = parts
    warning = Self.warning(slice.trials)
  }

  /// How the trials' numbers must not be read; nil if no warning is needed.
  static func warning(_ trials: [TrialParameters]) -> String? {
    var notes: [String] = []
    if let trial = trials.first(where: \.hasLossAtEveryStep) {
      notes.append(trial.loss.isOfTask ? refreshedByTask : refreshed)
    }
    if trials.contains(where: \.staysAtZero) {
      let place = trials.allSatisfy(\.staysAtZero) ? "" : " at input scale 0"
      notes.append(
        "Note:\(place) the state stays at the fixed point 0 (no input, zero initial state): gradients are those of the "
          + "linearisation at 0, not of the network's free dynamics; set initial_state_scale to see those.")
    }
    return notes.isEmpty ? nil : notes.joined(separator: " ")
  }

  /// Why totals mislead when there is a loss at every step.
  private static let refreshed =
    "Note: the loss at every step refreshes the gradient on its way back, so total norms look "
    + "flat and hide vanishing. To see vanishing, use loss: cross-entropy-final."
  private static let refreshedByTask =
    "Note: this task has a loss at many steps, each of which refreshes the gradient on its way back, so total norms "
    + "look flat and hide vanishing."
}
