import TextFiles

/// Why jobs were not submitted.
public enum SlurmError: Error, Sendable, CustomStringConvertible {
  /// sbatch was not found.
  case missing(script: String)
  /// sbatch refused the array; nothing was submitted.
  case refused(script: String, message: String)
  /// sbatch succeeded but printed no id of the array, which may be in the queue.
  case noID(script: String, merge: String, output: String)
  /// The array is in the queue; sbatch succeeded but printed no id of the merge, which may be queued too.
  case noMergeID(array: String, script: String, output: String)
  /// The array is in the queue, the merge is not.
  case mergeRefused(array: String, script: String, message: String)

  /// The lines that sbatch printed, each indented; on the line of the message where there are none.
  private static func printed(_ output: String) -> String {
    let lines = output.split(whereSeparator: \.isNewline)
    return lines.isEmpty ? "it printed nothing. " : "it printed:\n" + lines.map { "  \($0)\n" }.joined()
  }

  public var description: String {
    switch self {
    case .missing(let script):
      return "sbatch: not found on the PATH; submit on a machine with Slurm: sbatch "
        + CommandText.path(script)
    case .refused(let script, let message):
      return "sbatch \(CommandText.path(script)): \(message)"
    case .noID(let script, let merge, let output):
      return "sbatch \(CommandText.path(script)): succeeded but printed no job id; \(Self.printed(output))"
        + "The job may be queued: check with 'squeue --me' before submitting it again, then: "
        + "sbatch --dependency=afterany:ID \(CommandText.path(merge))"
    case .noMergeID(let array, let script, let output):
      return
        "array job \(array) is submitted; sbatch \(CommandText.path(script)) succeeded but printed no job id; "
        + "\(Self.printed(output))The merge may be queued: check with 'squeue --me' before submitting it again with "
        + "--dependency=afterany:\(array)"
    case .mergeRefused(let array, let script, let message):
      return "array job \(array) is submitted, but the merge is not: \(message); to submit it later: "
        + "sbatch --dependency=afterany:\(array) \(CommandText.path(script))"
    }
  }
}
