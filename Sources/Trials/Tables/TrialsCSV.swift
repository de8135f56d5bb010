import Foundation
import GradientFlow
import Specification
import TextFiles

/// `trials.csv`: one row per trial, its parameters, then its results; new columns go to the right of each part's
/// fixed ones.
public struct TrialsCSV: Sendable {
  /// A trial with all its results.
  package struct Result: Sendable {
    package let trial: TrialParameters
    package let record: TrialRecord
    package let theory: TheoryResult
    /// nil where nothing was trained.
    package let verdict: TrainingVerdict?

    package init(_ trial: TrialParameters, _ record: TrialRecord, theory: TrialTheory) {
      self.trial = trial
      self.record = record
      // What theory says of networks as they are drawn does not hold for trained ones.
      self.theory = TheoryResult(
        predictions: trial.training == nil ? theory.predictions(trial, record) : SlopePredictions(),
        measured: trial.hasPlainDecay ? record.decayRate : nil)
      verdict = trial.training == nil ? nil : TrainingVerdict(trial, record)
    }
  }

  package typealias Column = Trials.Column<Result, String>

  /// In order.
  package let columns: [Column]

  /// The table of a run.
  public init(_ specification: SweepSpecification) {
    let later = specification.laterAxes
    func axes(_ axes: [Axis]) -> [Column] {
      axes.map { axis in Column(axis.column, axis.key.summary) { axis.field($0.trial) } }
    }
    func results(ofTraining: Bool, ofLanguage: Bool = false) -> [Column] {
      TrialColumn.all.filter { $0.isOfTraining == ofTraining && $0.isOfLanguage == ofLanguage }.map { entry in
        Column(entry.column.name, entry.column.summary) { entry.column.value($0.record) }
      }
    }
    let first = Axis.all(first: [
      .cell, .hiddenSize, .spectralRadius, .sequenceLength, .forgetBias, .clip, .seed, .inputScale,
      .initializer, .inputSize, .batchSize, .loss, .readoutSize, .precision,
    ]).filter { $0.added == nil && !$0.key.isForTraining }
    let sizes = first.firstIndex(of: .loss) ?? 0
    var columns = [Column("trial", "The trial's id, the same in every file.") { $0.trial.id }]
    columns += axes(Array(first[..<sizes]))
    columns.append(Column("task", SpecificationKey.task.summary) { $0.trial.task.kind.name })
    columns += axes(Array(first[sizes...]))
    columns.append(Column("root_seed", SpecificationKey.rootSeed.summary) { "\($0.trial.rootSeed)" })
    columns += results(ofTraining: false)
    columns += TheoryResult.columns.map { column in
      Column(column.name, column.summary) { CSVField.number(column.value($0.theory)) }
    }
    if specification.trains {
      columns.append(
        Column("iterations", SpecificationKey.iterations.summary) {
          $0.trial.training.map { "\($0.iterations)" } ?? ""
        })
      columns +=
        axes(Axis.all.filter { $0.key.isForTraining && $0.added == nil }) + results(ofTraining: true)
        + Self.verdict
    }
    columns += axes(later)
    if specification.trainsLanguage {
      columns += results(ofTraining: true, ofLanguage: true) + Self.measuresOfText
    }
    self.columns = columns
  }

  /// Loss on the test part in other units.
  private static let measuresOfText: [Column] = [
    Column("test_perplexity", "e to the test loss.") { CSVField.number($0.record.testLoss.map(exp)) },
    Column("test_bits", "The test loss in bits per character or word.") {
      CSVField.number($0.record.testLoss.map { $0 / log(2) })
    },
    Column("overfitting_since", "The update with the least validation loss, if that rose afterwards.") {
      CSVField.number($0.verdict?.overfittingSince)
    },
  ]

  private static let verdict: [Column] = [
    Column("diverged_kind", "Which quantity left its range.") { $0.record.divergedKind?.rawValue ?? "" },
    Column("engaged", "Share of all updates that the clip changed.") {
      CSVField.number($0.verdict?.engaged)
    },
    Column("clip_verdict", "Role of clipping, from that share.") { $0.verdict?.clip?.rawValue ?? "" },
    Column("outcome", "How training ended, and why if it failed.") { $0.verdict?.outcome.rawValue ?? "" },
  ]

  /// The column names.
  public var header: String { columns.map(\.name).joined(separator: ",") }

  /// One row, with its line feed.
  public func row(_ trial: TrialParameters, _ record: TrialRecord, theory: TrialTheory) -> String {
    let result = Result(trial, record, theory: theory)
    return columns.map { $0.value(result) }.joined(separator: ",") + "\n"
  }
}
