import Experiments

/// What a reader wants of the figures of a run.
public struct FigureChoice: Sendable {
  /// Along which axis points, curves and panels are; nil: as the figure has it.
  public var x, hue, panel: Axis?

  public init(x: Axis? = nil, hue: Axis? = nil, panel: Axis? = nil) {
    (self.x, self.hue, self.panel) = (x, hue, panel)
  }
}
