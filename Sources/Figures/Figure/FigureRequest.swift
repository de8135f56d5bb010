import Experiments

/// A figure of a run as someone wants it.
public struct FigureRequest: Sendable {
  public let figure: FigureName
  /// What its files are called; nil: as the figure.
  public var file: String?
  /// The trials it shows; nil: all.
  public var selection: TrialSelection?
  public var choice = FigureChoice()
  public var canvas = Canvas()

  public init(_ figure: FigureName) { self.figure = figure }
}
