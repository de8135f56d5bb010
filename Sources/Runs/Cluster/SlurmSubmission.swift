import Machine

/// Jobs that are in Slurm's queue.
public struct SlurmSubmission: Sendable, Equatable {
  /// Ids of the array and of the merge that waits for it.
  public let array: String, merge: String

  /// Submits job scripts with sbatch.
  ///
  /// - Throws: ``SlurmError``.
  public init(_ jobs: SlurmJobs) async throws {
    let (arrayScript, mergeScript) = (jobs.arrayScript, jobs.mergeScript)
    let array = try Self.sbatch(
      [arrayScript], refused: { .refused(script: arrayScript, message: $0) },
      nameless: { .noID(script: arrayScript, merge: mergeScript, output: $0) })
    self.array = array
    // Whatever happens to the tasks, their results are worth merging.
    merge = try Self.sbatch(
      ["--dependency=afterany:\(array)", mergeScript],
      refused: { .mergeRefused(array: array, script: mergeScript, message: $0) },
      nameless: { .noMergeID(array: array, script: mergeScript, output: $0) })
  }

  /// - Parameters:
  ///   - refused: the error where nothing was submitted, with the reason.
  ///   - nameless: the error where something may be in the queue, for sbatch ended well, and what it printed has no id.
  /// - Returns: the job's id.
  private static func sbatch(
    _ arguments: [String], refused: (String) -> SlurmError, nameless: (String) -> SlurmError
  ) throws -> String {
    var process = ChildProcess("sbatch", ["--parsable"] + arguments)
    process.outputLimit = 1 << 16
    let result: ChildProcess.Outcome
    do throws(ChildProcess.Failure) {
      result = try process.run()
    } catch .notFound {
      throw SlurmError.missing(script: arguments.last ?? "")
    } catch .notStarted(let problem) {
      throw refused("sbatch cannot be started: \(problem)")
    } catch .tooSlow(let seconds) {
      throw nameless("sbatch did not answer within \(Int(seconds)) s; squeue shows whether the job is queued")
    } catch .tooMuchOutput(let bytes) {
      throw nameless("sbatch wrote more than \(bytes) bytes")
    }
    guard result.status == 0 else {
      let lines = result.errors.split(separator: "\n").map {
        $0.hasPrefix("sbatch: error: ") ? String($0.dropFirst(15)) : String($0)
      }
      throw refused(lines.isEmpty ? "ended without a message" : lines.joined(separator: "; "))
    }
    guard let id = jobID(in: result.output) else { throw nameless(result.output + result.errors) }
    return id
  }

  /// The id in what sbatch printed: on the last line that is a number, `number;cluster` (`--parsable`) or `Submitted
  /// batch job number`. Submit filters of a centre may print anything before it. nil where there is none.
  private static func jobID(in output: String) -> String? {
    for line in output.split(whereSeparator: \.isNewline).reversed() {
      let id = /\s*(?:Submitted batch job )?([0-9]+)(?:;\S*| on cluster \S+)?\s*/
      if let match = line.wholeMatch(of: id) { return String(match.1) }
    }
    return nil
  }
}
