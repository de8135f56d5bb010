/// A figure for a canvas, before it is rendered.
public struct FigureDrawing: Sendable {
  /// What is drawn.
  public let plot: Plot
  private let canvas: Canvas
  /// The gnuplot script, which becomes NAME.gp.
  public let script: String
  /// The name its files bear, without extension.
  public var name: String { plot.name }
  /// The data, which becomes NAME.csv.
  public var table: FigureTable { plot.table }

  public init(_ plot: Plot, _ canvas: Canvas) {
    (self.plot, self.canvas) = (plot, canvas)
    script = ScriptDigest.signed(GnuplotScript.text(plot, canvas))
  }

  /// The same under another name.
  func named(_ name: String) -> FigureDrawing {
    if name == plot.name { return self }
    var plot = plot
    plot.name = name
    return FigureDrawing(plot, canvas)
  }

  /// What its images say of it.
  var metadata: ImageMetadata { ImageMetadata(plot) }

  /// Where it is larger than was asked for.
  var warnings: [String] {
    guard let height = canvas.heightInEms else { return [] }
    let layout = PlotLayout(plot, canvas)
    guard layout.height > 1.001 * height else { return [] }
    let percent = Int((100 * (layout.height / height - 1)).rounded(.up))
    return [
      "it is \(percent) % higher than asked for: its panels need that; a smaller font, or fewer panels, would fit"
    ]
  }
}
