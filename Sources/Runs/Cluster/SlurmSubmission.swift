import Machine

/// Jobs that are in Slurm's queue.
public struct SlurmSubmission: Sendable, Equatable {
  /// Ids of the array and of the merge that waits for it.
  public let array: SlurmJobID, merge: SlurmJobID

  /// Submits job scripts with sbatch, unless the array is larger than Slurm takes.
  ///
  /// - Throws: ``SlurmError``.
  public init(_ jobs: SlurmJobs) async throws {
    try Self.checkArray(of: jobs)
    let (arrayScript, mergeScript) = (jobs.arrayScript, jobs.mergeScript)
    // Once more on the command line: sbatch takes SBATCH_ACCOUNT and its like before what a script says.
    let array = try Self.sbatch(
      jobs.passedOn.map(\.argument) + [arrayScript],
      refused: { .refused(script: arrayScript, message: $0, output: $1) },
      nameless: {
        .noID(script: arrayScript, merge: mergeScript, problem: $0, output: $1, clusters: jobs.clusters)
      })
    self.array = array
    // Whatever happens to the tasks, their results are worth merging.
    let others = jobs.passedOn.filter { array.cluster == nil || $0.name != "clusters" }
    merge = try Self.sbatch(
      array.afterany + others.map(\.argument) + [mergeScript],
      refused: { .mergeRefused(array: array, script: mergeScript, message: $0, output: $1) },
      nameless: { .noMergeID(array: array, script: mergeScript, problem: $0, output: $1) })
  }

  /// - Parameters:
  ///   - refused: the error where nothing was submitted, with the reason and what sbatch printed on standard output.
  ///   - nameless: the error where something may be in the queue, with what happened and what sbatch printed,
  ///     if that is known.
  private static func sbatch(
    _ arguments: [String], refused: (String, String?) -> SlurmError, nameless: (String, String?) -> SlurmError
  ) throws -> SlurmJobID {
    var process = ChildProcess("sbatch", ["--parsable"] + arguments)
    process.outputLimit = 1 << 16
    let result: ChildProcess.Outcome
    do throws(ChildProcess.Failure) {
      result = try process.run()
    } catch .notFound {
      throw SlurmError.missing(script: arguments.last ?? "")
    } catch .notStarted(let problem) {
      throw refused("sbatch cannot be started: \(problem)", nil)
    } catch .tooSlow(let seconds) {
      throw nameless("did not end within \(Int(seconds)) s", nil)
    } catch .tooMuchOutput(let bytes) {
      throw nameless("wrote more than \(bytes) bytes", nil)
    }
    let printed = result.output + result.errors
    let id = SlurmJobID(in: result.output)
    switch (result.status, id) {
    case (0, let id?): return id
    case (0, nil): throw nameless("succeeded but printed no job id", printed)
    case (nil, _): throw nameless("was ended by a signal", printed)
    // What comes after the submission, as in a wrapper of the centre, may have failed.
    case (let status?, _?):
      throw nameless("printed what may be a job id, but ended with exit code \(status)", printed)
    case (_, nil):
      let lines = result.errors.split(separator: "\n").map {
        $0.hasPrefix("sbatch: error: ") ? String($0.dropFirst(15)) : String($0)
      }
      throw refused(
        lines.isEmpty ? "ended without a message" : lines.joined(separator: "; "),
        result.output.isEmpty ? nil : result.output)
    }
  }
}
