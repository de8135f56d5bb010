import Experiments

/// Figures of a run, to be written and rendered.
public struct FigureSet: Sendable {
  /// What became of a figure.
  public typealias Outcome = FigureOutcome<FigureName>

  private let run: Run
  private let names: [FigureName]
  /// Where the files go.
  public let directory: String

  /// - Parameters:
  ///   - names: the figures, in this order.
  ///   - directory: made if it is missing; nil: `figures` in the run.
  public init(
    _ run: Run, names: [FigureName] = FigureName.allCases, directory: String? = nil
  ) {
    self.run = run
    self.names = names
    self.directory = directory ?? run.directory.figures
  }

  /// Data and scripts of the figures that apply, without writing anything; the reasons of the
  /// others.
  ///
  /// - Throws: errors of the store.
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
  ) async throws -> (pages: [(name: FigureName, text: String)], omitted: [Outcome]) {
    let folder = try folder()
    return (
      try await folder.text(columns: columns, rows: rows, gnuplot: gnuplot), folder.omitted
    )
  }

  private func folder() throws -> FigureFolder<FigureName> {
    let figures = names.map(\.figure)
    let columns = figures.reduce(into: Set<StepColumn>()) { $0.formUnion($1.stepColumns) }
    let records = try RunRecords(run, columns: columns)
    var folder = FigureFolder<FigureName>(directory)
    for figure in figures {
      try folder.add(figure.name) {
        if let reason = figure.objection(to: run.specification) {
          throw FigureOmission(reason: reason)
        }
        return try figure.drawing(of: records)
      }
    }
    return folder
  }
}
