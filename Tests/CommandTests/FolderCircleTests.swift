import Foundation
import TestSupport
import Testing

@Suite("Folders") struct FolderCircleTests {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../script/circles").standardizedFileURL.path
  private static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

  /// The folders of each module depend on each other in one direction.
  @Test(.enabled(if: hasPython, "python3 is not there")) func haveNoCircles() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [Self.script]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
  }
}
