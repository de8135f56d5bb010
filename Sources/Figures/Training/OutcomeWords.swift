import Experiments
import GradientFlow

/// What a clip was to trainings: the median over their seeds.
struct ClipWords {
  let share: Double

  /// - Returns: nil without a clip.
  init?(_ seeds: TrainingSeeds) {
    guard seeds.rule.clip != .none,
      let share = quantile(seeds.trainings.compactMap { $0.verdict.engaged }, 0.5)
    else { return nil }
    self.share = share
  }

  /// Of updates.
  var percent: String { Self.percent(share) }

  /// `the clip is a safety net: 12 % of updates`.
  var role: String {
    if share < 0.01 { return "the clip is idle: \(percent) of updates" }
    return "the clip \(share <= 0.5 ? "is a safety net" : "sets the step size"): \(percent) of updates"
  }

  /// In whole percents from 1 on.
  static func percent(_ share: Double) -> String {
    share == 0 || share >= 0.01 ? "\(Int((100 * share).rounded())) %" : Brief.percent(share)
  }
}

/// How one training ended, with the decisive number; in gnuplot's markup.
struct OutcomeReason {
  let words: String

  init(_ training: SeedTraining) {
    let (verdict, end) = (training.verdict, Brief.grouped(training.end))
    func tenPower(_ log10: Double?) -> String { Brief.tenPower(log10 ?? 0) }
    let (loss, chance) = (
      Brief.number(training.record.testLoss ?? .nan), Brief.number(training.record.chanceLoss ?? .nan)
    )
    switch verdict.outcome {
    case .solved: words = "solved after \(Brief.grouped(training.solvedAt ?? training.end)) updates"
    case .diverged:
      let kind = training.record.divergedKind.map { "the \($0.rawValue)" } ?? "numbers"
      words = "diverged: \(kind) left the range at update \(end)"
    case .vanished: words = "vanished, ‖∂L/∂h‖ at T/5 is \(tenPower(verdict.log10Reach)) of T's"
    case .exploded where verdict.clip != nil:
      words =
        "exploded: the clip leaves \(tenPower(verdict.log10Shrink)) of a gradient with a chaotic direction"
    case .exploded:
      if let spike = verdict.log10Spike, spike > TrainingVerdict.explosion {
        words = "exploded: a gradient \(tenPower(spike)) times the usual size"
      } else {
        words = "exploded: the loss jumped to \(loss), chance is \(chance)"
      }
    case .cutTooHard: words = "cut too hard: \(tenPower(verdict.log10Shrink)) of the usual gradient is left"
    case .overfitted: words = "overfitted: better than chance in training, not in tests"
    case .learning: words = "better than chance: loss \(loss), chance \(chance)"
    case .stalled:
      // Under a loss at every step the gradient at T/5 need not have come from the end.
      let reaches = verdict.log10Reach.map { $0 > -1 } ?? false
      words =
        "stalled at chance"
        + (reaches && !training.trial.hasLossAtEveryStep ? ", though gradients reach back" : "")
    case .ended: words = "ended after \(end) updates"
    case .tooFewUpdates: words = "above chance and still falling: \(end) updates are too few"
    case .aboveChance: words = "no longer falling at a loss of \(loss), chance is \(chance)"
    }
  }
}
