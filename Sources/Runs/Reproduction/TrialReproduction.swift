import GradientFlow
import Machine
import Specification
import TextFiles
import Trials

/// A recorded trial run once more, and compared with what was recorded, bit by bit.
public struct TrialReproduction: Sendable {
  /// A value that is another one now.
  public struct Difference: Sendable, Equatable {
    /// The column of `trials.csv` or `timesteps.csv`.
    public let quantity: String
    /// t; nil for a value of the whole trial.
    public let step: Int?
    public let recorded, again: String
  }

  public let trial: TrialParameters
  public let recorded, again: TrialRecord
  /// Who recorded it; nil in stores of older versions.
  public let recordedBy: Provenance?
  /// None where both are the same bits.
  public let differences: [Difference]
  /// Numbers compared.
  public let compared: Int

  /// Runs a trial of a run again.
  ///
  /// - Parameter id: the trial's id or the beginning of one.
  /// - Throws: ``RunError``.
  public init(directory path: String, trial id: String) throws {
    BLASEnvironment.useOneThread()
    let directory = RunDirectory(path)
    let specification = try directory.readSpecification()
    let trial = try specification.trials.beginning(with: id, in: path)
    guard let (stored, provenance) = try Self.stored(trial, in: directory) else {
      throw RunError.unknownTrial(id: trial.id, path: path, problem: "it has no result yet for trial")
    }
    self.trial = trial
    recorded = stored.record
    recordedBy = provenance
    again = try TrialRunner(specification).run(trial)
    let comparison = Self.compare(recorded, again)
    differences = comparison.differences
    compared = comparison.count
  }

  /// From the run's own store, or that of a shard not merged yet.
  private static func stored(
    _ trial: TrialParameters, in directory: RunDirectory
  ) throws -> (StoredTrial, Provenance?)? {
    for place in try directory.withShards() {
      guard let store = try place.storeForReading(), let found = try store.trial(trial.id) else { continue }
      return (found, try found.session.flatMap { try store.sessions()[$0] }?.provenance)
    }
    return nil
  }

  private static func compare(
    _ a: TrialRecord, _ b: TrialRecord
  ) -> (differences: [Difference], count: Int) {
    var differences: [Difference] = []
    var count = 0
    func compare(_ name: String, _ x: String, _ y: String) {
      count += 1
      if x != y { differences.append(Difference(quantity: name, step: nil, recorded: x, again: y)) }
    }
    func compare(_ name: String, step: Int? = nil, _ x: Double?, _ y: Double?) {
      count += 1
      guard bits(x) != bits(y) else { return }
      differences.append(
        Difference(quantity: name, step: step, recorded: CSVField.number(x), again: CSVField.number(y)))
    }
    for entry in TrialColumn.all {
      let name = entry.column.name
      guard let number = entry.number else {
        compare(name, entry.column.value(a), entry.column.value(b))
        continue
      }
      // What the version that recorded it did not measure.
      if !entry.isOriginal, a[keyPath: number] == nil { continue }
      compare(name, a[keyPath: number], b[keyPath: number])
    }
    func compare<Source>(
      _ a: ColumnTable<Source>?, _ b: ColumnTable<Source>?, later: [Column<Source, Source.Entry>] = [],
      place: (_ row: Int) -> (prefix: String, step: Int?)
    ) {
      for column in Source.columns {
        // What the version that recorded it did not measure.
        if later.contains(column), a?.columns[column] == nil { continue }
        let (x, y) = (a?.columns[column] ?? [], b?.columns[column] ?? [])
        for row in 0..<max(x.count, y.count) {
          let (prefix, step) = place(row)
          compare(
            prefix + column.name, step: step, row < x.count ? x[row] : nil, row < y.count ? y[row] : nil)
        }
      }
    }
    func step(_ table: StepTable?, _ row: Int) -> Int {
      table.flatMap { row < $0.rows ? $0.time(ofRow: row) : nil } ?? row
    }
    compare(a.steps, b.steps) { ("", step(a.steps, $0)) }
    let (mine, theirs) = (a.layers, b.layers)
    if !mine.isEmpty || !theirs.isEmpty {
      compare(
        "layers", mine.map(\.label).joined(separator: ", "), theirs.map(\.label).joined(separator: ", "))
    }
    for (x, y) in zip(mine, theirs) where x.place == y.place {
      let prefix = "layers.csv, \(x.label), "
      for column in LayerRecord.columns { compare(prefix + column.name, column.value(x), column.value(y)) }
      compare(x.steps, y.steps) { ("\(x.label), ", step(x.steps, $0)) }
    }
    // Versions that recorded none did not test by step.
    if a.stepTests.rows > 0 { compare(a.stepTests, b.stepTests) { ("test_steps.csv, row \($0), ", nil) } }
    compare(a.lengthTests, b.lengthTests) { ("test_lengths.csv, row \($0), ", nil) }
    compare(a.baselines, b.baselines) { ("baselines.csv, row \($0), ", nil) }
    compare("diverged_kind", a.divergedKind?.rawValue ?? "", b.divergedKind?.rawValue ?? "")
    compare(
      a.training?.rows, b.training?.rows, later: TrainingRow.networkColumns + TrainingRow.languageColumns
    ) {
      ("training.csv, row \($0), ", nil)
    }
    let times = a.training?.profiles.columns
    compare(a.training?.profiles, b.training?.profiles) { row in
      let update = times?[.iteration].flatMap { row < $0.count ? "\(Int($0[row]))" : nil } ?? "?"
      return (
        "training_timesteps.csv, update \(update), ",
        times?[.t].flatMap { row < $0.count ? Int($0[row]) : nil }
      )
    }
    return (differences, count)
  }

  /// What tells two numbers apart; the store keeps neither NaN nor the sign of zero.
  private static func bits(_ value: Double?) -> UInt64? {
    value.flatMap { $0.isNaN ? nil : ($0 == 0 ? 0 : $0).bitPattern }
  }
}
