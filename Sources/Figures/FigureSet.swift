import Experiments

/// Figures of a run, to be written and rendered.
public struct FigureSet: FigureCollection {
  private let run: Run
  private let names: [FigureName]
  private let memory: FigureMemory
  /// Where the files go.
  public let directory: String

  /// - Parameters:
  ///   - names: the figures, in this order, each once; nil: all that are of such a run. One that is asked for and does not apply is
  ///     left out with its reason.
  ///   - directory: made if it is missing; nil: `figures` in the run. A folder with files of others is refused.
  ///   - memory: how much may be kept of what is read; nil: by what is available.
  public init(
    _ run: Run, names: [FigureName]? = nil, directory: String? = nil, memory: FigureMemory? = nil
  ) {
    self.run = run
    self.memory = memory ?? FigureMemory(run.trials)
    self.names =
      names?.distinct
      ?? FigureName.allCases.filter { $0.figure.subject.objection(to: run.specification) == nil }
    self.directory = directory ?? run.directory.figures
  }

  public func results() throws -> [FigureResult<FigureName>] {
    let figures = names.map(\.figure)
    let records = try RunRecords(
      run, columns: Set(figures.flatMap { $0.stepColumns }),
      profiles: Set(figures.flatMap { $0.profileColumns }), capacity: memory.kept)
    let specification = run.specification
    return try figures.map { figure in
      try FigureResult(figure.name) {
        if let reason = figure.subject.objection(to: specification) ?? figure.objection(to: specification) {
          throw FigureOmission(reason: reason)
        }
        return try figure.drawing(of: records)
      }
    }
  }
}
