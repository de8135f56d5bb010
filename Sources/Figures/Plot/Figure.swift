/// A picture that answers one question.
public protocol Figure<Source>: Sendable {
  /// What figures of its kind are called.
  associatedtype Name: RawRepresentable<String>
  /// What it is drawn from.
  associatedtype Source
  /// Its name, which its files bear.
  var name: Name { get }
  /// The question it answers, in one line.
  var question: String { get }
  /// What it shows.
  ///
  /// - Throws: ``FigureOmission`` where there is nothing to draw, or not yet; errors of the store.
  func plot(of source: Source) throws -> Plot
}

/// The reason why a figure is left out; a result, not a failure.
public struct FigureOmission: Error, Sendable, Equatable, CustomStringConvertible {
  /// In one line.
  public let reason: String

  public var description: String { reason }
}
