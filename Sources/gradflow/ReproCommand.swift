import ArgumentParser
import Experiments

struct ReproCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repro",
    abstract: "Run one recorded trial again and compare it bit for bit.",
    discussion: """
      The exit code is 0 if every number is the same, 1 if not. Identical bits are guaranteed for the same version on \
      the same type of processor; if a trial was recorded with another one, the output says so.

        gradflow repro runs/decay 0c1f8a2b93de
      """)

  @OptionGroup var target: RunTarget

  @Argument(help: "The trial's id, or its first digits.")
  var trial: String

  func run() async throws {
    try await ExitStatus.interruptible {
      let reproduction = try TrialReproduction(directory: target.run, trial: trial)
      Terminal.data(text(reproduction))
      if !reproduction.differences.isEmpty { throw ExitStatus.someFailed.code }
      Terminal.say("Next: gradflow compare \(CommandText.path(target.run))")
    }
  }

  private func text(_ found: TrialReproduction) -> String {
    var text = "trial \(found.trial.id): \(found.trial.canonicalJSON)\n"
    let message = found.again.message.map { ": \($0)" } ?? ""
    text += "status \(found.again.status.rawValue)\(message)\n"
    if let recorder = found.recordedBy, recorder.description != Provenance.current.description {
      text += "recorded by \(recorder.description); this is \(Provenance.current.description)\n"
    }
    if found.differences.isEmpty {
      return text + "all \(found.compared) numbers are the same, bit for bit\n"
    }
    text += "\(found.differences.count) of \(found.compared) numbers differ:\n"
    for difference in found.differences.prefix(10) {
      let place = difference.step.map { " at t = \($0)" } ?? ""
      text +=
        "  \(difference.quantity)\(place): recorded \(shown(difference.recorded)), now \(shown(difference.again))\n"
    }
    if found.differences.count > 10 { text += "  …\n" }
    return text
  }

  private func shown(_ text: String) -> String { text.isEmpty ? "nothing" : text }
}
