import Experiments
import Foundation
import GradientFlow

/// Drawings on their way into a directory: their data and scripts, then the images.
public struct FigureFolder<Name: Sendable & Equatable>: Sendable {
  /// Where the files go; made if it is missing.
  let directory: String
  /// In the order asked for: a drawing, or why there is none.
  private let results: [(name: Name, drawing: Result<FigureDrawing, FigureOmission>)]

  /// Draws figures, or notes why they are left out.
  init(_ directory: String, _ names: [Name], _ draw: (Name) throws -> FigureDrawing) throws {
    self.directory = directory
    results = try names.map { name in
      do {
        return (name, .success(try draw(name)))
      } catch let omission as FigureOmission {
        return (name, .failure(omission))
      }
    }
  }

  /// What is drawn.
  var drawings: [FigureDrawing] { results.compactMap { try? $0.drawing.get() } }

  /// What is left out, and why.
  var omitted: [FigureOutcome<Name>] {
    results.compactMap {
      guard case .failure(let omission) = $0.drawing else { return nil }
      return .omitted($0.name, reason: omission.reason)
    }
  }

  /// Writes all data and scripts, then renders the images.
  ///
  /// - Throws: ``FigureError``, `RunError` or `ModelFileError`; of a figure that cannot be drawn after all others are,
  ///   where gnuplot is missing after all data and scripts are written.
  func render(
    _ formats: [ImageFormat], gnuplot: GnuplotProcess, observe: (FigureOutcome<Name>) -> Void
  ) async throws -> [FigureOutcome<Name>] {
    for outcome in omitted { observe(outcome) }
    let formats = formats.distinct
    try write()
    var outcomes = omitted
    var failure: (any Error)?
    try await inOrder(
      results, jobs: ProcessInfo.processInfo.activeProcessorCount,
      { name, drawing -> Result<FigureOutcome<Name>, any Error>? in
        guard let drawing = try? drawing.get() else { return nil }
        do {
          return .success(try await render(name, drawing, formats, gnuplot))
        } catch {
          return .failure(error)
        }
      },
      take: { result in
        switch result {
        case .success(let outcome):
          observe(outcome)
          outcomes.append(outcome)
        case .failure(let error): failure = failure ?? error
        case nil: return
        }
      })
    if let failure { throw failure }
    return results.compactMap { result in outcomes.first { $0.name == result.name } }
  }

  private func render(
    _ name: Name, _ drawing: FigureDrawing, _ formats: [ImageFormat], _ gnuplot: GnuplotProcess
  ) async throws -> FigureOutcome<Name> {
    let base = path(drawing)
    var files = ["\(base).csv", "\(base).gp"]
    var warnings: [String] = []
    for format in formats {
      let image = "\(base).\(format.rawValue)"
      do {
        warnings += try await gnuplot.render("\(base).gp", format: format, to: image)
      } catch FigureError.gnuplotMissing(let command, _) {
        throw FigureError.gnuplotMissing(command: command, scripts: drawings.map { "\(path($0)).gp" })
      }
      files.append(image)
    }
    return .written(name, files: files, warnings: warnings)
  }

  /// Writes all data and scripts; returns the figures as text, one page a panel.
  ///
  /// - Throws: ``FigureError``, or what forbids writing.
  func text(
    columns: Int, rows: Int, gnuplot: GnuplotProcess
  ) async throws -> [(name: Name, text: String)] {
    try write()
    var pages: [(name: Name, text: String)] = []
    for (name, drawing) in results {
      guard let drawing = try? drawing.get() else { continue }
      let script = "\(path(drawing)).gp"
      pages.append((name, try await gnuplot.text(script, columns: columns, rows: rows)))
    }
    return pages
  }

  private func path(_ drawing: FigureDrawing) -> String { PathName.joined(directory, drawing.name) }

  /// Makes sure that nothing of anyone else is overwritten, then writes data and scripts. The script comes first: it is
  /// what tells that the files of its name are a figure of this program.
  private func write() throws {
    guard !drawings.isEmpty else { return }
    try OutputFolder.figures.check(directory)
    for drawing in drawings {
      let base = path(drawing)
      if let file = FigureFiles(base: base).foreign(header: drawing.table.columns) {
        throw FigureError.foreign(path: file, script: "\(drawing.name).gp")
      }
    }
    try makeDirectory(directory)
    LeftoverFiles.remove(from: directory)
    for drawing in drawings {
      let base = path(drawing)
      try ScriptFile.write(drawing.script, to: "\(base).gp")
      try AtomicFile.write(Array(drawing.table.csv.utf8), to: "\(base).csv")
    }
  }
}
