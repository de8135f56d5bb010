import ArgumentParser
import Experiments
import Foundation

struct MergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Bring the shards of a run together: one store, CSV, figures, comparison.",
    discussion: """
      Takes what the shards in RUN/shards have so far, also while they are being run; merging again adds what is \
      new. Trials that more than one shard has must have the same result; results of another specification or of a \
      newer program are refused. Exit code 75 while trials are missing.

        gradflow sweep experiments/decay.yaml --shard 1/2     on one machine
        gradflow sweep experiments/decay.yaml --shard 2/2     on another
        gradflow merge runs/decay
      """)

  @Argument(help: "A run directory.", completion: .directory)
  var run: String

  @Flag(help: "Draw no figures.")
  var noFigures = false

  @Flag(name: .shortAndLong, help: "No talk, only errors.")
  var quiet = false

  func run() async throws {
    try await ExitStatus.reporting {
      let interruption = Interruption()
      let folders = RunDirectory(self.run).folders
      interruption.whenReceived { _ in
        Terminal.say("Interrupted: what was merged is stored; the same command goes on")
        ExitStatus.interrupted.leave(cleaning: folders)
      }
      let jobs = ProcessInfo.processInfo.activeProcessorCount
      let manifest = RunManifest(jobs: jobs, arguments: CommandLine.arguments)
      let merge = try ShardMerge(directory: self.run)
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
        let place = missing.shard.map { run.directory(of: $0) } ?? run
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
      Terminal.say("\(merge.duplicates) trials were there twice, with the same result")
    }
    if merge.provenances.count > 1 {
      Terminal.say("Computed by different programs or processors, whose last digits may differ:")
      for provenance in merge.provenances { Terminal.say("  \(provenance)") }
    }
  }
}
