import Experiments
import GradientFlow

/// A picture of a run that answers one question, drawn from stored records only.
public protocol Figure: Sendable {
  /// Its name, which its files bear.
  var name: FigureName { get }
  /// The question it answers, in one line.
  var question: String { get }
  /// The per-step columns it reads; empty if the records without steps are enough.
  var stepColumns: Set<StepColumn> { get }
  /// Why it says nothing about a sweep; nil if it applies.
  func objection(to specification: SweepSpecification) -> String?
  /// Its data and script.
  ///
  /// - Throws: ``FigureOmission`` where the run has nothing to draw yet; errors of the store.
  func drawing(of records: RunRecords) throws -> FigureDrawing
}

extension Figure {
  public func objection(to specification: SweepSpecification) -> String? { nil }
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
