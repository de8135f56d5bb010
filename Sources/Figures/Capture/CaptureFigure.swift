import Experiments

/// A picture of what was captured of a training.
public protocol CaptureFigure: Figure where Name == CaptureFigureName, Source == CaptureEvolution {}

/// The figures of captures of a training, which are those of `gradflow train`. A new one is a file beside this one and a
/// case here.
public enum CaptureFigureName: String, Sendable, CaseIterable {
  case evolution
  case norms

  /// The figure of this name.
  public var figure: any CaptureFigure {
    switch self {
    case .evolution: return CapturedEvolutionFigure()
    case .norms: return CapturedNormsFigure()
    }
  }
}

/// Figures of captures of a training, to be written and rendered.
public struct CaptureFigureSet: FigureCollection {
  private let evolution: CaptureEvolution
  private let canvas: Canvas
  /// Where the files go.
  public let directory: String

  /// - Parameter directory: made if it is missing. A folder with files of others is refused.
  public init(_ evolution: CaptureEvolution, canvas: Canvas = Canvas(), directory: String) {
    self.evolution = evolution
    self.canvas = canvas
    self.directory = directory
  }

  public func results() throws -> [FigureResult<CaptureFigureName>] {
    try CaptureFigureName.allCases.map { name in
      try FigureResult(name, canvas) { try name.figure.plot(of: evolution) }
    }
  }
}

extension FigureCaption {
  /// Of captures of a training.
  init(_ evolution: CaptureEvolution, notes: [String]) {
    let refused = evolution.modules.filter { $0.refused > 0 }.map {
      "\($0.name): not drawn at \($0.refused) updates, where it disagrees with what was captured"
    }
    self.init(
      parts: [Markup.plain("model \(evolution.model)"), Markup.plain(evolution.origin)] + notes
        + refused.map { Markup.plain($0) }, warning: nil)
  }
}
