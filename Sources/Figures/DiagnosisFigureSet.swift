import GradientFlow

/// Figures of a model's diagnosis, to be written and rendered.
public struct DiagnosisFigureSet: FigureCollection {
  private let diagnosis: ModelDiagnosis
  private let names: [DiagnosisFigureName]
  private let canvas: Canvas
  /// Where the files go.
  public let directory: String

  /// - Parameters:
  ///   - names: the figures, in this order, each once.
  ///   - directory: made if it is missing. A folder with files of others is refused.
  public init(
    _ diagnosis: ModelDiagnosis, names: [DiagnosisFigureName] = DiagnosisFigureName.allCases,
    canvas: Canvas = Canvas(), directory: String
  ) {
    self.diagnosis = diagnosis
    self.names = names.distinct
    self.canvas = canvas
    self.directory = directory
  }

  public func results() throws -> [FigureResult<DiagnosisFigureName>] {
    try names.map { name in try FigureResult(name, canvas) { try name.figure.plot(of: diagnosis) } }
  }
}
