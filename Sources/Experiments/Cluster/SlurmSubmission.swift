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
    let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
    do {
      result = try await Subprocess.run(
        .name("sbatch"), arguments: Arguments(["--parsable"] + arguments), output: .string(limit: 1 << 16),
        error: .string(limit: 1 << 16))
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw SlurmError.missing(script: arguments.last ?? "")
    } catch let error as SubprocessError {
      return .failure(Refusal(message: error.description))
    }
    // "ID" or "ID;CLUSTER".
    let id = result.standardOutput.prefix { $0.isNumber }
    guard result.terminationStatus == .exited(0), !id.isEmpty else {
      let lines = result.standardError.split(separator: "\n").map {
        $0.hasPrefix("sbatch: error: ") ? String($0.dropFirst(15)) : String($0)
      }
      return .failure(
        Refusal(message: lines.isEmpty ? "ended without a message" : lines.joined(separator: "; ")))
    }
    return .success(String(id))
  }
}
