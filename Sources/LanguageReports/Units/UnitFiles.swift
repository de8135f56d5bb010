import Foundation
import GradientFlow
import TextFiles

/// The tables of a look at units, in a folder.
public struct UnitFiles {
  private let path: String

  /// - Parameter path: a new or empty folder, or one of an earlier look.
  /// - Throws: `RunError` for a folder with files of others.
  public init(_ path: String) throws {
    try OutputFolder.units.check(path)
    self.path = path
  }

  /// Writes the tables.
  ///
  /// - Returns: their paths.
  /// - Throws: `RunError`.
  public func write(_ findings: LanguageFindings) throws -> [String] {
    try makeDirectory(path)
    let text = UnitReportText(findings.report)
    var files = [("units.csv", text.unitsCSV), ("associations.csv", text.associationsCSV)]
    if let closing = findings.closing { files.append(("closing.csv", ClosingErrorsText(closing).csv)) }
    return try files.map { name, content in
      let place = PathName.joined(path, name)
      try WrittenText.write(content, to: place)
      return place
    }
  }
}
