import GradientFlow

/// A picture of a model's diagnosis that answers one question.
public protocol DiagnosisFigure: Sendable {
  /// Its name, which its files bear.
  var name: DiagnosisFigureName { get }
  /// The question it answers, in one line.
  var question: String { get }
  /// Its data and script.
  ///
  /// - Throws: ``FigureOmission`` where it says nothing about the model, or the plan left out what it draws.
  func drawing(of diagnosis: ModelDiagnosis) throws -> FigureDrawing
}

/// The figures of a diagnosis. A new one is a file beside this one and a case here.
public enum DiagnosisFigureName: String, Sendable, CaseIterable {
  case decay
  case spectrum
  case lyapunov
  case gates
  case paths
  case twoTime = "two-time"
  case states
  case contributions

  /// The figure of this name.
  public var figure: any DiagnosisFigure {
    switch self {
    case .decay: return DiagnosisDecayFigure()
    case .spectrum: return SpectrumFigure()
    case .lyapunov: return LyapunovFigure()
    case .gates: return GatesFigure()
    case .paths: return PathsFigure()
    case .twoTime: return TwoTimeFigure()
    case .states: return StatesFigure()
    case .contributions: return AlignmentFigure()
    }
  }
}
