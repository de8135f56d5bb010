import Figures

/// The names that tests speak of.
extension FigureName {
  static let decay: FigureName = "decay", rate: FigureName = "rate", phase: FigureName = "phase"
  static let clipping: FigureName = "clipping", contributions: FigureName = "contributions"
  static let theory: FigureName = "theory", loss: FigureName = "loss", norms: FigureName = "norms"
  static let evolution: FigureName = "evolution", success: FigureName = "success"
}
