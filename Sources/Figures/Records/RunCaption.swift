import Experiments
import TextFiles

/// Of a figure of a run.
extension FigureCaption {
  /// - Parameters:
  ///   - slice: the trials drawn.
  ///   - statistic: what the figure shows over the seeds, for example "median and quartiles"; nil where it shows no
  ///     statistic.
  ///   - notes: what else has to be known.
  ///   - showsTotals: whether it shows the norms of which ``warning(_:)`` speaks.
  init(
    _ records: RunRecords, _ slice: SweepSlice, statistic: String?, notes: [String] = [],
    showsTotals: Bool = true
  ) {
    let seeds = slice.layers.lazy.map(\.seed).distinct.count
    var parts = statistic.map { [seeds == 1 ? "1 seed" : "\($0) over \(seeds) seeds"] } ?? []
    parts += slice.heldLabels
    let biases = slice.layers.lazy.compactMap(\.forgetBias).distinct
    if !biases.isEmpty, !slice.heldLabels.contains(where: { $0.contains("forget bias") }) {
      let values = biases.map { CSVField.number($0) }.joined(separator: ", ")
      parts.append("LSTM forget bias \(values)")
    }
    if let training = slice.layers.first?.training {
      if training.readout == .chance { parts.append("readout starts at chance") }
      parts.append("at most \(Brief.grouped(training.iterations)) updates")
    }
    parts.append(
      Markup.plain("task \(slice.layers.first?.task.label ?? records.run.specification.task.kind.name)"))
    self.init(
      parts: parts + notes + Self.origin(records), warning: showsTotals ? Self.warning(slice.layers) : nil)
  }

  /// Which run it is of, and how much of it there is.
  static func origin(_ records: RunRecords) -> [String] {
    let progress = records.progress
    let (chosen, all) = (records.trials.count, records.run.trials.count)
    let selection = records.selection.map {
      Markup.plain("\(Brief.grouped(chosen)) of \(Brief.grouped(all)) trials: \($0.text)")
    }
    return [Markup.plain("run \(records.run.specification.name) (\(records.run.id))")]
      + [selection].compactMap { $0 }
      + (progress.done < progress.total
        ? ["unfinished: \(progress.done) of \(progress.total) trials"] : [])
  }

  /// How the trials' numbers must not be read; nil if no warning is needed.
  static func warning(_ layers: [TrialLayer]) -> String? {
    var notes: [String] = []
    if let trial = layers.first(where: { $0.hasLossAtEveryStep && $0.place.part != .encoder }) {
      notes.append(trial.loss.isOfTask ? refreshedByTask : refreshed)
    }
    if layers.contains(where: \.staysAtZero) {
      let place = layers.allSatisfy(\.staysAtZero) ? "" : " at input scale 0"
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
