import ArgumentParser
import Experiments
import Figures
import Foundation

struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run every trial of a specification, write CSV, draw the figures, compare the cells.",
    discussion: """
      A trial is one point of the grid with one seed. The same command on an existing run continues it: finished \
      trials are never run again, and added axis values or seeds run only what is new.

        gradflow sweep experiments/decay.yaml
        gradflow sweep experiments/decay.yaml seeds=3 sequence_length=[50,100] -o /tmp/small
        gradflow sweep experiments/decay.yaml --dry-run

      Any key of the specification can be replaced by key=value, with a YAML value ('gradflow init' lists them).
      """)

  @Argument(help: "The specification, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var specification: String

  @Argument(help: "key=value: replace a key of the specification.")
  var overrides: [String] = []

  @Option(
    name: [.short, .long], help: "The run directory. Default: runs/NAME, with the specification's name.",
    completion: .directory)
  var output: String?

  @Option(name: .shortAndLong, help: "Trials at a time. Default: the number of cores.")
  var jobs: Int?

  @Flag(help: "Say what would be run and what it would take; run nothing.")
  var dryRun = false

  @Flag(help: "Draw no figures.")
  var noFigures = false

  @Flag(name: .shortAndLong, help: "No progress and no talk, only errors.")
  var quiet = false

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs \(jobs): give 1 to 1024.") }
  }

  func run() async throws {
    try await ExitStatus.reporting {
      let spec = try SweepSpecification.read(path: specification, overrides: overrides)
      let directory = output ?? "runs/\(spec.name)"
      let jobs = self.jobs ?? ProcessInfo.processInfo.activeProcessorCount
      if dryRun {
        Terminal.data(try SweepPlan(spec, directory: directory, jobs: jobs).text)
        return
      }
      let manifest = RunManifest(jobs: jobs, arguments: CommandLine.arguments)
      let sweep = try Sweep(spec, directory: directory, jobs: jobs)
      let progress = try await execute(sweep, jobs: jobs)
      try manifest.write(for: sweep.run, progress: progress)
      if sweep.isStopped {
        say("Interrupted: \(progress.done) of \(progress.total) trials done; the same command continues.")
        throw ExitStatus.interrupted.code
      }
      try await finish(sweep.run, progress)
    }
  }

  private func execute(_ sweep: Sweep, jobs: Int) async throws -> RunProgress {
    let total = sweep.run.trials.count
    let pending = sweep.pending.count
    if !sweep.added.isEmpty { say("Added to the run: \(sweep.added.joined(separator: "; "))") }
    say(
      pending == total
        ? "\(total) trials into \(sweep.run.directory.path), \(jobs) at a time"
        : "\(pending) of \(total) trials left for \(sweep.run.directory.path), \(jobs) at a time")
    let interrupt = InterruptSignal { sweep.stop() }
    defer { interrupt.cancel() }
    let meter = ProgressMeter(pending: pending, silent: quiet)
    let progress = try await sweep.execute(jobs: jobs) { trial, record, progress in
      if let message = record.message {
        meter.line("trial \(trial.id) failed: \(message)")
      }
      meter.update(progress)
    }
    meter.finish(progress)
    return progress
  }

  private func finish(_ run: Run, _ progress: RunProgress) async throws {
    let rows = try await run.exportCSV(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    say("\(run.directory.trials): \(rows.trials) rows")
    say("\(run.directory.timesteps): \(rows.timesteps) rows")
    var drawingFailed: FigureError?
    if !noFigures {
      do {
        try await FigureSet(run).render { if !quiet { FigureReport.say($0) } }
      } catch let error as FigureError {
        drawingFailed = error
      }
    }
    let comparison = try Comparison(run)
    if !quiet { Terminal.data(comparison.text(.text, brief: true)) }
    if progress.failed > 0 {
      say("\(progress.failed) trials failed; see the message column of \(run.directory.trials).")
    }
    if let drawingFailed { Terminal.say("gradflow: \(drawingFailed)") }
    say("Next: gradflow compare \(run.directory.path)")
    if progress.failed > 0 { throw ExitStatus.someFailed.code }
    if let drawingFailed { throw ExitStatus(drawingFailed).code }
  }

  private func say(_ line: String) {
    if !quiet { Terminal.say(line) }
  }
}
