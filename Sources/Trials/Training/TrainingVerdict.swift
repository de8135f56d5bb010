import GradientFlow
import Specification

/// The role of clipping in training, by the share of updates that it changed.
public enum ClipVerdict: String, Sendable, CaseIterable {
  /// Below 1 %: it might as well not be there.
  case idle
  /// From 1 % to half: it catches the explosions between ordinary updates.
  case safetyNet = "safety-net"
  /// Above half: it sets the length of most steps, and the learning rate means little.
  case stepSizeLimiter = "step-size-limiter"
}

/// How training ended, and why if it failed.
public enum TrainingOutcome: String, Sendable, CaseIterable {
  /// The success rule of the task holds.
  case solved
  /// Numbers left their range.
  case diverged
  /// Not solved: the gradient that arrives at the first fifth of the sequence is less than a thousandth of the one at
  /// its end, in most of the profiles. Of tasks without a success rule only where they are at chance; not told of
  /// truncated sequences.
  case vanished
  /// Not solved, no better than chance. Without a clip: some gradient was over 100 times those around it, or the loss
  /// ended above three times that of chance and above where it began: an explosion threw the weights off. With one that
  /// changes most updates: the gradient grows a millionfold or more on its way back in most of the profiles or, where
  /// there are none, usually is above a million. Its direction is then chaos, whatever length a clip gives it.
  case exploded
  /// Not solved: clipping changed most updates and left less than a tenth of the usual gradient, under an optimizer
  /// whose steps are as long as the gradient, and a larger threshold would help: the gradient has not exploded. Of tasks
  /// without a success rule only where they are at chance.
  case cutTooHard = "cut-too-hard"
  /// Of a task that reads a file: better than chance on what it is trained on, and not on the test set.
  case overfitted
  /// Not solved, or without a rule to tell: better than chance, and none of the above.
  case learning
  /// Not solved, at the loss of chance within a fifth, and none of the above.
  case stalled
  /// A task without a chance level to compare with has ended.
  case ended
  /// Not solved, the loss more than a fifth above that of chance but falling: the updates were too few.
  case tooFewUpdates = "too-few-updates"
  /// Not solved, the loss more than a fifth above that of chance and no longer falling, and none of the above.
  case aboveChance = "above-chance"
}

/// The verdict on a training run, from its record.
public struct TrainingVerdict: Sendable, Equatable {
  public let outcome: TrainingOutcome
  /// nil without a clip.
  public let clip: ClipVerdict?
  /// Share of all updates in which the clip changed anything; nil without a clip.
  public let engaged: Double?
  /// Median over rows of log10 of the norm after clipping over that before; nil without a clip.
  public let log10Shrink: Double?
  /// Median over profiles of log10 ‖∂L/∂h_t‖ at t = T/5 minus that at T, both over the sequences that have step T/5; nil
  /// without profiles.
  public let log10Reach: Double?
  /// log10 of the norm of a gradient before clipping over the median of the ten rows on either side, where it is largest.
  public let log10Spike: Double?
  /// Of a text: the update with the least loss on what is not trained on, if that loss has risen by more than 1 % since while
  /// the training loss fell; nil otherwise.
  public let overfittingSince: Double?

  /// A remark added to the outcome's words; nil for most.
  public var remark: String? {
    switch outcome {
    case .exploded where clip != nil: Self.chaosRemark
    case .learning, .overfitted:
      overfittingSince.map { ", overfitting since update \(Int($0))" }
    default: nil
    }
  }
  package static let chaosRemark = " (whatever its size, a clipped gradient keeps a chaotic direction)"

  /// From which spike on a gradient has exploded.
  public static let explosion = 2.0
  /// From how many decades of growth on the direction of a gradient is chaos.
  package static let chaos = 6.0

  /// - Parameters:
  ///   - p: of a trial with training.
  public init(_ p: TrialParameters, _ record: TrialRecord) {
    let rows = record.training?.rows ?? ColumnTable(rows: 0)
    log10Spike = Self.spike(rows)
    log10Reach = record.training.flatMap(Self.reach)
    if p.clip == .none {
      (clip, engaged, log10Shrink) = (nil, nil, nil)
    } else {
      engaged = Self.mean(.engaged, rows)
      clip = engaged.map { $0 < 0.01 ? .idle : $0 <= 0.5 ? .safetyNet : .stepSizeLimiter }
      let shrinks = (0..<rows.rows).compactMap { row -> Double? in
        guard let before = rows[.gradBefore, row], let after = rows[.gradAfter, row] else { return nil }
        return after - before
      }
      log10Shrink = quantile(shrinks.filter(\.isFinite), 0.5)
    }
    overfittingSince = p.task.isOfText ? Self.overfitting(rows) : nil
    outcome = Self.outcome(
      p, record, engaged: engaged, shrink: log10Shrink, reach: log10Reach, spike: log10Spike)
  }

  private static func spike(_ rows: ColumnTable<TrainingRow>) -> Double? {
    let (means, largest) = (rows.columns[.gradBefore] ?? [], rows.columns[.gradBeforeMax] ?? [])
    return means.indices.compactMap { row -> Double? in
      let around = means[max(0, row - 10)...min(means.count - 1, row + 10)].filter(\.isFinite)
      guard largest[row].isFinite, let usual = quantile(around, 0.5) else { return nil }
      return largest[row] - usual
    }.max()
  }

  /// After which update the loss on held-out text rose.
  private static func overfitting(_ rows: ColumnTable<TrainingRow>) -> Double? {
    guard let tests = rows.columns[.testLoss], let updates = rows.columns[.iteration],
      let least = tests.indices.filter({ !tests[$0].isNaN }).min(by: { tests[$0] < tests[$1] }),
      let last = tests.last(where: { !$0.isNaN }), last > 1.01 * tests[least],
      let end = updates.last
    else { return nil }
    // As many updates before the least loss as there are in the last tenth.
    let since = updates[least]
    guard let then = mean(.loss, rows, after: since - 0.1 * end, through: since),
      let now = mean(.loss, rows, after: 0.9 * end), now < then
    else { return nil }
    return since
  }

  private static func outcome(
    _ p: TrialParameters, _ record: TrialRecord, engaged: Double?, shrink: Double?, reach: Double?,
    spike: Double?
  ) -> TrainingOutcome {
    if record.status == .diverged { return .diverged }
    if record.solvedAt != nil { return .solved }
    guard let chance = record.chanceLoss, let test = record.testLoss else { return .ended }
    let isBetter = test < 0.95 * chance
    let isAbove = test > 1.2 * chance
    let canBeSolved = p.task.hasSuccessRule
    if isBetter, !canBeSolved { return .learning }
    if !isBetter, !canBeSolved, let last = lastTenth(record), last < 0.95 * chance { return .overfitted }
    if let engaged, engaged > 0.5 {
      let usual = quantile((record.training?.rows.values(.gradBefore) ?? []).filter(\.isFinite), 0.5)
      let isChaos = reach ?? usual ?? 0 > chaos
      if isChaos, !isBetter { return .exploded }
      let stepsByGradient = p.training?.optimiser.followsLength ?? false
      if !isChaos, stepsByGradient, let shrink, shrink < -1 { return .cutTooHard }
    }
    if !isBetter, p.clip == .none, (spike ?? 0) > explosion { return .exploded }
    let losses = losses(record)
    if isAbove, isFalling(losses) { return .tooFewUpdates }
    if p.clip == .none, test > 3 * chance, test > 1.05 * (losses.first ?? 0) { return .exploded }
    if p.training?.truncation == nil, let reach, reach < -3 { return .vanished }
    return isBetter ? .learning : isAbove ? .aboveChance : .stalled
  }

  /// The test losses, starting with the untrained network; without intermediate tests, the batch losses.
  private static func losses(_ record: TrialRecord) -> [Double] {
    guard let rows = record.training?.rows else { return [] }
    let tests = rows.values(.testLoss)
    return tests.count < 2 ? rows.values(.loss) : tests
  }

  /// Whether the loss ended below where it began, and near the least it had been.
  private static func isFalling(_ losses: [Double]) -> Bool {
    guard losses.count >= 2, let first = losses.first, let last = losses.last, let least = losses.min()
    else { return false }
    return last < 0.95 * first && last <= 1.05 * least
  }

  /// The mean loss over the last tenth of the updates.
  private static func lastTenth(_ record: TrialRecord) -> Double? {
    guard let rows = record.training?.rows, let end = rows.values(.iteration).last else { return nil }
    return mean(.loss, rows, after: 0.9 * end)
  }

  /// The mean of a column over the updates after one, up to another, or over all; nil over none.
  private static func mean(
    _ column: TrainingColumn, _ rows: ColumnTable<TrainingRow>, after start: Double = 0,
    through end: Double = .infinity
  ) -> Double? {
    var (sum, count) = (0.0, 0.0)
    for row in 0..<rows.rows {
      guard let value = rows[column, row], let updates = rows[.updates, row],
        let iteration = rows[.iteration, row], iteration > start, iteration <= end
      else { continue }
      sum += value * updates
      count += updates
    }
    return count > 0 ? sum / count : nil
  }

  /// The median over profiles of how much smaller the gradient at t = T/5 is than that at T, in decades, over the sequences
  /// that have both.
  private static func reach(_ course: TrainingRecord) -> Double? {
    quantile(course.profilesByUpdate.compactMap { course.log10Ratio($0, at: max(1, $0.steps / 5)) }, 0.5)
  }
}
