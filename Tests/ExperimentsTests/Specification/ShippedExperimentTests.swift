import Experiments
import Foundation
import Testing

@Suite("Shipped experiments") struct ShippedExperimentTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("experiments")
  static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  @Test func thereAreSixteen() { #expect(Self.names.count == 16) }

  @Test(arguments: names) func isASpecificationWithTheNameOfItsFile(file: String) throws {
    let path = Self.folder.appendingPathComponent(file).path
    let specification = try SweepSpecification.read(path: path)
    #expect(specification.name + ".yaml" == file)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let command = specification.trains ? "train" : "sweep"
    #expect(text.contains("#   gradflow \(command) experiments/\(file)"))
  }
}
