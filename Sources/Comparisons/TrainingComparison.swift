import GradientFlow
import Runs
import Specification
import TextFiles
import Trials

/// Compares the training runs of a sweep: in each setting, the cells and what is done to their gradients, over seeds.
public struct TrainingComparison: Sendable {
  /// In grid order.
  public let settings: [TrainingSetting]
  /// What was found, in three lines.
  public let answer: TrainingAnswer
  /// Of a run of language models what they reach; nil for others.
  public let language: LanguageComparison?
  /// Trials finished, and of how many.
  public let progress: RunProgress
  /// Whether some task has its loss at every step, which hides vanishing in the gradient at T/5.
  public let hasLossAtEveryStep: Bool

  /// Compares what is stored of a run that trains.
  public init(_ run: Run) throws {
    let all = run.trials.grouped(by: TrainingSetting.key)
    let labels = TrainingSetting.labels(all.map(\.key))
    settings = try zip(labels, all).map { try TrainingSetting($0, $1.members, run: run) }
      .filter { !$0.methods.isEmpty }
    language = try LanguageComparison(run)
    answer = TrainingAnswer(settings, language)
    progress = try run.progress()
    hasLossAtEveryStep = all.contains(where: \.key.hasLossAtEveryStep)
  }
}

/// What distinguishes the settings of a sweep's training runs: the length, and whatever else varies.
public struct TrainingLabels: Sendable {
  private let labels: [TrialParameters: String]

  public init(_ trials: [TrialParameters]) {
    let keys = trials.grouped(by: TrainingSetting.key).map(\.key)
    labels = Dictionary(uniqueKeysWithValues: zip(keys, TrainingSetting.labels(keys)))
  }

  /// `T = 50, learning rate 0.01`.
  public func label(of trial: TrialParameters) -> String {
    labels[TrainingSetting.key(trial)] ?? "T = \(trial.sequenceLength)"
  }
}

/// Training runs that differ only in cell, clip, penalty and seed.
public struct TrainingSetting: Sendable {
  /// `T = 50, learning rate 0.01`.
  public let label: String
  public let methods: [TrainingMethodResult]
  /// How the training runs of each method ended.
  public let verdicts: [String]
  /// In one line.
  public var verdict: String { verdicts.joined(separator: "; ") }

  package init(_ label: String, _ trials: [TrialParameters], run: Run) throws {
    self.init(
      label,
      try trials.grouped(by: TrainingMethod.init).compactMap { method, trials in
        let found = try trials.compactMap { trial in
          try run.record(trial).map { MethodTraining(trial, $0) }
        }
        return found.isEmpty ? nil : TrainingMethodResult(method, found)
      })
  }

  package init(_ label: String, _ methods: [TrainingMethodResult]) {
    (self.label, self.methods) = (label, methods)
    let rules = methods.map(\.method.rule)
    verdicts = methods.map { Self.verdict($0, among: rules) }
  }

  private static func verdict(_ result: TrainingMethodResult, among rules: [GradientRule]) -> String {
    let counts = TrainingOutcome.allCases.compactMap { outcome -> String? in
      guard let count = result.outcomes[outcome] else { return nil }
      return count == result.seeds ? "\(outcome.words)" : "\(count) of \(result.seeds) \(outcome.words)"
    }
    let exploded = result.outcomes[.exploded] != nil && result.method.rule.clip != .none
    return
      "\(result.method.variant.name), \(result.method.rule.words(among: rules)): \(counts.joined(separator: ", "))"
      + (exploded ? TrainingVerdict.chaosRemark : "")
      + (result.overfittingSince.map { ", overfitting since update \(Brief.grouped(Int($0)))" } ?? "")
  }

  /// What the training runs of a setting share.
  package static func key(_ p: TrialParameters) -> TrialParameters {
    p.erasing([.cell, .forgetBias, .clip, .seed])
  }

  /// A label for each, of what varies among them and always the length.
  package static func labels(_ keys: [TrialParameters]) -> [String] {
    keys.headings(always: [.sequenceLength])
  }
}

/// A cell, and what is done to its gradients.
public struct TrainingMethod: Sendable, Hashable {
  public let variant: CellVariant
  public let rule: GradientRule

  package init(_ p: TrialParameters) {
    variant = CellVariant(p)
    rule = p.rule
  }

  /// `rnn, global-norm:1`.
  public var label: String { "\(variant.label), \(rule.label)" }
}

/// One training run of a method: its parameters, and its results without their tables, which may be large.
package struct MethodTraining {
  package let trial: TrialParameters
  package let record: TrialRecord
  package let verdict: TrainingVerdict

  package init(_ trial: TrialParameters, _ record: TrialRecord) {
    self.trial = trial
    verdict = TrainingVerdict(trial, record)
    var record = record
    (record.steps, record.training) = (nil, nil)
    self.record = record
  }
}

/// What a method reached, over the seeds.
public struct TrainingMethodResult: Sendable {
  public let method: TrainingMethod
  /// Seeds that were run.
  public let seeds: Int
  /// Whether the task says when it is solved.
  public let hasSuccessRule: Bool
  /// Whether sequences of a batch have different lengths.
  let hasLengths: Bool
  /// How many ended how.
  public let outcomes: [TrainingOutcome: Int]
  /// Median updates until it was solved, over the seeds that were; nil where none was.
  public let updatesToSuccess: Double?
  /// Medians over the seeds; of the tests without those that diverged.
  public let testLoss, testError: Double?
  public let engaged, log10Reach: Double?
  /// The mean test loss with its interval over the seeds that did not diverge.
  public let testLossInterval: MeanInterval?
  /// The test losses of those by seed.
  package let losses: [UInt64: Double]
  /// The loss of chance.
  public let chanceLoss: Double?
  /// Of a text: the median update since which the seeds overfit, where most do.
  public let overfittingSince: Double?
  /// Whether the loss is that of a text.
  let isOfText: Bool
  /// What the clip was, for most seeds; nil without a clip.
  public let clip: ClipVerdict?

  /// Seeds that solved the task.
  public var solved: Int { outcomes[.solved] ?? 0 }

  package init(_ method: TrainingMethod, _ found: [MethodTraining]) {
    self.method = method
    seeds = found.count
    hasSuccessRule = found.first?.trial.task.hasSuccessRule ?? false
    hasLengths = found.contains { $0.trial.shortestLength != nil }
    let verdicts = found.map(\.verdict)
    outcomes = Dictionary(verdicts.map { ($0.outcome, 1) }, uniquingKeysWith: +)
    func median(_ values: [Double?]) -> Double? { quantile(values.compactMap { $0 }, 0.5) }
    updatesToSuccess = median(found.map(\.record.solvedAt))
    // The last test of a diverged training run came before it diverged.
    let whole = found.filter { $0.record.status != .diverged }
    losses = Dictionary(
      whole.compactMap { run in run.record.testLoss.map { (run.trial.seed, $0) } }, uniquingKeysWith: { $1 })
    testLoss = median(whole.map(\.record.testLoss))
    testLossInterval = MeanInterval(losses.sorted { $0.key < $1.key }.map(\.value).filter(\.isFinite))
    testError = median(whole.map(\.record.testError))
    engaged = median(verdicts.map(\.engaged))
    log10Reach = median(verdicts.map(\.log10Reach))
    chanceLoss = found.first?.record.chanceLoss
    isOfText = found.first?.trial.task.isOfText ?? false
    let since = verdicts.compactMap(\.overfittingSince)
    overfittingSince = 2 * since.count > found.count ? quantile(since, 0.5) : nil
    let clips = verdicts.compactMap(\.clip)
    clip = ClipVerdict.allCases.filter(clips.contains).max { a, b in
      clips.count { $0 == a } < clips.count { $0 == b }
    }
  }
}

extension TrainingOutcome {
  /// As sentences have it, in comparisons and figures alike: `2 of 3 seeds vanished`.
  public var words: String {
    switch self {
    case .learning: return "better than chance"
    case .stalled: return "stalled at chance"
    case .tooFewUpdates: return "far above chance, too few updates"
    case .solved, .diverged, .vanished, .exploded, .cutTooHard, .overfitted, .ended, .aboveChance:
      return rawValue.replacing("-", with: " ")
    }
  }
}

extension ClipVerdict {
  /// As sentences have it.
  public var words: String {
    switch self {
    case .idle: return "idle"
    case .safetyNet: return "safety net"
    case .stepSizeLimiter: return "sets the step size"
    }
  }
}
