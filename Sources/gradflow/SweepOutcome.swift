import Experiments
import Figures
import Foundation

/// Presents a run's results after a sweep or a merge: CSV, figures, a comparison, the next step.
struct SweepOutcome {
  let run: Run
  let progress: RunProgress
  let jobs: Int
  let drawsFigures: Bool
  /// nil: by what is available.
  var memoryLimit: ByteCount?
  let quiet: Bool
  let interruption: Interruption

  func present() async throws {
    let (place, done, folders) = (run.directory.path, progress.done, run.directory.folders)
    interruption.whenReceived { _ in
      Terminal.say("Interrupted: \(done) trials are stored in \(place), CSV and figures are incomplete.")
      Terminal.say("To continue, run the same command: \(CommandText.of(CommandLine.arguments))")
      ExitStatus.interrupted.leave(cleaning: folders)
    }
    for (path, rows) in try await run.exportCSV(jobs: jobs) {
      // Of steps that were left out, wherever their rows would be.
      let recording = path == run.directory.timesteps ? run.specification.recording : .every
      let some = recording == .every ? "" : ", of some steps (record: \(recording.rawValue))"
      Terminal.say("\(path): \(rows) rows\(some)", unless: quiet)
    }
    var drawingFailed: (any Error)?
    let memory = FigureMemory(run.trials, limit: memoryLimit)
    if drawsFigures, let memoryLimit, memory.needed > memoryLimit {
      Terminal.say(
        "No figures: they need about \(memory.needed) of memory, and the limit is \(memoryLimit); draw them with "
          + "'gradflow plot \(CommandText.path(run.directory.path))'", unless: quiet)
    } else if drawsFigures {
      do {
        try await FigureSet(run, memory: memory).render { if !quiet { FigureReport.say($0) } }
      } catch {
        drawingFailed = error
      }
    }
    let comparison = try RunComparison.text(
      of: run, .text, brief: !run.specification.trains, width: Terminal.width)
    if !quiet { Terminal.data(comparison) }
    if progress.failed > 0 {
      Terminal.say(
        "\(progress.failed) trials failed; see the message column of \(run.directory.trials). "
          + "--retry-failed runs them again.", unless: quiet)
    }
    if let drawingFailed { Terminal.say("gradflow: \(drawingFailed)") }
    Terminal.say("Next: gradflow compare \(CommandText.path(run.directory.path))", unless: quiet)
    if progress.failed > 0 { throw ExitStatus.someFailed.code }
    if let drawingFailed { throw ExitStatus(drawingFailed).code }
  }
}
