import ArgumentParser
import Experiments
import Foundation

/// What is to be run, and where it goes: shared by the commands that start trials.
struct SweepTarget: ParsableArguments {
  @Argument(
    help: "The specification, a YAML file; or the directory of a run, to continue it.",
    completion: .file(extensions: ["yaml", "yml"]))
  var specification: String

  @Argument(help: "key=value: replace a key of the specification.")
  var overrides: [String] = []

  @Option(
    name: [.short, .long], help: "The run directory. Default: runs/NAME, with the specification's name.",
    completion: .directory)
  var output: String?

  func read() throws -> SweepSpecification {
    try SweepSpecification.read(
      path: isRun ? RunDirectory(specification).specification : specification, overrides: overrides)
  }

  func directory(of spec: SweepSpecification) -> String {
    output ?? (isRun ? specification : "runs/\(spec.name)")
  }

  private var isRun: Bool {
    FileManager.default.fileExists(atPath: RunDirectory(specification).specification)
  }
}
