import Foundation
import GradientFlow

/// What a sweep would do, without doing it.
public struct SweepPlan: Sendable {
  /// A few lines for people.
  public let text: String

  /// - Throws: as ``Sweep/init(_:directory:jobs:)``, but writes nothing.
  public init(_ specification: SweepSpecification, directory: String, jobs: Int) throws {
    var sizes: NextCharacter?
    if case .text(_, let path, let sha256) = specification.task {
      sizes = NextCharacter(text: try SweepText.read(path, sha256: sha256))
    }
    let vocabulary = sizes?.inputSize
    let trials = specification.trials
    try SweepLimits.check(
      trials, jobs: jobs, directory: directory, inputSize: { vocabulary ?? $0.inputSize })
    let costs = trials.map { TrialCost($0, inputSize: vocabulary ?? $0.inputSize) }
    let memory = (costs.map(\.memory).max() ?? 0) * Double(min(jobs, trials.count))
    let disk = costs.reduce(0.0) { $0 + $1.disk }
    let steps = trials.reduce(0) { $0 + $1.sequenceLength }
    var lines = [
      "\(specification.name): \(trials.count) trials, \(steps) steps in all, into \(directory)",
      "memory: about \(MachineLimits.text(memory)) on \(jobs) jobs; disk: about \(MachineLimits.text(disk))",
    ]
    if FileManager.default.fileExists(atPath: RunDirectory(directory).specification) {
      let run = try Run(directory: directory)
      switch SpecificationChange(from: run.specification, to: specification) {
      case .same: break
      case .extends(let added):
        lines.append("added to the run: \(added.map(\.description).joined(separator: "; "))")
      case .conflicts(let differences):
        throw RunError.specificationChanged(
          path: directory, differences: differences.map(\.description))
      }
      let known = try run.store.statuses().filter { $0.value != .failed }
      let left = trials.count { known[$0.id] == nil }
      lines.append("\(trials.count - left) of them are done already, \(left) left")
    }
    lines.append("")
    lines.append(specification.normalisedYAML)
    text = lines.joined(separator: "\n")
  }
}
