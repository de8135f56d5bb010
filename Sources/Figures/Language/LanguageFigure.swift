import Experiments
import GradientFlow

/// A picture of what was found of a language model on a text.
public protocol LanguageFigure: Figure where Name == LanguageFigureName, Source == LanguageFindings {}

/// The figures of language models. A new one is a file beside this one and a case here.
public enum LanguageFigureName: String, Sendable, CaseIterable {
  case saturation
  case closing

  /// The figure of this name.
  public var figure: any LanguageFigure {
    switch self {
    case .saturation: return SaturationFigure()
    case .closing: return ClosingFigure()
    }
  }
}

/// Figures of a language model, to be written and rendered.
public struct LanguageFigureSet: FigureCollection {
  private let findings: LanguageFindings
  private let names: [LanguageFigureName]
  private let canvas: Canvas
  /// Where the files go.
  public let directory: String

  /// - Parameters:
  ///   - names: which figures, each once.
  ///   - directory: made if it is missing. A folder with files of others is refused.
  public init(
    _ findings: LanguageFindings, names: [LanguageFigureName] = LanguageFigureName.allCases,
    canvas: Canvas = Canvas(), directory: String
  ) {
    (self.findings, self.names, self.canvas, self.directory) = (findings, names.distinct, canvas, directory)
  }

  public func results() throws -> [FigureResult<LanguageFigureName>] {
    try names.map { name in
      try FigureResult(name, canvas) { try name.figure.plot(of: findings) }
    }
  }
}

extension FigureCaption {
  /// Of a language model on a text.
  init(_ findings: LanguageFindings, notes: [String]) {
    self.init(
      parts: [Markup.plain("model \(findings.model)"), Markup.plain("text \(findings.text)")] + notes,
      warning: nil)
  }
}
