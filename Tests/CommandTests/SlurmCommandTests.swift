import Foundation
import TestSupport
import Testing

/// What is written and handed over; script/test-slurm runs it on a real Slurm.
@Suite("Slurm jobs") struct SlurmCommandTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
    path = try directory.write("name: s\nhidden_size: 8\nsequence_length: 20\nseeds: 12\n", to: "s.yaml")
  }

  private func slurm(_ run: String, _ more: [String] = []) throws -> BuiltProgram.Outcome {
    let system = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return try program.run(
      ["slurm", path, "-o", directory.file(run)] + more,
      environment: ["PATH": directory.file("bin") + ":" + system])
  }

  /// Programs in the places of sbatch, which notes how it is called, and of scontrol.
  private func stand(_ body: String, scontrol: String = "exit 1") throws {
    try FileManager.default.createDirectory(atPath: directory.file("bin"), withIntermediateDirectories: true)
    _ = try directory.program("echo \"$@\" >> '\(directory.file("calls"))'\n\(body)", named: "bin/sbatch")
    _ = try directory.program(scontrol, named: "bin/scontrol")
  }

  @Test func scriptsSayWhatWasAskedFor() throws {
    let outcome = try slurm(
      "a run's \"50%\"",
      [
        "--shards", "4", "--max-concurrent", "2", "--time", "2:00:00", "--partition", "cpu",
        "--cpus-per-task", "3",
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("below 5 minutes per shard"))
    let folder = "a run's \"50%\"/slurm"
    let array = try directory.read(folder + "/array.sh")
    for line in [
      "#SBATCH --array=1-4%2", "#SBATCH --time=02:00:00", "#SBATCH --partition=cpu",
      "#SBATCH --cpus-per-task=3",
      "#SBATCH --signal=B:USR1@60", "#SBATCH --requeue",
      "#SBATCH --output=\"\(directory.path)/a run's \\\"50%%\\\"/slurm/shard-%a.log\"",
    ] { #expect(array.contains(line + "\n"), "\(line) in \(array)") }
    #expect(array.contains("--jobs 3"))
    for name in ["array.sh", "merge.sh"] {
      let check = try Shell.run(file: directory.file(folder + "/" + name), onlyReading: true)
      #expect(check.status == 0, "\(check.errors)")
    }
    // What the tasks run is there.
    #expect(try directory.read("a run's \"50%\"/spec.yaml").contains("name: s"))
  }

  @Test func theArrayScriptRunsItsShardAndTheMergeBringsThemTogether() throws {
    #expect(try slurm("run", ["--shards", "2"]).status == 0)
    for index in 1...2 {
      let task = try Shell.run(
        file: directory.file("run/slurm/array.sh"),
        environment: ["SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "\(index)"])
      #expect(task.status == 0, "\(task.errors)")
    }
    #expect(try program.run(["merge", directory.file("run"), "--no-figures"]).status == 0)
    #expect(try directory.read("run/trials.csv").split(separator: "\n").count == 25)
  }

  @Test func submittingHandsOverTheArrayAndThenTheMergeThatWaitsForIt() throws {
    try stand("echo 41")
    let outcome = try slurm("run", ["--shards", "2", "--submit"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "array job 41\nmerge job 41\n")
    let calls = try directory.read("calls").split(separator: "\n")
    #expect(calls.count == 2)
    #expect(calls[0] == "--parsable \(directory.file("run/slurm/array.sh"))")
    #expect(calls[1] == "--parsable --dependency=afterany:41 \(directory.file("run/slurm/merge.sh"))")
    let json = try slurm("run", ["--shards", "2", "--submit", "--json"])
    #expect(json.output.contains("\"array_job\": \"41\"") && json.output.contains("\"cluster\": null"))
  }

  @Test func whatIsAskedForIsInBothScriptsAndOnTheCommandLine() throws {
    try stand("printf '%s|' \"$@\" >> '\(directory.file("words"))'; echo 41")
    let outcome = try slurm(
      "run",
      [
        "--shards", "2", "--account", "physics", "--qos", "long", "--sbatch", "--constraint=avx512",
        "--sbatch",
        "--comment=two \"words\" \\ #1", "--sbatch", "-H", "--submit",
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in ["array", "merge"] {
      let lines = try directory.read("run/slurm/\(name).sh").split(separator: "\n")
      for option in [
        "--account=physics", "--qos=long", "--constraint=avx512", "--comment=\"two \\\"words\\\" \\\\ #1\"",
        "--hold",
      ] { #expect(lines.contains("#SBATCH \(option)"), "\(option) in \(name).sh") }
    }
    // sbatch takes SBATCH_ACCOUNT before the script's account, and its argument before both.
    let asked =
      "--account=physics|--qos=long|--constraint=avx512|--comment=two \"words\" \\ #1|--hold|"
    #expect(
      try directory.read("words")
        == "--parsable|\(asked)\(directory.file("run/slurm/array.sh"))|"
        + "--parsable|--dependency=afterany:41|\(asked)\(directory.file("run/slurm/merge.sh"))|")
  }

  @Test func theMergeGoesToTheClusterOfTheArray() throws {
    try stand("echo '41;alpha'")
    let outcome = try slurm("run", ["--shards", "2", "--sbatch", "-M alpha,beta", "--submit"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "array job 41 on cluster alpha\nmerge job 41 on cluster alpha\n")
    let calls = try directory.read("calls").split(separator: "\n")
    #expect(calls[0].hasPrefix("--parsable --clusters=alpha,beta "))
    #expect(calls[1].hasPrefix("--parsable --dependency=afterany:41 --clusters=alpha /"))
    let json = try slurm("run", ["--shards", "2", "--submit", "--json"])
    #expect(json.output.contains("\"merge_job\": \"41\"") && json.output.contains("\"cluster\": \"alpha\""))
    try stand("case \"$*\" in *dependency*) exit 1 ;; *) echo '5;alpha' ;; esac")
    let half = try slurm("run", ["--shards", "2", "--submit"])
    #expect(half.errors.contains("sbatch --dependency=afterany:5 --clusters=alpha \(directory.path)"))
  }

  /// The largest index has to be below MaxArraySize.
  @Test(arguments: [
    ("echo 'MaxArraySize            = 4'", 0),
    ("echo Hello 1; echo '  MaxArraySize=4'; echo MaxArraySize of us", 0),
    ("echo 'MaxArraySize = 3'", 69), ("echo Hello; echo 'MaxArraySize            = 3'; exit 1", 69),
    ("echo 'MaxArraySize = 0'", 69), ("echo 'MaxArraySize = many'", 0),
    ("echo slurmctld is away >&2; exit 1", 0),
  ])
  func arraysAreAsLargeAsSlurmTakes(_ scontrol: String, _ status: Int32) throws {
    try stand("echo 41", scontrol: "[ \"$*\" = 'show config' ] || exit 1\n\(scontrol)")
    let outcome = try slurm("run", ["--shards", "3", "--submit"])
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(FileManager.default.fileExists(atPath: directory.file("calls")) == (status == 0))
    guard status == 69 else { return }
    #expect(outcome.errors.contains("--shards 3: this Slurm takes"))
    #expect(outcome.errors.contains(scontrol.contains("= 3") ? "use --shards 2 or fewer" : "takes no arrays"))
  }

  @Test func oneOfTheClustersSufficesForAnArray() throws {
    let sizes =
      "case \"$1\" in *=alpha) echo MaxArraySize = 3 ;; *=beta) echo MaxArraySize = 4 ;; *) exit 1 ;; esac"
    for (clusters, status) in [("alpha", 69), ("alpha,beta", 0), ("alpha,gamma", 0)] as [(String, Int32)] {
      try stand("echo 41", scontrol: sizes)
      let outcome = try slurm("run", ["--shards", "3", "--sbatch", "--clusters=\(clusters)", "--submit"])
      #expect(outcome.status == status, "\(clusters): \(outcome.errors)")
    }
  }

  /// Submit filters of some centres greet before the id, others add words after it.
  @Test(arguments: [
    ("echo '-----'; echo '  Welcome to 7 Systems'; echo '--> Verifying host...OK'; echo 4242", "4242"),
    ("echo 17; echo 'Submitted batch job 4242'", "4242"), ("printf '\r\n4242 \r\n'", "4242"),
    ("echo 'Submitted batch job 4242 on cluster alpha'", "4242 on cluster alpha"),
    ("echo '4242;alpha'; echo 'Have a nice day, user 12'", "4242 on cluster alpha"),
  ])
  func theIdIsFoundAmongOtherLines(_ body: String, _ id: String) throws {
    try stand(body)
    let outcome = try slurm("run", ["--shards", "2", "--submit"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "array job \(id)\nmerge job \(id)\n")
    #expect(try directory.read("calls").contains("--dependency=afterany:4242 "))
  }

  @Test func whereNoIdIsPrintedTheJobMayBeQueued() throws {
    try stand("echo 'Your job 12 has been accepted'; echo 'or so' >&2")
    let nameless = try slurm("run", ["--shards", "2", "--submit"])
    #expect(nameless.status == 69 && nameless.output == "")
    for part in [
      "array.sh: succeeded but printed no job id", "  Your job 12 has been accepted\n  or so\n",
      "may be queued",
    ] {
      #expect(nameless.errors.contains(part), "\(nameless.errors)")
    }
    #expect(try directory.read("calls").split(separator: "\n").count == 1)
    try stand("case \"$*\" in *dependency*) ;; *) echo 5 ;; esac")
    let half = try slurm("run", ["--shards", "2", "--submit"])
    #expect(half.status == 69)
    #expect(half.errors.contains("array job 5 is submitted") && half.errors.contains("printed nothing"))
    #expect(half.errors.contains("may be queued") && half.errors.contains("sbatch --dependency=afterany:5 "))
  }

  /// What a centre does after the submission may fail, and sbatch may be killed.
  @Test(arguments: ["echo 4242; exit 3", "kill -KILL $$"])
  func howeverItEndsTheJobMayBeQueued(_ body: String) throws {
    try stand(body)
    let outcome = try slurm("run", ["--shards", "2", "--sbatch", "-M alpha", "--submit"])
    #expect(outcome.status == 69)
    #expect(
      outcome.errors.contains("may be queued: check with 'squeue --me --clusters=alpha'"), "\(outcome.errors)"
    )
    #expect(try directory.read("calls").split(separator: "\n").count == 1)
  }

  @Test func whatAFilterSaysOfARefusalIsShown() throws {
    try stand("echo '--> Verifying access...FAILED'; echo 'sbatch: error: no access' >&2; exit 1")
    let outcome = try slurm("run", ["--shards", "2", "--submit"])
    #expect(outcome.status == 69 && !outcome.errors.contains("may be queued"))
    #expect(outcome.errors.contains("array.sh: no access; it printed:\n  --> Verifying access...FAILED\n"))
  }

  @Test func whatSbatchRefusesIsPassedOnWith69() throws {
    try stand("echo 'sbatch: error: invalid partition specified: nope' >&2; exit 1")
    let refused = try slurm("run", ["--shards", "2", "--partition", "nope", "--submit"])
    #expect(refused.status == 69)
    #expect(refused.errors.contains("invalid partition specified: nope"))
    // The array is in the queue when the merge is refused: its id must not be lost.
    try stand("case \"$*\" in *dependency*) exit 1 ;; *) echo 5 ;; esac")
    let half = try slurm("run", ["--shards", "2", "--submit"])
    #expect(half.status == 69)
    #expect(half.errors.contains("array job 5 is submitted"))
    #expect(half.errors.contains("--dependency=afterany:5"))
  }

  @Test func nonsenseIsAUsageError() throws {
    for more in [
      ["--shards", "0"], ["--shards", "25"], ["--shards", "2", "--time", "soon"],
      ["--shards", "2", "--memory", "1e30"],
      ["--shards", "2", "--partition", "a b"], ["--shards", "2", "--account", ""],
      ["--shards", "2", "--qos", "a b"], ["--shards", "2", "--sbatch", "constraint=avx512"],
      ["--shards", "2", "--sbatch", "--comment=a\nb"], [],
    ] { #expect(try slurm("run", more).status == 64, "\(more)") }
    let kept = try slurm("run", ["--shards", "2", "--sbatch", "--array=1-3"])
    #expect(kept.status == 64)
    #expect(
      kept.errors.contains("--sbatch '--array=1-3': --array is not passed on; use --shards"), "\(kept.errors)"
    )
    #expect(!FileManager.default.fileExists(atPath: directory.file("run")))
  }
}
