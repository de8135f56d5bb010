import Experiments
import Foundation
import GradientFlow

/// Figures of a run, to be written and rendered.
public struct FigureSet: Sendable {
  /// What became of a figure.
  public enum Outcome: Sendable, Equatable {
    /// Its files, and what gnuplot warned of.
    case written(FigureName, files: [String], warnings: [String])
    /// It says nothing about this run.
    case omitted(FigureName, reason: String)

    /// Which figure it is.
    public var name: FigureName {
      switch self {
      case .written(let name, _, _), .omitted(let name, _): return name
      }
    }
  }

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
    let figures = names.map(\.figure)
    let columns = figures.reduce(into: Set<StepColumn>()) { $0.formUnion($1.stepColumns) }
    let records = try RunRecords(run, columns: columns)
    var drawings: [FigureDrawing] = []
    var omitted: [Outcome] = []
    for figure in figures {
      if let reason = figure.objection(to: run.specification) {
        omitted.append(.omitted(figure.name, reason: reason))
        continue
      }
      do {
        drawings.append(try figure.drawing(of: records))
      } catch let omission as FigureOmission {
        omitted.append(.omitted(figure.name, reason: omission.reason))
      }
    }
    return (drawings, omitted)
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
    let (drawings, omitted) = try drawings()
    for outcome in omitted { observe(outcome) }
    for drawing in drawings { try write(drawing) }
    let scripts = drawings.map { "\(path($0.name)).gp" }
    var outcomes = omitted
    try await inOrder(
      drawings.map(\.name), jobs: ProcessInfo.processInfo.activeProcessorCount,
      { name in
        let base = path(name)
        var files = ["\(base).csv", "\(base).gp"]
        var warnings: [String] = []
        for format in formats {
          let image = "\(base).\(format.rawValue)"
          do {
            warnings += try await gnuplot.render("\(base).gp", format: format, to: image)
          } catch FigureError.gnuplotMissing(let command, _) {
            throw FigureError.gnuplotMissing(command: command, scripts: scripts)
          }
          files.append(image)
        }
        return Outcome.written(name, files: files, warnings: warnings)
      },
      take: { outcome in
        observe(outcome)
        outcomes.append(outcome)
      })
    return names.compactMap { name in outcomes.first { $0.name == name } }
  }

  /// The figures as text for a terminal, one page a panel; data and scripts are written too.
  ///
  /// - Throws: ``FigureError``.
  public func text(
    columns: Int = 80, rows: Int = 24, gnuplot: GnuplotProcess = GnuplotProcess()
  ) async throws -> (pages: [(name: FigureName, text: String)], omitted: [Outcome]) {
    let (drawings, omitted) = try drawings()
    for drawing in drawings { try write(drawing) }
    var pages: [(name: FigureName, text: String)] = []
    for drawing in drawings {
      let script = "\(path(drawing.name)).gp"
      pages.append((drawing.name, try await gnuplot.text(script, columns: columns, rows: rows)))
    }
    return (pages, omitted)
  }

  private func path(_ name: FigureName) -> String {
    (directory as NSString).appendingPathComponent(name.rawValue)
  }

  private func write(_ drawing: FigureDrawing) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw FigureError.cannotWrite(path: directory, problem: error.localizedDescription)
    }
    let base = path(drawing.name)
    try AtomicFile.write(Array(drawing.table.csv.utf8), to: "\(base).csv")
    try ScriptFile.write(drawing.script, to: "\(base).gp")
  }
}
