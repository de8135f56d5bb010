import Experiments
import Foundation
import Testing

/// Parses a noise specification; `name` is put first when it is missing.
func parse(_ lines: String, overrides: [String] = []) throws -> SweepSpecification {
  let text = lines.contains("name:") ? lines : "name: x\n\(lines)"
  return try SweepSpecification.parse(text: text, file: "x.yaml", overrides: overrides)
}

/// The error that a specification's text gives.
func failure(
  _ text: String, overrides: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
) -> SpecificationError? {
  do throws(SpecificationError) {
    _ = try SweepSpecification.parse(text: text, file: "x.yaml", overrides: overrides)
    Issue.record("no error for \(text)", sourceLocation: sourceLocation)
    return nil
  } catch {
    return error
  }
}

/// Runs a test with a folder of its own that holds some files.
func withFolder<Result>(
  _ files: [String: Data], _ body: (String) throws -> Result
) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
  return try body(folder.path)
}
