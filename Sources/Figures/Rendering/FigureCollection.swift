import Experiments
import Foundation
import GradientFlow

/// Figures of one origin on their way into a directory: their data and scripts, then the images.
public protocol FigureCollection: Sendable {
  /// What its figures are called.
  associatedtype Name: Sendable & Equatable
  /// Where the files go; made if it is missing.
  var directory: String { get }
  /// What is drawn and what is left out, in the order asked for, before anything is written.
  ///
  /// - Throws: errors of what is drawn from.
  func results() throws -> [FigureResult<Name>]
}

/// A figure as it is drawn, or why there is none.
public struct FigureResult<Name: Sendable & Equatable>: Sendable {
  let name: Name
  fileprivate let drawing: FigureDrawing?
  fileprivate let omission: FigureOutcome<Name>?

  /// Draws a figure, or notes why it is left out.
  init(_ name: Name, _ canvas: Canvas, _ plot: () throws -> Plot) throws {
    self.name = name
    do {
      (drawing, omission) = (FigureDrawing(try plot(), canvas), nil)
    } catch let reason as FigureOmission {
      (drawing, omission) = (nil, .omitted(name, reason: reason.reason))
    }
  }
}

extension FigureCollection {
  /// What became of a figure.
  public typealias Outcome = FigureOutcome<Name>

  /// Data and scripts of the figures that apply, without writing anything; the reasons of the
  /// others.
  ///
  /// - Throws: errors of what is drawn from.
  public func drawings() throws -> (drawings: [FigureDrawing], omitted: [Outcome]) {
    let results = try results()
    return (results.compactMap(\.drawing), results.compactMap(\.omission))
  }

  /// Writes NAME.csv and NAME.gp of every figure and renders the images.
  ///
  /// - Parameters:
  ///   - formats: which images; none writes data and scripts only.
  ///   - observe: called when a figure is finished or left out.
  /// - Returns: what became of each figure, in the order asked for.
  /// - Throws: ``FigureError``, `RunError` or `ModelFileError`; of a figure that cannot be drawn after all others are,
  ///   where gnuplot is missing after all data and scripts are written.
  @discardableResult
  public func render(
    _ formats: [ImageFormat] = [.svg, .png], gnuplot: GnuplotProcess = GnuplotProcess(),
    observe: (Outcome) -> Void = { _ in }
  ) async throws -> [Outcome] {
    let results = try results()
    var outcomes = results.map(\.omission)
    for case let outcome? in outcomes { observe(outcome) }
    let formats = formats.distinct
    let places = results.indices.filter { results[$0].drawing != nil }
    let figures = try write(results.compactMap(\.drawing))
    var failure: (any Error)?
    try await inOrder(
      Array(zip(places, figures)), jobs: ProcessInfo.processInfo.activeProcessorCount,
      { place, figure -> (place: Int, result: Result<Outcome, any Error>) in
        do {
          return (place, .success(try await render(results[place].name, figure, formats, gnuplot)))
        } catch FigureError.gnuplotMissing(let command, _) {
          let scripts = figures.map { "\(path($0.drawing)).gp" }
          return (place, .failure(FigureError.gnuplotMissing(command: command, scripts: scripts)))
        } catch {
          return (place, .failure(error))
        }
      },
      take: { place, result in
        switch result {
        case .success(let outcome):
          observe(outcome)
          outcomes[place] = outcome
        case .failure(let error): failure = failure ?? error
        }
      })
    if let failure { throw failure }
    return outcomes.compactMap { $0 }
  }

  private func render(
    _ name: Name, _ figure: WrittenFigure, _ formats: [ImageFormat], _ gnuplot: GnuplotProcess
  ) async throws -> Outcome {
    let base = path(figure.drawing)
    var files = ["\(base).csv", "\(base).gp"]
    var warnings = figure.drawing.warnings
    for format in formats {
      let image = "\(base).\(format.rawValue)"
      warnings += try await gnuplot.render(
        "\(base).gp", format: format, to: image, metadata: figure.drawing.metadata
      ).map { "gnuplot: \($0)" }
      files.append(image)
    }
    guard let kept = figure.kept else { return .written(name, files: files, warnings: warnings) }
    return .writtenBeside(kept, name, files: files, warnings: warnings)
  }

  /// The figures as text for a terminal, each at most so many columns wide and rows high; nothing is written.
  ///
  /// - Throws: errors of what is drawn from.
  public func text(
    columns: Int = 80, rows: Int = 24, styled style: TextStyle = .plain
  ) throws -> (pages: [(name: Name, text: String)], omitted: [Outcome]) {
    let results = try results()
    return (
      results.compactMap { result in
        result.drawing.map { drawing in
          let lines = TerminalPicture.lines(drawing.plot, columns: columns, rows: rows, styled: style)
          return (result.name, lines.joined(separator: "\n"))
        }
      },
      results.compactMap(\.omission)
    )
  }

  private func path(_ drawing: FigureDrawing) -> String { PathName.joined(directory, drawing.name) }

  /// Makes sure that nothing of anyone else is overwritten, then writes data and scripts. The script comes first: it is
  /// what tells that the files of its name are a figure of this program.
  ///
  /// - Returns: the figures under the names they have got, in their order.
  private func write(_ drawings: [FigureDrawing]) throws -> [WrittenFigure] {
    guard !drawings.isEmpty else { return [] }
    try OutputFolder.figures.check(directory)
    let figures = try drawings.map { drawing in
      let place = try FigureFiles.place(of: drawing.name, in: directory, header: drawing.table.columns)
      return WrittenFigure(drawing: drawing.named(place.name), kept: place.kept)
    }
    try makeDirectory(directory)
    LeftoverFiles.remove(from: directory)
    for drawing in figures.map(\.drawing) {
      let base = path(drawing)
      try ScriptFile.write(drawing.script, to: "\(base).gp")
      try AtomicFile.write(Array(drawing.table.csv.utf8), to: "\(base).csv")
    }
    return figures
  }
}

/// A figure whose data and script are written, and what was kept in its place.
private struct WrittenFigure: Sendable {
  let drawing: FigureDrawing
  let kept: KeptScript?
}
