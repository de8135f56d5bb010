/// Jobs that are in Slurm's queue.
public struct SlurmSubmission: Sendable, Equatable {
  /// Ids of the array and of the merge that waits for it.
  public let array: String, merge: String

  /// Hands the scripts of some jobs to sbatch.
  ///
  /// - Throws: ``SlurmError``.
  public init(_ jobs: SlurmJobs) async throws {
    switch try await Self.sbatch([jobs.arrayScript]) {
    case .success(let id): array = id
    case .failure(let refusal):
      throw SlurmError.refused(script: jobs.arrayScript, message: refusal.message)
    }
    // Whatever becomes of the tasks, what they have is worth having.
    switch try await Self.sbatch(["--dependency=afterany:\(array)", jobs.mergeScript]) {
    case .success(let id): merge = id
    case .failure(let refusal):
      throw SlurmError.mergeRefused(array: array, script: jobs.mergeScript, message: refusal.message)
    }
  }

  private struct Refusal: Error { let message: String }

  /// - Returns: the job's id.
  private static func sbatch(_ arguments: [String]) async throws -> Result<String, Refusal> {
    var process = ChildProcess("sbatch", ["--parsable"] + arguments)
    process.outputLimit = 1 << 16
    let result: ChildProcess.Outcome
    do throws(ChildProcess.Failure) {
      result = try process.run()
    } catch .notFound {
      throw SlurmError.missing(script: arguments.last ?? "")
    } catch .notStarted(let problem) {
      return .failure(Refusal(message: "sbatch cannot be started: \(problem)"))
    } catch .tooSlow(let seconds) {
      return .failure(
        Refusal(
          message: "sbatch had not answered after \(Int(seconds)) s; squeue tells whether the job is there"))
    } catch .tooMuchOutput(let bytes) {
      return .failure(Refusal(message: "sbatch wrote more than \(bytes) bytes"))
    }
    // "ID" or "ID;CLUSTER".
    let id = result.output.prefix { $0.isNumber }
    guard result.status == 0, !id.isEmpty else {
      let lines = result.errors.split(separator: "\n").map {
        $0.hasPrefix("sbatch: error: ") ? String($0.dropFirst(15)) : String($0)
      }
      return .failure(
        Refusal(message: lines.isEmpty ? "ended without a message" : lines.joined(separator: "; ")))
    }
    return .success(String(id))
  }
}
