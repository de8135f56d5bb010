/// Why jobs were not submitted.
public enum SlurmError: Error, Sendable, CustomStringConvertible {
  /// There is no sbatch.
  case missing(script: String)
  /// sbatch refused the array; nothing was submitted.
  case refused(script: String, message: String)
  /// The array is in the queue, the merge is not.
  case mergeRefused(array: String, script: String, message: String)

  public var description: String {
    switch self {
    case .missing(let script):
      return "sbatch: no such program on the PATH; submit on a machine that has Slurm: sbatch "
        + CommandText.quoted(script)
    case .refused(let script, let message):
      return "sbatch \(CommandText.quoted(script)): \(message)"
    case .mergeRefused(let array, let script, let message):
      return "array job \(array) is submitted, but the merge is not: \(message); later: "
        + "sbatch --dependency=afterany:\(array) \(CommandText.quoted(script))"
    }
  }
}
