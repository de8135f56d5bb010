import Experiments
import Foundation
import GradientFlow
import Testing

/// The tables of the documents against the code: what a run reads and writes is documented, and what is documented is
/// there.
@Suite("Documents name every key and column") struct DocumentTests {
  private struct Document {
    /// The names in the first cells of its tables.
    let names: Set<String>

    init(_ name: String) throws {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs")
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      names = Set(
        text.split(separator: "\n").filter { $0.hasPrefix("|") }.flatMap { line in
          line.split(separator: "|", omittingEmptySubsequences: true).first.map { cell in
            cell.matches(of: /`([a-z][a-z0-9_]*)`/).map { String($0.1) }
          } ?? []
        })
    }
  }

  @Test func everyKeyOfASpecification() throws {
    let names = try Document("sweeps.md").names.union(Document("training.md").names)
    for key in SpecificationKey.allCases { #expect(names.contains(key.rawValue), "\(key.rawValue)") }
  }

  @Test func noKeyThatThereIsNot() throws {
    let keys = Set(SpecificationKey.allCases.map(\.rawValue))
    let named = try Document("sweeps.md").names
    #expect(named.subtracting(keys).isEmpty)
  }

  @Test func everyColumnOfARun() throws {
    let names = try Document("results.md").names
    let specification = try SweepSpecification.parse(
      text: "name: x\ntask: {kind: adding}\niterations: 5", file: "x.yaml")
    let columns =
      TrialsCSV(specification).columns.map(\.name) + StepDiagnosis.columns.map(\.name)
      + TrainingRow.columns.map(\.name) + TrainingProfile.columns.map(\.name).filter { $0 != "t" }
      + Axis.all.map(\.column) + Self.networkColumns
    for column in columns { #expect(names.contains(column), "\(column)") }
  }

  /// Of tables and columns that only runs with networks of several layers, with lengths or with encoders have, and of
  /// diagnoses.
  private static let networkColumns =
    LayerRecord.columns.map(\.name) + LengthTest.columns.map(\.name)
    + StepTest.columns.map(\.name).filter { $0 != "t" } + Baseline.columns.map(\.name) + [
      "test_perplexity", "overfitting_since",
      "layer", "direction", "part", "sequences", "log10_grad_x",
    ]

  @Test func noColumnThatThereIsNot() throws {
    let specification = try SweepSpecification.parse(
      text: "name: x\ntask: {kind: adding}\niterations: 5", file: "x.yaml")
    let known = Set(
      TrialsCSV(specification).columns.map(\.name) + StepDiagnosis.columns.map(\.name)
        + TrainingRow.columns.map(\.name) + TrainingProfile.columns.map(\.name) + Axis.all.map(\.column)
        + ["layer", "direction"] + Self.networkColumns + TrialStatus.allCases.map(\.rawValue))
    #expect(try Document("results.md").names.subtracting(known).isEmpty)
  }
}
