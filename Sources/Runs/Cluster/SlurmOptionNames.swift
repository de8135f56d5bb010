/// What options of sbatch are called, and which of them are not passed on.
enum SlurmOptionNames {
  /// The long names of those that have a letter.
  static let ofLetters = [
    "A": "account", "a": "array", "B": "extra-node-info", "b": "begin", "C": "constraint",
    "c": "cpus-per-task",
    "D": "chdir", "d": "dependency", "e": "error", "F": "nodefile", "G": "gpus", "H": "hold", "h": "help",
    "i": "input", "J": "job-name", "k": "no-kill", "L": "licenses", "M": "clusters", "m": "distribution",
    "N": "nodes", "n": "ntasks", "O": "overcommit", "o": "output", "p": "partition", "Q": "quiet", "q": "qos",
    "S": "core-spec", "s": "oversubscribe", "t": "time", "V": "version", "v": "verbose", "W": "wait",
    "w": "nodelist", "x": "exclude",
  ]

  /// Those that the jobs set or depend on, each with what to do instead.
  private static let instead = [
    ("account", "use --account"),
    ("array", "use --shards and --max-concurrent"),
    ("cpus-per-task", "use --cpus-per-task"),
    (
      "dependency", "to let the array wait for another job, submit it by hand: sbatch --dependency=… array.sh"
    ),
    ("error", "what the jobs print is in the slurm folder of the run"),
    ("help", "sbatch would submit nothing"),
    ("job-name", "the jobs have the specification's name: name=NAME"),
    ("mem", "use --memory"),
    ("mem-per-cpu", "use --memory, which is for the whole task"),
    ("mem-per-gpu", "use --memory, which is for the whole task"),
    ("no-requeue", "a task that is requeued goes on where it stopped"),
    ("ntasks", "use --cpus-per-task for the cores of a task and --shards for the number of tasks"),
    ("open-mode", "a task that is requeued adds to its log"),
    ("output", "what the jobs print is in the slurm folder of the run"),
    ("parsable", "gradflow passes it already"),
    ("partition", "use --partition"),
    ("qos", "use --qos"),
    ("quiet", "the job's id is read from what sbatch prints"),
    ("requeue", "tasks are requeued already"),
    ("signal", "a task is told to end a minute before its limit"),
    ("test-only", "leave --submit away: the scripts are written and not submitted"),
    ("time", "use --time"),
    ("usage", "sbatch would submit nothing"),
    ("version", "sbatch would submit nothing"),
    ("wait", "follow the run with gradflow status"),
    ("wrap", "the scripts are written by gradflow"),
  ]

  /// The option that is not passed on, if this is its name or an abbreviation that sbatch might take for it.
  static func kept(_ name: String) -> (name: String, instead: String)? {
    instead.first { $0.0 == name } ?? instead.first { $0.0.hasPrefix(name) }
  }

  /// Whether sbatch takes a name for `--clusters`.
  static func isClusters(_ name: String) -> Bool { name.count > 1 && "clusters".hasPrefix(name) }
}
