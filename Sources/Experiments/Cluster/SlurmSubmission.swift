import Subprocess

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
    case .failure(.refused(let message)):
      throw SlurmError.refused(script: jobs.arrayScript, message: message)
    case .failure(.nameless(let output)):
      throw SlurmError.noID(script: jobs.arrayScript, merge: jobs.mergeScript, output: output)
    }
    // Whatever becomes of the tasks, what they have is worth having.
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
    let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
    do {
      result = try await Subprocess.run(
        .name("sbatch"), arguments: Arguments(["--parsable"] + arguments), output: .string(limit: 1 << 16),
        error: .string(limit: 1 << 16))
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw SlurmError.missing(script: arguments.last ?? "")
    } catch let error as SubprocessError {
      return .failure(.refused(error.description))
    }
    guard result.terminationStatus == .exited(0) else {
      let lines = result.standardError.split(separator: "\n").map {
        $0.hasPrefix("sbatch: error: ") ? String($0.dropFirst(15)) : String($0)
      }
      return .failure(.refused(lines.isEmpty ? "ended without a message" : lines.joined(separator: "; ")))
    }
    if let id = SlurmJobID(output: result.standardOutput) { return .success(id.text) }
    return .failure(.nameless(result.standardOutput + result.standardError))
  }
}
