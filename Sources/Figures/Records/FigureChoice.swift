import Experiments

/// What a reader wants of the figures of a run.
public struct FigureChoice: Sendable {
  /// Along which axis points, curves and panels are; nil: as the figure has it.
  public var x, hue, panel: FigureAxis?

  public init(x: FigureAxis?, hue: FigureAxis?, panel: FigureAxis?) {
    (self.x, self.hue, self.panel) = (x, hue, panel)
  }

  /// Axes of trials.
  public init(x: Axis? = nil, hue: Axis? = nil, panel: Axis? = nil) {
    self.init(
      x: x.map(FigureAxis.trial), hue: hue.map(FigureAxis.trial), panel: panel.map(FigureAxis.trial))
  }
}
