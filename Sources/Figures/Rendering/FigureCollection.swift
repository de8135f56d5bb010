/// Figures of one origin, to be written and rendered.
public protocol FigureCollection: Sendable {
  /// What its figures are called.
  associatedtype Name: Sendable & Equatable
  /// What is drawn and what is left out, before anything is written.
  ///
  /// - Throws: errors of what is drawn from.
  func folder() throws -> FigureFolder<Name>
}

extension FigureCollection {
  /// What became of a figure.
  public typealias Outcome = FigureOutcome<Name>

  /// Data and scripts of the figures that apply, without writing anything; the reasons of the
  /// others.
  ///
  /// - Throws: errors of what is drawn from.
  public func drawings() throws -> (drawings: [FigureDrawing], omitted: [Outcome]) {
    let folder = try folder()
    return (folder.drawings, folder.omitted)
  }

  /// Writes NAME.csv and NAME.gp of every figure and renders the images.
  ///
  /// - Parameters:
  ///   - formats: which images; none writes data and scripts only.
  ///   - observe: called when a figure is finished or left out.
  /// - Returns: what became of each figure, in the order asked for.
  /// - Throws: ``FigureError``, or what forbids writing; where gnuplot is missing, after all data and scripts are written.
  @discardableResult
  public func render(
    _ formats: [ImageFormat] = [.svg, .png], gnuplot: GnuplotProcess = GnuplotProcess(),
    observe: (Outcome) -> Void = { _ in }
  ) async throws -> [Outcome] {
    try await folder().render(formats, gnuplot: gnuplot, observe: observe)
  }

  /// The figures as text for a terminal, one page a panel; data and scripts are written too.
  ///
  /// - Throws: ``FigureError``, or what forbids writing.
  public func text(
    columns: Int = 80, rows: Int = 24, gnuplot: GnuplotProcess = GnuplotProcess()
  ) async throws -> (pages: [(name: Name, text: String)], omitted: [Outcome]) {
    let folder = try folder()
    return (
      try await folder.text(columns: columns, rows: rows, gnuplot: gnuplot), folder.omitted
    )
  }
}
