import Foundation

/// Models as people have them, with the right values of their diagnoses, that ship with the tests.
public enum ModelCases {
  /// `Tests/Models`.
  public static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Models").path

  /// A file of a case.
  public static func path(_ folder: String, _ file: String) -> String { "\(directory)/\(folder)/\(file)" }

  /// log10 ‖∂L/∂h_t‖, t = 0…T, by automatic differentiation of the whole model.
  public static func expected(_ folder: String) throws -> [Double] {
    let text = try String(contentsOfFile: path(folder, "expected.csv"), encoding: .utf8)
    return text.split(separator: "\n").dropFirst().compactMap { line in
      Double(line.split(separator: ",")[1])
    }
  }
}
