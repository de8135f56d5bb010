extension Axis {
  /// In headings; new ones come last.
  fileprivate static let headingOrder: [Axis] = [
    .spectralRadius, .sequenceLength, .inputScale, .initialStateScale, .washout, .hiddenSize, .batchSize,
    .inputSize, .initializer, .loss, .readoutSize, .optimiser, .learningRate, .schedule, .truncation,
    .precision, .weightDeviation, .clip, .layers, .bidirectional, .embeddingSize, .tiesReadout,
    .shortestLength,
    .dropout,
  ]
}

extension Sequence<TrialParameters> {
  /// For each trial, the headings of some axes and of those others along which the trials vary, separated by commas.
  ///
  /// - Parameter always: the axes that are named even where all trials agree.
  package func headings(always: [Axis]) -> [String] {
    let axes = Axis.all(first: always + Axis.headingOrder.filter { !always.contains($0) })
    let headings = map { trial in axes.map { $0.heading(trial) } }
    let shown = axes.indices.filter { k in
      always.contains(axes[k]) || Set(headings.map { $0[k] }).count > 1
    }
    return headings.map { parts in shown.compactMap { parts[$0] }.joined(separator: ", ") }
  }
}
