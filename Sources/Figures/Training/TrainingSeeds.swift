import Experiments
import GradientFlow

/// One training run, as figures use it.
struct SeedTraining: Sendable {
  let trial: TrialParameters
  let record: TrialRecord
  let verdict: TrainingVerdict

  var rows: ColumnTable<TrainingRow> { record.training?.rows ?? ColumnTable(rows: 0) }
  /// The updates made; that of a divergence counts.
  var end: Int { Int(max(record.updates ?? 0, record.divergedIteration ?? 0)) }
  var solvedAt: Int? { record.solvedAt.map { Int($0) } }
  var divergedAt: Int? { record.status == .diverged ? end : nil }
}

/// The training runs that differ only in the seed.
struct TrainingSeeds: Sendable {
  let variant: CellVariant
  let sequenceLength: Int
  let rule: GradientRule
  /// Seeds asked for, and those that are there.
  let wanted: Int
  let trainings: [SeedTraining]

  /// The longest of them, in updates.
  var end: Int { trainings.map(\.end).max() ?? 0 }
  var solved: Int { trainings.count { $0.solvedAt != nil } }

  /// The one of a seed, or the first.
  func training(seed: UInt64?) -> SeedTraining? {
    trainings.first { $0.trial.seed == seed } ?? trainings.first
  }

  /// The fields `cell,forget_bias,sequence_length,clip` of a CSV.
  var fields: [String] { variant.fields + ["\(sequenceLength)", CSVField.text(rule.label)] }
  static let columns = ["cell", "forget_bias", "sequence_length", "clip"]

  /// Groups of a slice in its order, without empty ones.
  static func groups(_ slice: SweepSlice, _ records: RunRecords) throws -> [TrainingSeeds] {
    let keys = slice.trials.lazy.map(Key.init).distinct
    let trials = Dictionary(grouping: slice.trials, by: Key.init)
    return try keys.compactMap { key in
      let own = trials[key] ?? []
      let found = try own.compactMap { trial in
        try records.recordWithTraining(trial).map {
          SeedTraining(trial: trial, record: $0, verdict: TrainingVerdict(trial, $0))
        }
      }
      guard !found.isEmpty else { return nil }
      return TrainingSeeds(
        variant: key.variant, sequenceLength: key.length, rule: key.rule, wanted: own.count, trainings: found)
    }
  }

  private struct Key: Hashable {
    let variant: CellVariant
    let length: Int
    let rule: GradientRule

    init(_ p: TrialParameters) { (variant, length, rule) = (CellVariant(p), p.sequenceLength, p.rule) }
  }
}

extension [TrainingSeeds] {
  /// The seed that shows most rules as most of their seeds end; the first of equals.
  var tellingSeed: UInt64? {
    var score: [UInt64: Int] = [:]
    for group in self {
      let outcomes = group.trainings.map { ($0.trial.seed, $0.verdict.outcome) }
      for (seed, outcome) in outcomes { score[seed, default: 0] += outcomes.count { $0.1 == outcome } }
    }
    let seeds = flatMap { $0.trainings.map(\.trial.seed) }.distinct
    return seeds.max { score[$0, default: 0] < score[$1, default: 0] }
  }
}

extension TrainingSeeds {
  /// `2 of 3 seeds solved, 1 vanished`; `all 3 seeds solved`.
  var outcomeWords: String {
    let outcomes = trainings.map { $0.verdict.outcome }
    let parts = outcomes.distinct.sorted { a, b in
      outcomes.count { $0 == a } > outcomes.count { $0 == b }
    }.map { outcome in (outcomes.count { $0 == outcome }, outcome.words) }
    guard let first = parts.first else { return "" }
    let head =
      outcomes.count == 1
      ? first.1
      : parts.count == 1
        ? "\(first.0 == 2 ? "both" : "all \(first.0)") seeds \(first.1)"
        : "\(first.0) of \(outcomes.count) seeds \(first.1)"
    return ([head] + parts.dropFirst().map { "\($0.0) \($0.1)" }).joined(separator: ", ")
  }
}

extension [(variant: CellVariant, text: String)] {
  /// `rnn: a, b; gru: a, b`; with one variant `a; b`.
  var sentence: String {
    let variants = map(\.variant).distinct
    guard variants.count > 1 else { return map(\.text).joined(separator: "; ") }
    return variants.map { variant in
      "\(variant.label): " + filter { $0.variant == variant }.map(\.text).joined(separator: ", ")
    }.joined(separator: "; ")
  }
}
