import Experiments

/// Figures of a run, to be written and rendered.
public struct FigureSet: FigureCollection {
  private let run: Run
  private let requests: [FigureRequest]
  private let memory: FigureMemory
  /// Where the files go.
  public let directory: String

  /// - Parameters:
  ///   - requests: the figures, in this order; nil: all that are of such a run. One that is asked for and does not apply
  ///     is left out with its reason.
  ///   - directory: made if it is missing; nil: `figures` in the run. A folder with files of others is refused.
  ///   - memory: how much may be kept of what is read; nil: by what is available.
  public init(
    _ run: Run, requests: [FigureRequest]? = nil, directory: String? = nil, memory: FigureMemory? = nil
  ) {
    self.run = run
    self.memory = memory ?? FigureMemory(run.trials)
    self.requests = requests ?? Self.all(of: run.specification).map(FigureRequest.init)
    self.directory = directory ?? run.directory.figures
  }

  /// The same for figures by name, each once.
  public init(_ run: Run, names: [FigureName], directory: String? = nil, memory: FigureMemory? = nil) {
    self.init(
      run, requests: names.distinct.map(FigureRequest.init), directory: directory, memory: memory)
  }

  /// The figures that are of runs like this one.
  public static func all(of specification: SweepSpecification) -> [FigureName] {
    FigureName.allCases.filter { $0.figure.subject.objection(to: specification) == nil }
  }

  public func results() throws -> [FigureResult<FigureName>] {
    let figures = requests.map(\.figure.figure)
    let cache = try RecordCache(
      run, columns: Set(figures.flatMap { $0.stepColumns }),
      profiles: Set(figures.flatMap { $0.profileColumns }), capacity: memory.kept)
    let specification = run.specification
    return try zip(requests, figures).map { request, figure in
      let trials = try request.selection.map { try $0.chosen(from: run.trials) } ?? run.trials
      return try FigureResult(figure.name, request.canvas) {
        if let reason = figure.subject.objection(to: specification) ?? figure.objection(to: specification) {
          throw FigureOmission(reason: reason)
        }
        if let axis = request.choice.x, let x = figure.fixedX {
          throw FigureOmission(reason: "its x axis is \(x), not \(axis.key.rawValue)")
        }
        var plot = try figure.plot(of: RunRecords(cache, trials: trials, choice: request.choice))
        if let file = request.file { plot.name = file }
        return plot
      }
    }
  }
}
