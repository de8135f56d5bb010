import GradientFlow

/// Walks down the error surface of ``CliffModel``, a rule each: on the surface, and the error after each update.
public struct CliffFigure: FigureCollection {
  /// There is one.
  public enum Name: String, Sendable {
    case cliff
  }

  private let walks: [CliffWalk]
  private let canvas: Canvas
  /// Where the files go.
  public let directory: String

  /// - Parameters:
  ///   - walks: at least one; they differ only in the clip.
  ///   - directory: made if it is missing. A folder with files of others is refused.
  public init(_ walks: [CliffWalk], canvas: Canvas = Canvas(), directory: String) {
    (self.walks, self.canvas, self.directory) = (walks, canvas, directory)
  }

  public func results() throws -> [FigureResult<Name>] {
    [try FigureResult(.cliff, canvas) { CliffPicture().plot(of: walks) }]
  }
}
