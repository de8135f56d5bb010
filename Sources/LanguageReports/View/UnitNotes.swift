import Foundation
import GradientFlow
import TextFiles

/// What is known of each unit, in a few words: the feature that it keeps best.
public struct UnitNotes {
  public let notes: [UnitName: String]
  /// Characters that are read for it, and the least that are worth it.
  private static let limit = 100_000, least = 5000

  /// nil for a text that is too short to tell.
  ///
  /// - Parameter text: a file; nil: the test part of the text that the model was trained on.
  public init?(_ model: ReadLanguageModel, text: String?) throws {
    let look = UnitLook(model, text: text, training: nil, limit: Self.limit)
    guard let report = try look.report(UnitReportOptions(), least: Self.least) else { return nil }
    var notes: [UnitName: String] = [:]
    for finding in report.findings where notes[finding.unit] == nil {
      notes[finding.unit] =
        "keeps: \(finding.association.feature.replacing("_", with: " ")) (r² "
        + "\(Brief.number(finding.association.rSquared)), chance \(Brief.number(finding.chance)))"
    }
    self.notes = notes
  }
}
