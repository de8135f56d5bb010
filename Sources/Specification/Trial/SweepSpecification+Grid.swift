import GradientFlow
import TextFiles

extension SweepSpecification {
  /// From the outermost to the innermost, what depends on an axis within that axis; a new one comes just outside of the
  /// seeds.
  private static let gridOrder: [Axis] =
    Axis.all(first: [
      .cell, .hiddenSize, .inputSize, .batchSize, .weightDeviation, .initializer, .inputScale,
      .initialStateScale, .washout, .forgetBias, .spectralRadius, .sequenceLength, .loss, .readoutSize,
      .optimiser, .learningRate, .schedule, .truncation, .precision, .clip,
    ]).filter { $0 != .seed } + [.seed]

  /// Every trial, in the grid's order. From the outermost axis to the innermost: cells, hidden_size, input_size,
  /// batch_size, weight_sd, initializer, input_scale, initial_state_scale, washout, forget_bias, spectral_radius,
  /// sequence_length, loss, readout_size, optimizer, learning_rate, schedule, truncation, precision, clip, layers,
  /// bidirectional, embedding_size, tied, min_length, dropout, seeds.
  ///
  /// forget_bias varies for LSTMs only, readout_size for losses with a readout only, how weights are drawn and scaled
  /// without weight_sd only, tied with an embedding only, dropout with several layers only; the other trials appear once.
  public var trials: [TrialParameters] {
    let axes = Self.gridOrder.map { (axis: $0, assign: self[$0].assign) }
    var trials: [TrialParameters] = []
    trials.reserveCapacity(trialCount)
    var trial = TrialParameters()
    (trial.task, trial.rootSeed, trial.recording) = (task.identity, rootSeed, recording)
    trial.training = trains ? TrainingParameters(self) : nil
    func vary(_ k: Int) {
      guard k < axes.count else { return trials.append(trial) }
      guard !axes[k].assign.isEmpty, axes[k].axis.condition?.holds(trial) ?? true else {
        axes[k].axis.unused(&trial)
        return vary(k + 1)
      }
      for assign in axes[k].assign {
        assign(&trial)
        vary(k + 1)
      }
    }
    vary(0)
    return trials
  }

  /// The number of trials, at most ``trialLimit``, found without making them.
  public var trialCount: Int { countedTrials ?? .max }

  /// The lengths whose product is the number of trials, each with its keys: an axis with those that apply
  /// to some of its values only.
  var gridLengths: [(keys: String, length: Int)] {
    let used = Self.gridOrder.filter { !self[$0].texts.isEmpty }
    func count(_ axis: Axis) -> Int { self[axis].texts.count }
    func isDependent(_ axis: Axis) -> Bool {
      axis.condition.map { condition in used.contains { $0.key.rawValue == condition.key } } ?? false
    }
    return used.filter { !isDependent($0) }.map { axis in
      let dependent = used.filter { $0.condition?.key == axis.key.rawValue }
      guard !dependent.isEmpty else { return (axis.key.rawValue, count(axis)) }
      let lengths = values(of: axis) { trial in
        dependent.reduce(1) { length, other in
          other.condition.map { $0.holds(trial) } ?? true ? length.multiplied(by: count(other)) : length
        }
      }
      return (
        ([axis] + dependent).map(\.key.rawValue).joined(separator: " with "),
        lengths.reduce(0) { $0.added($1) }
      )
    }
  }

  /// The number of trials, or nil beyond Int.
  private var countedTrials: Int? {
    let count = gridLengths.reduce(1) { $0.multiplied(by: $1.length) }
    return count == .max ? nil : count
  }

  /// Throws when the grid has more than ``trialLimit`` trials.
  func checkTrialCount(at place: SpecificationError.Place) throws(SpecificationError) {
    if let count = countedTrials, count <= Self.trialLimit { return }
    let count =
      countedTrials.map(String.init)
      ?? gridLengths.reduce(1) { $0 * Double($1.length) }.roundedToTwelveDigits.shortestDecimal
    let factors = gridLengths.filter { $0.length > 1 }.map { "\($0.keys) \($0.length)" }
    throw SpecificationError(
      .tooLarge, at: place, value: count,
      "the grid has \(count) trials (\(factors.joined(separator: " × ")))",
      allowed: "up to \(Self.trialLimit) trials")
  }
}

extension Int {
  /// The product, or the largest Int where it is beyond.
  fileprivate func multiplied(by factor: Int) -> Int {
    let (product, overflows) = multipliedReportingOverflow(by: factor)
    return overflows ? .max : product
  }

  /// The sum, or the largest Int where it is beyond.
  fileprivate func added(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}
