import Foundation
import TestSupport

/// Tests that sweep with the built program, in a folder of their own, and compare what came out.
protocol SweepSuite {
  var program: BuiltProgram { get }
  var directory: TemporaryDirectory { get }
}

extension SweepSuite {
  /// Writes a specification named `s`; returns its path.
  func specification(_ lines: String) throws -> String {
    try directory.write("name: s\n" + lines + "\n", to: "s.yaml")
  }

  /// The command that sweeps a specification into a run of the folder.
  func command(_ path: String, into run: String = "run", _ more: [String] = []) -> [String] {
    ["sweep", path, "--no-figures", "-o", directory.file(run)] + more
  }

  /// Whether both CSVs of two runs are the same bytes.
  func isSame(_ one: String, _ other: String) throws -> Bool {
    try ["trials.csv", "timesteps.csv"].allSatisfy {
      try directory.read("\(one)/\($0)") == directory.read("\(other)/\($0)")
    }
  }
}
