import TextFiles

/// Why jobs were not submitted.
public enum SlurmError: Error, Sendable, CustomStringConvertible {
  /// sbatch was not found.
  case missing(script: String)
  /// The array has more tasks than Slurm takes; nothing was submitted.
  case tooManyShards(Int, maxArraySize: Int)
  /// sbatch refused the array.
  case refused(script: String, message: String, output: String?)
  /// sbatch gave no id of the array, which may be in the queue.
  case noID(script: String, merge: String, problem: String, output: String?, clusters: String?)
  /// The array is in the queue; sbatch gave no id of the merge, which may be queued too.
  case noMergeID(array: SlurmJobID, script: String, problem: String, output: String?)
  /// The array is in the queue, the merge is not.
  case mergeRefused(array: SlurmJobID, script: String, message: String, output: String?)

  public var description: String {
    switch self {
    case .missing(let script):
      return "sbatch: not found on the PATH; submit on a machine with Slurm: \(Self.submit([], script))"
    case .tooManyShards(let shards, let size) where size > 1:
      return
        "--shards \(shards): this Slurm takes arrays of up to \(size - 1) tasks (its MaxArraySize is \(size)), "
        + "and nothing was submitted; use --shards \(size - 1) or fewer: tasks that reach their time limit go on later"
    case .tooManyShards(let shards, let size):
      return "--shards \(shards): this Slurm takes no arrays (its MaxArraySize is \(size)), and nothing was "
        + "submitted; run 'gradflow sweep' in a job of your own"
    case .refused(let script, let message, let output):
      return "sbatch \(CommandText.path(script)): \(message)\(Self.printed(output))"
    case .noID(let script, let merge, let problem, let output, let clusters):
      return "sbatch \(CommandText.path(script)): \(problem)\(Self.printed(output))"
        + "\nThe job may be queued: check with '\(Self.queue(clusters))' before submitting it again, then: "
        + Self.submit(["--dependency=afterany:ID"], merge)
    case .noMergeID(let array, let script, let problem, let output):
      return "array job \(array) is submitted; sbatch \(CommandText.path(script)): \(problem)"
        + "\(Self.printed(output))\nThe merge may be queued: check with "
        + "'\(Self.queue(array.cluster))' before submitting it again: \(Self.submit(array.afterany, script))"
    case .mergeRefused(let array, let script, let message, let output):
      return "array job \(array) is submitted, but the merge is not: \(message)\(Self.printed(output))"
        + "\nTo submit it later: \(Self.submit(array.afterany, script))"
    }
  }

  /// The lines that sbatch printed, each indented; nothing where they are not known.
  private static func printed(_ output: String?) -> String {
    guard let lines = output?.split(whereSeparator: \.isNewline) else { return "" }
    return lines.isEmpty ? "; it printed nothing" : "; it printed:" + lines.map { "\n  \($0)" }.joined()
  }

  private static func submit(_ options: [String], _ script: String) -> String {
    CommandText.of(["sbatch"] + options) + " " + CommandText.path(script)
  }

  /// The command that shows the user's jobs.
  private static func queue(_ clusters: String?) -> String {
    CommandText.of(["squeue", "--me"] + (clusters.map { ["--clusters=\($0)"] } ?? []))
  }
}
