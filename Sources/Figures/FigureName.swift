/// The figures there are. A new one is a file in `Gallery`, or in `Training` for what networks do while they are trained,
/// and a case here.
public enum FigureName: String, Sendable, CaseIterable {
  case decay
  case rate
  case phase
  case clipping
  case contributions
  case theory
  case loss
  case norms
  case evolution
  case success

  /// The figure of this name.
  public var figure: any Figure {
    switch self {
    case .decay: return DecayFigure()
    case .rate: return RateFigure()
    case .phase: return PhaseFigure()
    case .clipping: return ClippingFigure()
    case .contributions: return ContributionsFigure()
    case .theory: return TheoryFigure()
    case .loss: return LossFigure()
    case .norms: return NormsFigure()
    case .evolution: return EvolutionFigure()
    case .success: return SuccessFigure()
    }
  }
}
