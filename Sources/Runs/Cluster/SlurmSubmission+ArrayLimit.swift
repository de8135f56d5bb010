import Foundation
import Machine

extension SlurmSubmission {
  /// Refuses an array that is larger than Slurm takes.
  ///
  /// Where Slurm cannot be asked, sbatch is left to refuse it.
  ///
  /// - Throws: ``SlurmError``.
  static func checkArray(of jobs: SlurmJobs) throws(SlurmError) {
    // sbatch chooses among the clusters: one that takes the array suffices.
    let sizes = clusters(of: jobs).map(maxArraySize)
    guard let size = sizes.compactMap(\.self).max(), !sizes.contains(nil) else { return }
    // The indices are 1...shards, and each has to be below the size.
    guard jobs.options.shards < size else {
      throw .tooManyShards(jobs.options.shards, maxArraySize: size)
    }
  }

  /// The clusters that sbatch may submit to, by name; nil stands for the one of this machine.
  private static func clusters(of jobs: SlurmJobs) -> [String?] {
    guard let names = jobs.clusters ?? ProcessInfo.processInfo.environment["SBATCH_CLUSTERS"] else {
      return [nil]
    }
    return names.split(separator: ",").map(String.init)
  }

  /// Slurm's MaxArraySize on a cluster; nil where it does not say.
  private static func maxArraySize(on cluster: String?) -> Int? {
    var process = ChildProcess("scontrol", (cluster.map { ["--clusters=\($0)"] } ?? []) + ["show", "config"])
    process.timeLimit = 10
    guard let output = try? process.run().output else { return nil }
    for line in output.split(whereSeparator: \.isNewline) {
      if let match = line.wholeMatch(of: /\s*MaxArraySize\s*=\s*([0-9]+)\s*/) { return Int(match.1) }
    }
    return nil
  }
}
