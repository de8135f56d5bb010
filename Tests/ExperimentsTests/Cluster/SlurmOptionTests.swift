import Experiments
import Testing

@Suite("Options of sbatch that are passed on") struct SlurmOptionTests {
  @Test(arguments: [
    ("--constraint=avx512", "constraint", "avx512"), ("--constraint avx512", "constraint", "avx512"),
    ("-C avx512", "constraint", "avx512"), ("-N2", "nodes", "2"), ("-M alpha", "clusters", "alpha"),
    ("--cluster=alpha,beta", "clusters", "alpha,beta"), ("--nice=-5", "nice", "-5"),
    ("--comment=two words", "comment", "two words"), ("  --comment two words ", "comment", "two words"),
    ("--comment=\"as --this\"", "comment", "as --this"), ("--comment='it is'", "comment", "it is"),
    ("--comment=it's", "comment", "it's"), ("--comment=", "comment", ""),
    ("--comment=\"\u{301}", "comment", "\"\u{301}"), ("--time-min=10", "time-min", "10"),
    ("--mem-bind=local", "mem-bind", "local"), ("--wait-all-nodes=1", "wait-all-nodes", "1"),
    ("--some_plugin=x", "some_plugin", "x"),
  ])
  func haveANameAndAValue(_ text: String, _ name: String, _ value: String) throws {
    let option = try SlurmOption(text)
    #expect(option.name == name && option.value == value)
  }

  @Test(arguments: [("--exclusive", "exclusive"), (" --hold ", "hold"), ("-H", "hold"), ("-v", "verbose")])
  func mayHaveNoValue(_ text: String, _ name: String) throws {
    let option = try SlurmOption(text)
    #expect(option.name == name && option.value == nil)
  }

  @Test(arguments: [
    "", "-", "--", "-1", "--9", "constraint=avx512", "-constraint=avx512", "-HA x", "-Z 1", "#SBATCH --hold",
  ])
  func areRefusedWhereTheyAreNone(_ text: String) {
    #expect(throws: SlurmOptionError.malformed(text: text)) { try SlurmOption(text) }
  }

  @Test(arguments: ["--exclusive --hold", "--constraint=a --mail-type=END", "--constraint=a -N 2"])
  func areRefusedWhereThereAreTwo(_ text: String) {
    #expect(throws: SlurmOptionError.several(text: text)) { try SlurmOption(text) }
  }

  @Test(arguments: [
    "--comment=a\nb", "--comment=a\r\n#SBATCH --hold", "--comment=\u{0}", "--hold\n", "--a\u{85}b",
  ])
  func areRefusedWhereTheyBreakTheLine(_ text: String) {
    #expect(throws: SlurmOptionError.controlCharacters(text: text)) { try SlurmOption(text) }
    let lines = SlurmOptionError.controlCharacters(text: text).description.split { $0.isNewline }
    #expect(lines.count == 1)
  }

  /// In full, by their letters, and abbreviated as sbatch allows.
  @Test(arguments: [
    ("--array=1-3", "--array", "--shards"), ("-a 1-3", "--array", "--max-concurrent"),
    ("--arr=1-3", "--array", "--shards"), ("--account=a", "--account", "use --account"),
    ("-q high", "--qos", "use --qos"), ("-p cpu", "--partition", "use --partition"),
    ("--time=3", "--time", "use --time"), ("-t3", "--time", "use --time"),
    ("--mem=1G", "--mem", "use --memory"),
    ("--mem-per-cpu=1G", "--mem-per-cpu", "use --memory"), ("-c 2", "--cpus-per-task", "use --cpus-per-task"),
    ("--ntasks=2", "--ntasks", "--cpus-per-task"), ("-o x.log", "--output", "slurm folder"),
    ("-e x.log", "--error", "slurm folder"), ("-J name", "--job-name", "name=NAME"),
    ("--dependency=after:1", "--dependency", "sbatch --dependency=… array.sh"),
    ("--signal=INT", "--signal", "before its limit"), ("--no-requeue", "--no-requeue", "goes on"),
    ("--wait", "--wait", "gradflow status"), ("--test-only", "--test-only", "--submit"),
    ("--wrap=x", "--wrap", "gradflow"), ("--parsable", "--parsable", "already"),
  ])
  func areRefusedWhereTheJobsSetThem(_ text: String, _ option: String, _ instead: String) {
    #expect {
      try SlurmOption(text)
    } throws: { error in
      guard case .kept(text, option, _) = error as? SlurmOptionError else { return false }
      return "\(error)".hasPrefix("--sbatch '\(text)': \(option) ") && "\(error)".contains(instead)
    }
  }

  @Test func namesAreOneWord() throws {
    var options = SlurmJobs.Options(shards: 2)
    options.account = "physics"
    options.qos = "long"
    options.sbatch = [try SlurmOption("--exclusive")]
    #expect(try options.passedOn().map(\.name) == ["account", "qos", "exclusive"])
    for name in ["", "a b", "a\nb"] {
      options.account = name
      #expect(throws: SlurmOptionError.badName(option: "--account", value: name)) { try options.passedOn() }
    }
  }
}
