import GradientFlow

/// What was found of a language model on a text.
public struct LanguageFindings: Sendable {
  /// What the model is called.
  public let model: String
  /// What the text is called.
  public let text: String
  public let report: UnitReport
  /// nil: closing marks were not looked at.
  public let closing: ClosingErrors?

  public init(model: String, text: String, report: UnitReport, closing: ClosingErrors? = nil) {
    (self.model, self.text, self.report, self.closing) = (model, text, report, closing)
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
