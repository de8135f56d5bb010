import GradientFlow

/// Figures of a model's diagnosis, to be written and rendered.
public struct DiagnosisFigureSet: Sendable {
  /// What became of a figure.
  public typealias Outcome = FigureOutcome<DiagnosisFigureName>

  private let diagnosis: ModelDiagnosis
  private let names: [DiagnosisFigureName]
  /// Where the files go.
  public let directory: String

  /// - Parameters:
  ///   - names: the figures, in this order.
  ///   - directory: made if it is missing.
  public init(
    _ diagnosis: ModelDiagnosis, names: [DiagnosisFigureName] = DiagnosisFigureName.allCases,
    directory: String
  ) {
    self.diagnosis = diagnosis
    self.names = names
    self.directory = directory
  }

  /// Data and scripts of the figures that apply, without writing anything; the reasons of the
  /// others.
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
  /// - Throws: ``FigureError``; where gnuplot is missing, after all data and scripts are written.
  @discardableResult
  public func render(
    _ formats: [ImageFormat] = [.svg, .png], gnuplot: GnuplotProcess = GnuplotProcess(),
    observe: (Outcome) -> Void = { _ in }
  ) async throws -> [Outcome] {
    try await folder().render(formats, gnuplot: gnuplot, observe: observe)
  }

  /// The figures as text for a terminal, one page a panel; data and scripts are written too.
  ///
  /// - Throws: ``FigureError``.
  public func text(
    columns: Int = 80, rows: Int = 24, gnuplot: GnuplotProcess = GnuplotProcess()
  ) async throws -> (pages: [(name: DiagnosisFigureName, text: String)], omitted: [Outcome]) {
    let folder = try folder()
    return (
      try await folder.text(columns: columns, rows: rows, gnuplot: gnuplot), folder.omitted
    )
  }

  private func folder() throws -> FigureFolder<DiagnosisFigureName> {
    var folder = FigureFolder<DiagnosisFigureName>(directory)
    for name in names { try folder.add(name) { try name.figure.drawing(of: diagnosis) } }
    return folder
  }
}
