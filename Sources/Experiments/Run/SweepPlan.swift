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
    let cost = try SweepLimits.check(
      trials, jobs: jobs, directory: directory, inputSize: { vocabulary ?? $0.inputSize })
    let steps = trials.reduce(0) { $0 + $1.sequenceLength }
    var lines = [
      "\(specification.name): \(trials.count) trials, \(steps) steps in all, into \(directory)",
      "memory: about \(MachineLimits.text(cost.memory)) on \(jobs) jobs; disk: about \(MachineLimits.text(cost.disk))",
    ]
    if let added = try Sweep.additions(to: RunDirectory(directory), by: specification) {
      if !added.isEmpty { lines.append("added to the run: \(added.joined(separator: "; "))") }
      let known = try Run(directory: directory).store.statuses().filter { $0.value != .failed }
      let left = trials.count { known[$0.id] == nil }
      lines.append("\(trials.count - left) of them are done already, \(left) left")
    }
    lines.append("")
    lines.append(specification.normalisedYAML)
    text = lines.joined(separator: "\n")
  }
}
