import Experiments
import GradientFlow

/// A picture of a run that answers one question, drawn from stored records only.
public protocol Figure: Sendable {
  /// Its name, which its files bear.
  var name: FigureName { get }
  /// The question it answers, in one line.
  var question: String { get }
  /// Which runs it is of.
  var subject: FigureSubject { get }
  /// The per-step columns it reads; empty if the records without steps are enough.
  var stepColumns: Set<StepColumn> { get }
  /// The profile columns that it reads.
  var profileColumns: Set<ProfileColumn> { get }
  /// Why it says nothing about a sweep; nil if it applies.
  func objection(to specification: SweepSpecification) -> String?
  /// Its data and script.
  ///
  /// - Throws: ``FigureOmission`` where the run has nothing to draw yet; errors of the store.
  func drawing(of records: RunRecords) throws -> FigureDrawing
}

extension Figure {
  public var subject: FigureSubject { .networksAsDrawn }
  public var stepColumns: Set<StepColumn> { [] }
  public var profileColumns: Set<ProfileColumn> { [] }
  public func objection(to specification: SweepSpecification) -> String? { nil }
}

/// What the figures of a run show: a run either trains its networks or diagnoses untrained ones.
public enum FigureSubject: Sendable, Hashable {
  case networksAsDrawn
  case training

  /// Why no figure of this subject says anything about a sweep; nil if some may.
  func objection(to specification: SweepSpecification) -> String? {
    switch (self, specification.trains) {
    case (.networksAsDrawn, true): return "a training run: see loss, norms and evolution"
    case (.training, false): return "nothing is trained; set iterations: N and a task"
    case (.networksAsDrawn, false), (.training, true): return nil
    }
  }
}

/// A figure before it is rendered.
public struct FigureDrawing: Sendable, Equatable {
  /// The name its files bear, without extension.
  public let name: String
  /// The data, which becomes NAME.csv.
  public let table: FigureTable
  /// The gnuplot script, which becomes NAME.gp.
  public let script: String
}

/// The reason why a figure is left out; a result, not a failure.
public struct FigureOmission: Error, Sendable, Equatable, CustomStringConvertible {
  /// In one line.
  public let reason: String

  public var description: String { reason }
}
