import ArgumentParser
import Experiments
import Foundation

struct SlurmCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slurm",
    abstract: "Write Slurm jobs for a sweep: an array with one task per shard, then the merge.",
    usage: "gradflow slurm <specification> [<key=value> ...] --shards <shards> [<options>]",
    discussion: """
      Writes RUN/slurm/array.sh and merge.sh; --submit passes both to sbatch and prints their job ids. The run \
      directory must be on a file system that all nodes share. A task that reaches its time limit, is preempted or \
      loses its node resumes later where it stopped.

        gradflow slurm experiments/decay.yaml --shards 8
        gradflow slurm experiments/decay.yaml --shards 100 --max-concurrent 20 \\
            --time 2:00:00 --partition cpu --account physics --qos long --submit
        gradflow slurm experiments/decay.yaml --shards 8 \\
            --sbatch '--constraint=avx512' --sbatch '--mail-type=END'
        gradflow status runs/decay
      """)

  @OptionGroup var target: SweepTarget

  @Option(
    help:
      "Number of shards, one array task per shard; as many as Slurm's arrays may have, usually up to 1000.")
  var shards: Int

  @Option(help: "Most tasks to run at once. Default: no limit but Slurm's own.")
  var maxConcurrent: Int?

  @Option(
    help:
      "Time limit per task, in the form sbatch takes. Default: twice the estimate, from 10 minutes to 1 day.")
  var time: SlurmTime?

  @Option(help: "Partition. Default: the cluster's default.")
  var partition: String?

  @Option(help: "Account to charge, for both jobs. Default: yours on the cluster.")
  var account: String?

  @Option(help: "Quality of service (QoS), for both jobs. Default: the account's.")
  var qos: String?

  @Option(
    name: .customLong("sbatch"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Any other option of sbatch, in quotes, for both jobs: '--constraint=avx512', '-C avx512', '--exclusive', "
        + "'--comment=two words'; repeatable.",
      valueName: "option"))
  var sbatchOptions: [String] = []

  @Option(help: "Cores per task.")
  var cpusPerTask = 1

  @Option(help: "Memory per task, such as 4GB. Default: as estimated.")
  var memory: ByteCount?

  @Flag(help: "Submit both jobs.")
  var submit = false

  @Flag(
    help:
      "Print JSON: the scripts' paths and, with --submit, the job ids and the cluster, if sbatch names one.")
  var json = false

  func validate() throws {
    for (name, value) in [
      ("shards", shards), ("max-concurrent", maxConcurrent ?? 1), ("cpus-per-task", cpusPerTask),
    ]
    where !(1...Shard.countLimit).contains(value) {
      throw ValidationError("--\(name) \(value): must be from 1 to \(Shard.countLimit).")
    }
    if let partition,
      !partition.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.,".contains($0)) })
    {
      throw ValidationError(
        "--partition '\(partition)': names consist of letters, digits, '-', '_', '.' and ','.")
    }
    do { _ = try options().passedOn() } catch { throw ValidationError("\(error).") }
  }

  func run() async throws {
    try await ExitStatus.reporting {
      let spec = try target.read()
      let (directory, shard) = target.place(of: spec)
      if let shard {
        throw ValidationError("This is the directory of shard \(shard); pass the run directory instead.")
      }
      guard shards <= spec.trialCount else {
        throw ValidationError("--shards \(shards): there are only \(spec.trialCount) trials.")
      }
      let jobs = try SlurmJobs(
        spec, directory: directory, program: Bundle.main.executablePath ?? CommandLine.arguments[0],
        options: options())
      try jobs.write()
      say(jobs)
      let submission = submit ? try await SlurmSubmission(jobs) : nil
      Terminal.data(text(jobs, submission))
      let place = CommandText.path(jobs.directory.path)
      Terminal.say(
        submission == nil
          ? "Next: the same command with --submit, or sbatch \(CommandText.path(jobs.arrayScript))"
          : "Next: gradflow status \(place)")
    }
  }

  private func options() throws(SlurmOptionError) -> SlurmJobs.Options {
    var options = SlurmJobs.Options(shards: shards)
    options.maxConcurrent = maxConcurrent
    options.time = time
    options.partition = partition
    options.account = account
    options.qos = qos
    for text in sbatchOptions { options.sbatch.append(try SlurmOption(text)) }
    options.cores = cpusPerTask
    options.memory = memory
    return options
  }

  private func say(_ jobs: SlurmJobs) {
    let cores = cpusPerTask == 1 ? "1 core" : "\(cpusPerTask) cores"
    Terminal.say(
      "\(jobs.trialCount) trials in \(shards) shards, about \(Duration.text(seconds: jobs.secondsPerShard)) each on "
        + "\(cores) like this machine's; asking for \(jobs.memory) and \(jobs.time)")
    if jobs.secondsPerShard < 300, shards > jobs.sensibleShards {
      Terminal.say(
        "Warning: below 5 minutes per shard, starting jobs costs more than it saves; --shards \(jobs.sensibleShards) "
          + "is enough.")
    }
    if jobs.secondsOfLongestTrial > Double(jobs.time.seconds) - 60 {
      Terminal.say(
        "Warning: the longest trial takes about \(Duration.text(seconds: jobs.secondsOfLongestTrial)), and a task "
          + "that finishes no trial within its \(jobs.time) makes no progress; raise --time.")
    }
  }

  private func text(_ jobs: SlurmJobs, _ submission: SlurmSubmission?) -> String {
    if json {
      return JSONText.object([
        ("array_script", .string(jobs.arrayScript)), ("merge_script", .string(jobs.mergeScript)),
        ("array_job", .string(submission?.array.number)),
        ("merge_job", .string(submission?.merge.number)),
        ("cluster", .string(submission?.array.cluster)),
        ("seconds_per_shard", .number(jobs.secondsPerShard)),
      ]).text
    }
    guard let submission else { return "\(jobs.arrayScript)\n\(jobs.mergeScript)\n" }
    return "array job \(submission.array)\nmerge job \(submission.merge)\n"
  }
}

extension SlurmTime: ExpressibleByArgument {}
