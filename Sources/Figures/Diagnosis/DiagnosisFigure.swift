import GradientFlow

/// A picture of a model's diagnosis, left out where it says nothing about the model or the plan omits what it draws.
public protocol DiagnosisFigure: Figure where Name == DiagnosisFigureName, Source == ModelDiagnosis {}

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
