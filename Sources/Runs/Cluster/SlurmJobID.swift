/// The id that sbatch gives a job.
struct SlurmJobID: Sendable, Equatable {
  package let text: String

  /// From what sbatch printed: the last line that is a number, `number;cluster` (`--parsable`) or `Submitted batch job
  /// number`. Submit filters of a centre may print anything before it. nil where there is none.
  package init?(output: String) {
    for line in output.split(whereSeparator: \.isNewline).reversed() {
      guard
        let match = line.wholeMatch(of: /\s*(?:Submitted batch job )?([0-9]+)(?:;\S*| on cluster \S+)?\s*/)
      else { continue }
      text = String(match.1)
      return
    }
    return nil
  }
}
