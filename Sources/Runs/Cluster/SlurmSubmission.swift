import Machine

/// Jobs that are in Slurm's queue.
public struct SlurmSubmission: Sendable, Equatable {
  /// Ids of the array and of the merge that waits for it.
  public let array: String, merge: String

  /// Submits job scripts with sbatch.
  ///
  /// - Throws: ``SlurmError``.
  public init(_ jobs: SlurmJobs) async throws {
    switch try await Self.sbatch([jobs.arrayScript]) {
    case .success(let id): array = id
    case .failure(.refused(let message)):
      throw SlurmError.refused(script: jobs.arrayScript, message: message)
    case .failure(.nameless(let output)):
      throw SlurmError.noID(script: jobs.arrayScript, merge: jobs.mergeScript, output: output)
    }
    // Whatever happens to the tasks, their results are worth merging.
    switch try await Self.sbatch(["--dependency=afterany:\(array)", jobs.mergeScript]) {
    case .success(let id): merge = id
    case .failure(.refused(let message)):
      throw SlurmError.mergeRefused(array: array, script: jobs.mergeScript, message: message)
    case .failure(.nameless(let output)):
      throw SlurmError.noMergeID(array: array, script: jobs.mergeScript, output: output)
    }
  }

  private enum Failure: Error {
    /// Nothing was submitted.
    case refused(String)
    /// Something may be in the queue, for sbatch ended well; what it printed has no id.
    case nameless(String)
  }

  /// - Returns: the job's id.
  private static func sbatch(_ arguments: [String]) async throws -> Result<String, Failure> {
    var process = ChildProcess("sbatch", ["--parsable"] + arguments)
    process.outputLimit = 1 << 16
    let result: ChildProcess.Outcome
    do throws(ChildProcess.Failure) {
      result = try process.run()
    } catch .notFound {
      throw SlurmError.missing(script: arguments.last ?? "")
    } catch .notStarted(let problem) {
      return .failure(.refused("sbatch cannot be started: \(problem)"))
    } catch .tooSlow(let seconds) {
      return .failure(
        .nameless("sbatch did not answer within \(Int(seconds)) s; squeue shows whether the job is queued"))
    } catch .tooMuchOutput(let bytes) {
      return .failure(.nameless("sbatch wrote more than \(bytes) bytes"))
    }
    guard result.status == 0 else {
      let lines = result.errors.split(separator: "\n").map {
        $0.hasPrefix("sbatch: error: ") ? String($0.dropFirst(15)) : String($0)
      }
      return .failure(.refused(lines.isEmpty ? "ended without a message" : lines.joined(separator: "; ")))
    }
    if let id = jobID(in: result.output) { return .success(id) }
    return .failure(.nameless(result.output + result.errors))
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
