import Foundation
import GradientFlow
import Machine
import Specification
import TextFiles
import Trials

/// A sweep as Slurm jobs: an array with one task per shard, and a job that merges when all tasks have ended.
///
/// A task that is asked to end before its time limit, or that loses its node, resumes later where it stopped.
public struct SlurmJobs: Sendable {
  /// What is asked of Slurm.
  public struct Options: Sendable {
    public var shards: Int
    /// Tasks to run at once; nil: as many as fit.
    public var maxConcurrent: Int?
    /// Time limit of a task; nil: twice the estimate, between ten minutes and a day.
    public var time: SlurmTime?
    /// nil: the cluster's default.
    public var partition: String?
    /// The account that is charged; nil: the user's default.
    public var account: String?
    /// Quality of service; nil: the account's default.
    public var qos: String?
    /// Any other options of sbatch, for both jobs.
    public var sbatch: [SlurmOption] = []
    /// Cores per task, which is also the number of trials it runs at once.
    public var cores = 1
    /// Memory of a task; nil: as estimated.
    public var memory: ByteCount?

    public init(shards: Int) { self.shards = shards }

    /// The options of sbatch that were asked for and are the same for both jobs.
    ///
    /// - Throws: ``SlurmOptionError`` where partition, account or QoS is no name.
    public func passedOn() throws(SlurmOptionError) -> [SlurmOption] {
      var passedOn: [SlurmOption] = []
      for (option, name) in [("partition", partition), ("account", account), ("qos", qos)] {
        if let name { passedOn.append(try SlurmOption(option, named: name)) }
      }
      return passedOn + sbatch
    }
  }

  public let specification: SweepSpecification
  /// The run, by its absolute path.
  public let directory: RunDirectory
  public let options: Options
  /// Estimated seconds of the longest task on this machine's cores, and of its longest trial.
  public let secondsPerShard: Double, secondsOfLongestTrial: Double
  public let trialCount: Int
  /// As asked for, or as estimated.
  public let time: SlurmTime
  public let memory: ByteCount
  /// What the options have for both jobs.
  let passedOn: [SlurmOption]
  private let program: String
  private let disk: ByteCount

  /// Runs a few trials to see how fast this machine is, and changes nothing.
  ///
  /// - Parameters:
  ///   - path: the run's directory; may hold a run already that this continues or extends.
  ///   - program: the absolute path of `gradflow`, as the nodes see it.
  /// - Throws: ``RunError``; ``SlurmOptionError`` where partition, account or QoS is no name.
  public init(
    _ specification: SweepSpecification, directory path: String, program: String, options: Options
  ) throws {
    passedOn = try options.passedOn()
    self.specification = specification
    self.program = program
    self.options = options
    guard let place = PathName.absolute(path) else {
      throw RunError.cannotWrite(path: path, problem: "the path of the working directory cannot be read")
    }
    directory = RunDirectory(place)
    guard !directory.path.hasControlCharacters else {
      throw RunError.cannotWrite(path: path, problem: "a batch script cannot contain control characters")
    }
    try OutputFolder.checkRun(directory.path, of: specification)
    let runner = try TrialRunner(specification)
    let trials = specification.trials
    let budget = MemoryBudget(limit: ByteCount(1e18), for: specification, trials: trials.count)
    trialCount = trials.count
    // The nodes' memory and disk are not this machine's: the tasks look at theirs.
    let limits = try SweepLimits(
      trials, of: specification, jobs: options.cores, budget: budget, directory: "",
      inputSize: runner.inputSize)
    disk = limits.disk
    memory = options.memory ?? ByteCount((1.25 * limits.memory.bytes + 512e6).rounded(.up))
    let factor = runner.slowness(of: trials) * 1e-9
    let longestLoad = ShardPlan(trials, count: options.shards).loads.max() ?? 0
    let longestTrial = trials.reduce(0) { max($0, TrialCost($1).nanoseconds) }
    secondsOfLongestTrial = Double(longestTrial) * factor
    secondsPerShard = max(Double(longestLoad) * factor / Double(options.cores), secondsOfLongestTrial)
    time = options.time ?? SlurmTime(seconds: min(max(600, 2 * secondsPerShard), 86400))
    _ = try directory.additions(by: specification)
  }

  /// How many shards would take about five minutes each; at least 1.
  public var sensibleShards: Int {
    max(1, Int(secondsPerShard * Double(options.shards) / 300))
  }

  /// The clusters that were asked for, as sbatch's `--clusters` names them.
  var clusters: String? { passedOn.last { $0.name == "clusters" }?.value }

  public var arrayScript: String { PathName.joined(directory.slurm, "array.sh") }
  public var mergeScript: String { PathName.joined(directory.slurm, "merge.sh") }

  /// Writes the specification and both scripts into the run.
  ///
  /// - Throws: ``RunError``, `ModelFileError`.
  public func write() throws {
    try makeDirectory(directory.slurm)
    let isNews = try directory.additions(by: specification) != []
    for (path, text) in [(arrayScript, arrayText), (mergeScript, mergeText)] {
      try AtomicFile.write(Array(text.utf8), to: path)
      chmod(path, 0o755)
    }
    if isNews { try specification.write(to: directory) }
  }

  // MARK: - Scripts

  private var arrayText: String {
    let limit = options.maxConcurrent.map { "%\($0)" } ?? ""
    let command = [
      program, "sweep", directory.path, "--jobs", "\(options.cores)", "--memory-limit",
      "\(Int(memory.bytes))",
    ]
    return """
      #!/bin/bash
      # \(specification.name): \(trialCount) trials in \(options.shards) shards, each a task of this array.
      # Written by 'gradflow slurm'. Submit it, then the merge when all tasks have ended:
      #   sbatch array.sh        (prints ID)
      #   sbatch --dependency=afterany:ID merge.sh
      \(directives(job: "", time: time, memory: memory, log: "shard-%a.log"))
      #SBATCH --array=1-\(options.shards)\(limit)
      # A minute before the time limit the task is asked to end, and puts itself into the queue again.
      #SBATCH --signal=B:USR1@\(min(60, max(1, time.seconds / 4)))
      #SBATCH --requeue
      #SBATCH --open-mode=append

      # By its array id: the plain job id of one of the tasks is the array's, and would requeue all of them.
      task=${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}

      # Before the sweep is started: a signal without trap would end this script and leave the sweep behind.
      child="" signal="" ended_by_slurm=""
      forward() {
        signal=$1
        [ -z "$child" ] || kill -s "$signal" "$child" 2>/dev/null
      }
      trap 'forward USR1' USR1
      # Cancelled, preempted or requeued: what becomes of the task is Slurm's decision.
      trap 'ended_by_slurm=yes; forward TERM' TERM

      \(CommandText.of(command)) --shard "$SLURM_ARRAY_TASK_ID/\(options.shards)" &
      child=$!
      [ -z "$signal" ] || forward "$signal"

      # A signal interrupts wait: once more until the sweep is gone, then for its exit code.
      while kill -0 "$child" 2>/dev/null; do wait "$child"; done
      wait "$child"
      status=$?

      # 75: interrupted, what is finished is stored. Slurm ends this script with the requeue: nothing may follow.
      # 138: the signal came before the sweep could hear it.
      case $status in
        75 | 138) [ -n "$ended_by_slurm" ] || scontrol requeue "$task" ;;
      esac
      exit "$status"

      """
  }

  private var mergeText: String {
    // The figures' data are in memory at once; the rest passes through.
    let memory = ByteCount(2e9 + 0.5 * disk.bytes)
    let time = SlurmTime(seconds: 1800 + disk.bytes / 2e6)
    return """
      #!/bin/bash
      # \(specification.name): brings the shards together, writes CSV, draws the figures. Written by 'gradflow slurm'.
      # May be run again at any time: it takes what is there.
      \(directives(job: "-merge", time: time, memory: memory, log: "merge.log"))

      exec \(CommandText.of([program, "merge", directory.path]))

      """
  }

  private func directives(job: String, time: SlurmTime, memory: ByteCount, log: String) -> String {
    // A '%' in a file's name is a pattern to sbatch.
    let folder = directory.slurm.unicodeScalars.map { $0 == "%" ? "%%" : "\($0)" }.joined()
    let lines =
      [
        "--job-name=gradflow-\(specification.name)\(job)", "--ntasks=1",
        "--cpus-per-task=\(options.cores)", "--mem=\(Int((memory.bytes / 1_048_576).rounded(.up)))M",
        "--time=\(time)", "--output=\(SlurmOption.quoted(PathName.joined(folder, log)))",
      ] + passedOn.map(\.directive)
    return lines.map { "#SBATCH \($0)" }.joined(separator: "\n")
  }
}
