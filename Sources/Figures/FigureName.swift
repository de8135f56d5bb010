/// The figures there are. A new one is a file in `Gallery` and a case here.
public enum FigureName: String, Sendable, CaseIterable {
  case decay
  case rate
  case phase
  case clipping
  case contributions
  case theory

  /// The figure of this name.
  public var figure: any Figure {
    switch self {
    case .decay: return DecayFigure()
    case .rate: return RateFigure()
    case .phase: return PhaseFigure()
    case .clipping: return ClippingFigure()
    case .contributions: return ContributionsFigure()
    case .theory: return TheoryFigure()
    }
  }
}
