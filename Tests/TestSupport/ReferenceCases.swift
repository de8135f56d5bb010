import Foundation

/// The reference cases that ship with the tests.
public enum ReferenceCases {
  /// `Tests/Reference`.
  public static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Reference").path

  /// The cases by name, as `cases.json` lists them.
  public static let names: [String] = {
    struct Index: Decodable { let cases: [String] }
    let data = FileManager.default.contents(atPath: directory + "/cases.json") ?? Data()
    return (try? JSONDecoder().decode(Index.self, from: data).cases) ?? []
  }()

  /// The directory of a case.
  public static func path(_ name: String) -> String { directory + "/" + name }
}
