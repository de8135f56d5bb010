import Experiments

/// Figures of a run, to be written and rendered.
public struct FigureSet: FigureCollection {
  private let run: Run
  private let requests: [FigureRequest]?
  private let memory: FigureMemory
  /// Where the files go.
  public let directory: String

  /// - Parameters:
  ///   - requests: the figures, in this order; nil: those that the specification asks for. One that does not apply is
  ///     left out with its reason.
  ///   - directory: made if it is missing; nil: `figures` in the run. A folder with files of others is refused.
  ///   - memory: how much may be kept of what is read; nil: by what is available.
  public init(
    _ run: Run, requests: [FigureRequest]? = nil, directory: String? = nil, memory: FigureMemory? = nil
  ) {
    self.run = run
    self.memory = memory ?? FigureMemory(run.trials)
    self.requests = requests
    self.directory = directory ?? run.directory.figures
  }

  /// The same for figures by name, each once.
  public init(_ run: Run, names: [FigureName], directory: String? = nil, memory: FigureMemory? = nil) {
    self.init(
      run, requests: names.distinct.map(FigureRequest.init), directory: directory, memory: memory)
  }

  /// The figures that are of runs like this one.
  public static func all(of specification: SweepSpecification) -> [FigureName] {
    FigureName.allCases.filter { name in
      name.figure.subject.objection(to: specification) == nil && name.figure.isUsual(for: specification)
    }
  }

  public func results() throws -> [FigureResult<FigureName>] {
    let requests = try requests ?? Self.requests(of: run.specification)
    let figures = requests.map(\.figure.figure)
    let cache = try RecordCache(
      run, columns: Set(figures.flatMap { $0.stepColumns }),
      profiles: Set(figures.flatMap { $0.profileColumns }),
      profilesLayers: figures.contains(where: \.profilesLayers), capacity: memory.kept)
    return try requests.map { request in
      try FigureResult(request.figure, request.canvas) { try plot(request, cache) }
    }
  }

  private func plot(_ request: FigureRequest, _ cache: RecordCache) throws -> Plot {
    let (figure, specification) = (request.figure.figure, run.specification)
    if let reason = figure.subject.objection(to: specification) ?? figure.objection(to: specification)
      ?? request.objection
    {
      throw FigureOmission(reason: reason)
    }
    if let axis = request.choice.x, let x = figure.fixedX {
      throw FigureOmission(reason: "its x axis is \(x), not \(axis.name)")
    }
    var plot = try figure.plot(
      of: RunRecords(
        cache, trials: try trials(request.selection), selection: request.selection, choice: request.choice))
    plot.name = request.fileName
    plot.provenance = ["run \(specification.name) (\(run.id))"]
    return plot
  }

  /// - Throws: ``FigureOmission`` where a specification's choice leaves none; of a command line's it is an error.
  private func trials(_ selection: FigureSelection?) throws -> [TrialParameters] {
    guard let selection else { return run.trials }
    do throws(SpecificationError) { return try selection.chosen(from: run.trials) } catch {
      if error.place.isCommandLine { throw error }
      throw FigureOmission(reason: error.problem + (error.allowed.map { "; there are \($0)" } ?? ""))
    }
  }
}
