/// Which job it is, as sbatch says when it has submitted it.
public struct SlurmJobID: Sendable, Hashable, CustomStringConvertible {
  public let number: String
  /// Where sbatch was to choose among clusters: the one that it chose.
  public let cluster: String?

  /// The id in what sbatch printed: on the last line that is a number, `number;cluster` (`--parsable`) or `Submitted
  /// batch job number`. A centre's submit filter may print anything before and after it. nil where there is none.
  init?(in output: String) {
    let line =
      /\s*(?:Submitted batch job )?([0-9]+)(?:;([A-Za-z0-9_.-]*)| on cluster ([A-Za-z0-9_.-]+))?\s*/
    let matches = output.split(whereSeparator: \.isNewline).lazy.reversed().compactMap {
      $0.wholeMatch(of: line)
    }
    guard let match = matches.first else { return nil }
    number = String(match.1)
    cluster = (match.2 ?? match.3).flatMap { $0.isEmpty ? nil : String($0) }
  }

  /// As Slurm's own sentence has it: `12`, or `12 on cluster NAME`.
  public var description: String { cluster.map { "\(number) on cluster \($0)" } ?? number }

  /// The options that let a job wait for this one to end, however it ends, on the cluster that runs it.
  var afterany: [String] {
    ["--dependency=afterany:\(number)"] + (cluster.map { ["--clusters=\($0)"] } ?? [])
  }
}
