import ArgumentParser
import Experiments

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the progress of a run: trials done, failed and left, time left, for each shard.",
    discussion: """
      Does not disturb a run in progress: it reads a copy of the current state.

        gradflow status runs/decay
        gradflow status runs/decay --json | jq .left
      """)

  @OptionGroup var target: RunTarget

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    try await ExitStatus.interruptible {
      let status = try RunStatus(directory: target.run)
      Terminal.data(json ? status.json.text : text(status))
      guard !json else { return }
      Terminal.say("Next: \(next(status))")
    }
  }

  private func text(_ status: RunStatus) -> String {
    func left(_ seconds: Double?, of progress: RunProgress) -> String {
      guard let seconds, progress.left > 0 else { return "" }
      return ", about \(Duration.text(seconds: seconds)) left"
    }
    var lines = ["\(status.name): " + counts(status.progress) + left(status.secondsLeft, of: status.progress)]
    lines += status.parts.map { part in
      guard let shard = part.shard else { return "  " + activity(part) }
      return "  shard \(shard): \(counts(part.progress)), " + activity(part)
        + left(part.secondsLeft, of: part.progress)
    }
    if status.needsMerge { lines.append("  some results of the shards are not merged yet") }
    return lines.map { WrappedText.paragraph($0, indent: "    ", width: Terminal.width) + "\n" }.joined()
  }

  private func counts(_ progress: RunProgress) -> String {
    var text = "\(progress.done) of \(progress.total) trials done"
    for (count, what) in [
      (progress.failed, "failed"), (progress.left, "left"), (progress.overflowed, "overflowed"),
      (progress.underflowed, "underflowed"), (progress.diverged, "diverged"),
    ] where count > 0 { text += ", \(count) \(what)" }
    return text
  }

  private func activity(_ part: RunStatus.Part) -> String {
    switch part.activity {
    case .running(let process, let host): return "running as process \(process) on \(host)"
    case .silent(let process, let host, let seconds):
      return "process \(process) on \(host) has shown no activity for \(Duration.text(seconds: seconds))"
    case .idle: return part.progress.left == 0 ? "finished" : "not running"
    }
  }

  private func next(_ status: RunStatus) -> String {
    let run = CommandText.path(target.run)
    let isRunning = status.parts.contains {
      if case .running = $0.activity { return true }
      return false
    }
    if status.progress.left > 0, !isRunning {
      let shard = status.parts.first { $0.progress.left > 0 }?.shard
      return status.directory.part(shard).sweepCommand
    }
    if status.needsMerge { return "gradflow merge \(run)" }
    return isRunning ? "gradflow plot \(run)" : "gradflow compare \(run)"
  }
}
