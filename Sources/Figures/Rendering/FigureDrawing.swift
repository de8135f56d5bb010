/// A figure for a canvas, before it is rendered.
public struct FigureDrawing: Sendable {
  /// What is drawn.
  public let plot: Plot
  /// The name its files bear, without extension.
  public let name: String
  /// The gnuplot script, which becomes NAME.gp.
  public let script: String
  /// The data, which becomes NAME.csv.
  public var table: FigureTable { plot.table }

  public init(_ plot: Plot, _ canvas: Canvas) {
    (self.plot, name) = (plot, plot.name)
    script = GnuplotScript.text(plot, canvas)
  }
}
