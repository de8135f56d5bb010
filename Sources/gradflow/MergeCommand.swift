import ArgumentParser
import Experiments
import Foundation

struct MergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge the shards of a run into one store, and write CSV, figures and a comparison.",
    discussion: """
      Takes the results that the shards in RUN/shards have so far, even while they run; merging again adds new \
      results. A trial found in several shards must have the same result in each. Results of another specification or \
      of a newer program are refused. The exit code is 75 while trials are missing.

      On one machine:
        gradflow sweep experiments/decay.yaml --shard 1/2

      On another:
        gradflow sweep experiments/decay.yaml --shard 2/2

      Then:
        gradflow merge runs/decay
      """)

  @OptionGroup var target: RunTarget

  @Flag(help: "Draw no figures.")
  var noFigures = false

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  func run() async throws {
    try await ExitStatus.reporting {
      let interruption = Interruption()
      let folders = RunDirectory(target.run).folders
      interruption.whenReceived { _ in
        Terminal.say("Interrupted: what was merged is stored; run the same command to continue")
        ExitStatus.interrupted.leave(cleaning: folders)
      }
      let jobs = ProcessInfo.processInfo.activeProcessorCount
      let manifest = RunManifest(jobs: jobs)
      let merge = try ShardMerge(directory: target.run)
      try manifest.write(for: merge.run, progress: merge.progress)
      if !quiet { say(merge) }
      defer { withExtendedLifetime(merge) {} }
      var outcome: (any Error)?
      do {
        try await SweepOutcome(
          run: merge.run, progress: merge.progress, jobs: jobs, drawsFigures: !noFigures, quiet: quiet,
          interruption: interruption
        ).present()
      } catch {
        outcome = error
      }
      if merge.missing.isEmpty {
        if let outcome { throw outcome }
        return
      }
      if let outcome, !(outcome is ExitCode) { Terminal.say("gradflow: \(outcome)") }
      Terminal.say("gradflow: \(merge.progress.left) of \(merge.progress.total) trials are missing:")
      let run = merge.run.directory
      for missing in merge.missing {
        let place = run.part(missing.shard)
        Terminal.say("  \(missing.trials) trials: \(place.sweepCommand)")
      }
      throw ExitStatus.unfinished.code
    }
  }

  private func say(_ merge: ShardMerge) {
    for part in merge.parts {
      Terminal.say("shard \(part.shard): \(part.trials) trials, \(part.added) new")
    }
    if merge.duplicates > 0 {
      Terminal.say("\(merge.duplicates) trials were found more than once, with the same result")
    }
    if merge.provenances.count > 1 {
      Terminal.say("Computed by different versions or processors; the last digits may differ:")
      for provenance in merge.provenances { Terminal.say("  \(provenance)") }
    }
  }
}
