import Specification
import TextFiles
import Trials

/// An existing run: its specification and its store. Works on unfinished runs and on single shards too.
public final class Run: Sendable {
  public let directory: RunDirectory
  /// What was asked for.
  public let specification: SweepSpecification
  /// All trials in grid order; of a shard, its own.
  public let trials: [TrialParameters]
  /// Theory predictions for its trials, for the table and all figures.
  public let theory = TrialTheory()
  package let store: RunStore

  /// Opens a run for reading. A run in progress is read in its current state.
  ///
  /// - Throws: ``RunError``, or ``SpecificationError`` if its `spec.yaml` is damaged.
  public convenience init(directory path: String) throws {
    let directory = RunDirectory(path)
    let specification = try directory.readSpecification()
    guard let store = try directory.storeForReading() else {
      let shards = try directory.shardsPresent().count
      throw RunError.notARun(
        path: path,
        problem: shards > 0
          ? "its \(shards) shards are not merged: run 'gradflow merge \(CommandText.path(path))'"
          : "it contains no trials.sqlite")
    }
    self.init(
      directory: directory, specification: specification,
      trials: specification.trials(of: directory.shard), store: store)
  }

  package init(
    directory: RunDirectory, specification: SweepSpecification, trials: [TrialParameters], store: RunStore
  ) {
    self.directory = directory
    self.specification = specification
    self.trials = trials
    self.store = store
  }

  /// The run with some of its trials alone.
  ///
  /// - Throws: ``SpecificationError`` where there is none.
  public func only(_ selection: TrialSelection) throws(SpecificationError) -> Run {
    Run(
      directory: directory, specification: specification, trials: try selection.chosen(from: trials),
      store: store)
  }

  /// What it is known by, beside its name: ``SweepSpecification/id``.
  public var id: String { specification.id }

  /// How many trials are stored, by status.
  public func progress() throws -> RunProgress {
    RunProgress(of: trials, try store.summaries())
  }

  /// A stored trial; nil if it has not been run.
  ///
  /// - Parameter columns: those of its steps that are kept; nil: all.
  public func record(
    _ trial: TrialParameters, withSteps: Bool = true, columns: Set<StepColumn>? = nil
  ) throws -> TrialRecord? {
    try store.record(trial.id, withSteps: withSteps, columns: columns)
  }
}
