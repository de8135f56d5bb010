import ArgumentParser
import Experiments
import Foundation

/// The options of the commands that run trials, and the code that runs them.
struct SweepRun: ParsableArguments {
  @OptionGroup var target: SweepTarget

  @Option(name: .shortAndLong, help: "Trials to run at once. Default: the number of cores.")
  var jobs: Int?

  @Option(
    help: "Run part i of n, from 1/n to n/n, into RUN/shards; 'gradflow merge RUN' merges the parts.")
  var shard: Shard?

  @Option(help: "Order of trials: shuffled (an unfinished run covers the whole grid) or grid.")
  var order: ExecutionOrder = .shuffled

  @Flag(help: "Run failed trials again.")
  var retryFailed = false

  @Flag(help: "Stop at the first failed trial.")
  var failFast = false

  @Option(help: "Memory limit of the process, such as 4GB. Default: nine tenths of the available memory.")
  var memoryLimit: ByteCount?

  @Flag(help: "Show what would run and what it needs; run nothing.")
  var dryRun = false

  @Flag(help: "Draw no figures.")
  var noFigures = false

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs \(jobs): must be from 1 to 1024.")
    }
  }

  /// Runs the sweep.
  ///
  /// - Parameters:
  ///   - watches: whether gradients are shown as they evolve during training.
  ///   - check: throws for a specification that the command does not accept.
  func execute(
    watches: Bool = false, checking check: (SweepSpecification) throws -> Void = { _ in }
  ) async throws {
    try await ExitStatus.reporting {
      let interruption = Interruption()
      interruption.whenReceived { leaveBeforeTheFirstTrial($0) }
      let spec = try target.read()
      try check(spec)
      if let file = spec.task.file, !file.passedOver.isEmpty {
        Terminal.say(
          "\(file.passedOver.joined(separator: ", ")): not there; reading \(file.path) instead. "
            + "script/data makes texts to train on.", unless: quiet)
      }
      let (directory, ownShard) = target.place(of: spec)
      if let ownShard, let shard, shard != ownShard {
        throw ValidationError("--shard \(shard): the directory belongs to shard \(ownShard).")
      }
      let options = options(shard: shard ?? ownShard)
      if dryRun {
        Terminal.data(try SweepPlan(spec, directory: directory, options: options).text)
        return
      }
      let manifest = RunManifest(jobs: options.jobs)
      let sweep = try Sweep(spec, directory: directory, options: options)
      let progress = try await SweepConversation(
        sweep: sweep, options: options, directory: directory, quiet: quiet, watches: watches,
        interruption: interruption
      ).execute()
      try manifest.write(for: sweep.run, progress: progress)
      if progress.left > 0 {
        Terminal.say(
          "gradflow: stopped at a failed trial; \(progress.left) of \(progress.total) trials are left")
        // Other trials may still be computed: the program must not wait for them.
        ExitStatus.someFailed.leave(cleaning: sweep.run.directory.folders)
      }
      if let shard = options.shard {
        Terminal.say(
          "Next, when every shard has finished: gradflow merge \(CommandText.path(directory))", unless: quiet)
        if progress.failed > 0 {
          Terminal.say("gradflow: \(progress.failed) trials of shard \(shard) failed")
          throw ExitStatus.someFailed.code
        }
        return
      }
      try await SweepOutcome(
        run: sweep.run, progress: progress, jobs: options.jobs, drawsFigures: !noFigures,
        memoryLimit: memoryLimit, quiet: quiet, interruption: interruption
      ).present()
    }
  }

  /// Handles a signal that arrives while the sweep is being prepared.
  private func leaveBeforeTheFirstTrial(_ signal: Int32) -> Never {
    Terminal.say("Interrupted before the first trial. To continue, run the same command:", unless: quiet)
    Terminal.say("  \(CommandText.of(CommandLine.arguments))", unless: quiet)
    (shard == nil || signal == SIGINT ? ExitStatus.interrupted : .unfinished).leave()
  }

  private func options(shard: Shard?) -> SweepOptions {
    var options = SweepOptions()
    if let jobs { options.jobs = jobs }
    options.shard = shard
    options.order = order
    options.retriesFailed = retryFailed
    options.failsFast = failFast
    options.memoryLimit = memoryLimit
    return options
  }
}

extension ExecutionOrder: ExpressibleByArgument {}

extension Shard: ExpressibleByArgument {}

extension ByteCount: ExpressibleByArgument {
  public init?(argument: String) { self.init(text: argument) }
}
