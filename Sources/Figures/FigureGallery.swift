/// The figures there are. A new one is a file in `Gallery`, or in `Training` for what networks do while they are trained,
/// and an entry here.
extension FigureName: CaseIterable {
  private static let figures: [any RunFigure] = [
    DecayFigure(), RateFigure(), PhaseFigure(), ClippingFigure(), ContributionsFigure(), TheoryFigure(),
    LossFigure(), NormsFigure(), EvolutionFigure(), SuccessFigure(), StepsFigure(), LengthsFigure(),
  ]

  public static let allCases = figures.map { $0.name }

  /// The figure of this name.
  public var figure: any RunFigure {
    guard let figure = Self.figures.first(where: { $0.name == self }) else {
      preconditionFailure("no figure '\(rawValue)'")
    }
    return figure
  }
}
