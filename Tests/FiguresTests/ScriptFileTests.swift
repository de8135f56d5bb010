import Figures
import Foundation
import GradientFlow
import Testing

@Suite struct ScriptFileTests {
  @Test func writesTheTextAsItIs() throws {
    let path = NSTemporaryDirectory() + "script-\(UUID().uuidString).gp"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = "# ‖∂L/∂h_t‖\nplot sin(x)\n" + String(repeating: "# line\n", count: 20_000)
    try ScriptFile.write(text, to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test func reportsAPathThatCannotBeWritten() {
    let path = NSTemporaryDirectory() + "missing-\(UUID().uuidString)/a.gp"
    let error = #expect(throws: ModelFileError.self) { try ScriptFile.write("plot x", to: path) }
    #expect(error?.kind == .cannotWrite && error?.file == path)
    #expect(error?.found.contains("No such file or directory") == true)
  }

  @Test func leavesNothingBesideTheFileWhenTheNameIsTaken() throws {
    let directory = NSTemporaryDirectory() + "taken-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try FileManager.default.createDirectory(
      atPath: directory + "/a.gp/b", withIntermediateDirectories: true)
    #expect(throws: ModelFileError.self) { try ScriptFile.write("plot x", to: directory + "/a.gp") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["a.gp"])
  }
}
