import Experiments
import Foundation
import LanguageReports

/// A running sweep: what users see of it, and how they stop it.
struct SweepConversation {
  let sweep: Sweep
  let options: SweepOptions
  let directory: String
  let quiet, watches: Bool
  let interruption: Interruption

  /// Runs it to its end; exits if it is interrupted.
  func execute() async throws -> RunProgress {
    announce()
    let meter = ProgressMeter(silent: quiet)
    if watches {
      sweep.monitor.watch()
      meter.note(TrainingReport.watchedHead)
    }
    listen(meter)
    // One line per training run, unless there are too many to read.
    let speaksOfTrainings = sweep.pending.count <= 100
    let labels = TrainingLabels(speaksOfTrainings ? sweep.run.trials : [])
    let progress: SweepProgress
    do {
      progress = try await sweep.execute(
        observe: { [directory] trial, record, progress in
          if let message = record.message {
            meter.line(
              "trial \(trial.id) failed: \(message); to run it again: gradflow repro "
                + "\(CommandText.path(directory)) \(trial.id)"
            )
          } else if speaksOfTrainings, trial.training != nil {
            meter.note(TrainingReport.line(trial, record, labels))
          }
          meter.update(progress)
        },
        follow: { [sweep] progress, courses in
          meter.watch(sweep.monitor.takeRows())
          meter.follow(progress, courses)
        },
        begin: { [sweep, options, quiet] atOnce in
          guard atOnce < min(options.jobs, sweep.pending.count) else { return }
          Terminal.say(
            "The system gives no more threads: running \(atOnce) at a time (limited by ulimit -u, a container or a "
              + "batch job)",
            unless: quiet)
        },
        linger: { [quiet] courses in
          meter.endLine()
          Terminal.say(InterruptedTrainings(courses: courses).waiting, unless: quiet)
        })
    } catch {
      meter.endLine()
      // Trials are still being computed: the program must not wait for them.
      Terminal.say("gradflow: \(error)")
      ExitStatus(error).leave(cleaning: sweep.run.directory.folders)
    }
    meter.watch(sweep.monitor.takeRows())
    meter.finish(progress)
    TrainingReport.cost(sweep).map { Terminal.say($0, unless: quiet) }
    if let signal = interruption.signal, progress.counts.left > 0 { leave(progress, signal) }
    return progress.counts
  }

  /// Ends the sweep when a signal comes, and the program at once when Ctrl-C comes again, or where the sweep does not
  /// return.
  private func listen(_ meter: ProgressMeter) {
    let trains = sweep.run.specification.trains
    let leaveAtOnce: @Sendable (Int32) -> Void = { [self] signal in
      meter.endLine()
      let courses = sweep.monitor.running + sweep.monitor.stopped
      Terminal.say(
        "Stopped at once. "
          + (InterruptedTrainings(courses: courses).outcome ?? "Finished trials are stored.")
          + " To continue, run the same command:", unless: quiet)
      Terminal.say("  \(CommandText.of(CommandLine.arguments))", unless: quiet)
      (options.shard == nil || signal == SIGINT ? ExitStatus.interrupted : .unfinished).leave()
    }
    interruption.whenReceived(
      { [sweep] signal in
        sweep.stop()
        guard !trains else { return }
        // A disk that does not answer, or a trial on the only thread there is.
        sleep(3)
        if !sweep.hasEnded { leaveAtOnce(signal) }
      }, again: { leaveAtOnce(SIGINT) })
  }

  private func announce() {
    let (total, pending) = (sweep.run.trials.count, sweep.pending.count)
    if !sweep.added.isEmpty {
      Terminal.say("Added to the run: \(sweep.added.joined(separator: "; "))", unless: quiet)
    }
    let place = sweep.run.directory.path
    let jobs = "\(options.jobs) at a time"
    Terminal.say(
      pending == total
        ? "\(total) trials into \(place), \(jobs)"
        : "\(pending) of \(total) trials left for \(place), \(jobs)", unless: quiet)
    Terminal.say(sweep.expectation, unless: quiet)
    if let corpus = sweep.corpus { Terminal.say(CorpusText(corpus).text, unless: quiet) }
  }

  /// After a signal: what is stored, and how to continue.
  private func leave(_ progress: SweepProgress, _ signal: Int32) -> Never {
    let counts = progress.counts
    let part = options.shard.map { " of shard \($0)" } ?? ""
    Terminal.say(
      "Interrupted: \(counts.done) of \(counts.total) trials\(part) are stored in \(sweep.run.directory.path). "
        + (InterruptedTrainings(courses: sweep.monitor.stopped).outcome.map { $0 + " " } ?? "")
        + "To continue, run the same command:", unless: quiet)
    Terminal.say("  \(CommandText.of(CommandLine.arguments))", unless: quiet)
    let folders = sweep.run.directory.folders
    guard options.shard != nil, signal != SIGINT else { ExitStatus.interrupted.leave(cleaning: folders) }
    // Going on makes sense only where it leads further.
    if signal == SIGUSR1, progress.ran == 0, sweep.monitor.stopped.allSatisfy({ $0.checkpoint == nil }) {
      Terminal.say(
        "gradflow: no trial finished before the time limit; allow more time, raise --jobs or shorten the sequences"
      )
      ExitStatus.someFailed.leave(cleaning: folders)
    }
    ExitStatus.unfinished.leave(cleaning: folders)
  }
}
