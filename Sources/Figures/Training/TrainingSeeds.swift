import Experiments
import GradientFlow

/// One training run, as figures use it.
struct SeedTraining: Sendable {
  let trial: TrialParameters
  let record: TrialRecord
  let verdict: TrainingVerdict

  /// Those of the profiles that a verdict is made of: without them it is another one.
  static let verdictColumns: Set<ProfileColumn> = [
    .iteration, .t, .hidden, .sequences, .ratioToLast, .layer, .direction, .part,
  ]

  var rows: ColumnTable<TrainingRow> { record.training?.rows ?? ColumnTable(rows: 0) }
  /// The updates made; that of a divergence counts.
  var end: Int { Int(max(record.updates ?? 0, record.divergedIteration ?? 0)) }
  var solvedAt: Int? { record.solvedAt.map { Int($0) } }
  var divergedAt: Int? { record.status == .diverged ? end : nil }
  /// How it ended: what explodes throws the weights to where gradients may vanish.
  var outcomeWords: String {
    let when = (solvedAt ?? divergedAt).map { " after \(Brief.grouped($0))" } ?? ""
    let isGone = verdict.outcome == .exploded && verdict.clip == nil && (verdict.log10Reach ?? 0) < -3
    return verdict.outcome.words + (isGone ? ", vanishing since" : "") + when
  }
  /// Whether its tests are of other sequences than those it is trained on.
  var hasTestSet: Bool { !rows.values(.testSize).isEmpty }
}

/// The training runs of a curve in a panel, which differ only in the seed.
struct TrainingSeeds: Sendable {
  /// Places of the panel and of the curve.
  let panel, hue: Int
  /// What sentences call it.
  let label: String
  /// The fields of a CSV that tell it from others.
  let fields: [Field]
  /// Their columns.
  let columns: [String]
  /// The layer that is looked at, of a figure that tells layers apart.
  let place: LayerPlace
  /// Seeds asked for, and those that are there.
  let wanted: Int
  let trainings: [SeedTraining]

  /// The longest of them, in updates.
  var end: Int { trainings.map(\.end).max() ?? 0 }
  var solved: Int { trainings.count { $0.solvedAt != nil } }
  var shareSolved: Double { Double(solved) / Double(trainings.count) }
  var rule: GradientRule { trainings[0].trial.rule }
  var length: Int { trainings[0].trial.sequenceLength }
  /// Until the task was solved: the median over the seeds that solved it.
  var updatesToSuccess: Double? { quantile(trainings.compactMap(\.solvedAt).map(Double.init), 0.5) }

  /// Cell, length and rule have columns in all figures.
  static func columns(_ facets: Facets) -> [String] { (axes.map(\.column) + facets.columns).distinct }
  /// The same for a figure that has a column of seeds itself.
  static func columnsBesideSeed(_ facets: Facets) -> [String] {
    columns(facets).filter { $0 != Axis.seed.column }
  }
  private static let axes: [Axis] = [.cell, .forgetBias, .sequenceLength, .clip]

  private static func fields(_ layer: TrialLayer, _ facets: Facets, _ own: [Field]) -> [Field] {
    let known = axes.map(\.column)
    return axes.map { Field(ofCSV: $0.field(layer.trial)) }
      + zip(facets.columns, own).filter { !known.contains($0.0) }.map(\.1)
  }

  /// The fields for a figure that has a column of seeds itself.
  var fieldsBesideSeed: [Field] { zip(columns, fields).filter { $0.0 != Axis.seed.column }.map(\.1) }

  /// The one of a seed, or the first.
  func training(seed: UInt64?) -> SeedTraining {
    trainings.first { $0.trial.seed == seed } ?? trainings[0]
  }

  /// The same with some of its trainings; at least one.
  func only(_ trainings: [SeedTraining]) -> TrainingSeeds {
    TrainingSeeds(
      panel: panel, hue: hue, label: label,
      fields: Self.axes.map { axis in
        Field(ofCSV: axis.field(trainings[0].trial))
      } + fields.dropFirst(Self.axes.count), columns: columns, place: place, wanted: trainings.count,
      trainings: trainings)
  }

  /// Those of all panels and curves, without empty ones.
  ///
  /// - Parameter namesLengths: whether sentences tell them apart by length too.
  static func all(_ facets: Facets, _ records: RunRecords, namesLengths: Bool = true) throws
    -> [TrainingSeeds]
  {
    let telling = facets.telling(length: namesLengths)
    return try facets.panels.enumerated().flatMap { p, panel in
      try facets.hues.enumerated().compactMap { h, hue in
        let layers = facets.layers(panel, hue)
        let found = try layers.map(\.trial).compactMap { trial in
          try records.recordWithTraining(trial).map {
            SeedTraining(trial: trial, record: $0, verdict: TrainingVerdict(trial, $0))
          }
        }
        guard let first = layers.first, !found.isEmpty else { return nil }
        let own = fields(first, facets, facets.fields(panel, hue))
        return TrainingSeeds(
          panel: p, hue: h, label: telling.label(first, among: facets.slice.layers),
          fields: own, columns: columns(facets), place: first.place, wanted: layers.count,
          trainings: found)
      }
    }
  }
}

extension [TrainingSeeds] {
  /// The seed that shows most of them as most of their seeds end; the first of equals.
  var tellingSeed: UInt64? {
    var score: [UInt64: Int] = [:]
    for group in self {
      let outcomes = group.trainings.map { ($0.trial.seed, $0.verdict.outcome) }
      for (seed, outcome) in outcomes { score[seed, default: 0] += outcomes.count { $0.1 == outcome } }
    }
    let seeds = flatMap { $0.trainings.map(\.trial.seed) }.distinct
    return seeds.max { score[$0, default: 0] < score[$1, default: 0] }
  }

  /// What a caption says of the one seed that is drawn; nothing where there is one alone.
  func note(seed: UInt64?) -> [String] {
    guard let seed, (map(\.wanted).max() ?? 1) > 1 else { return [] }
    return ["drawn: seed \(seed) of \(map(\.wanted).max() ?? 1); the text above summarises all seeds"]
  }

  /// What is said of each, in one sentence; of many, of the first three and the last.
  func sentence(_ say: (TrainingSeeds) -> String) -> String {
    let told = count > 5 ? Array(prefix(3)) + suffix(1) : self
    return told.map { "\($0.label) – \(say($0))" }.joined(separator: "; ")
      + (told.count < count ? " (and \(count - told.count) others)" : "")
  }

  /// Those that more of their seeds learn first, and faster ones of equals.
  var bestFirst: [TrainingSeeds] {
    sorted { a, b in
      let (first, second) = (a.shareSolved, b.shareSolved)
      return first == second
        ? (a.updatesToSuccess ?? .infinity) < (b.updatesToSuccess ?? .infinity) : first > second
    }
  }
}

extension TrainingSeeds {
  /// `all 3 seeds`, `both seeds`.
  var seedWords: String { trainings.count == 2 ? "both seeds" : "all \(trainings.count) seeds" }

  /// `2 of 3 seeds solved, 1 vanished`; `all 3 seeds solved`.
  var outcomeWords: String {
    guard let first = outcomes.first else { return "" }
    let (count, words) = (trainings.count, first.outcome.words)
    if count == 1 { return words }
    if outcomes.count == 1 { return "\(seedWords) \(words)" }
    return
      (["\(first.count) of \(count) seeds \(words)"]
      + outcomes.dropFirst().map { "\($0.count) \($0.outcome.words)" }).joined(separator: ", ")
  }

  /// The most frequent first.
  private var outcomes: [(outcome: TrainingOutcome, count: Int)] {
    let all = trainings.map(\.verdict.outcome)
    return all.distinct.map { outcome in (outcome, all.count { $0 == outcome }) }.sorted {
      $0.count > $1.count
    }
  }
}
