import Foundation
import TestSupport
import Testing

@Suite("The command") struct CommandLineTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  @Test func helpNamesEveryCommandAndAFirstStep() throws {
    let outcome = try program.run(["--help"])
    #expect(outcome.status == 0)
    for command in ["sweep", "plot", "compare", "diagnose", "verify", "init", "doctor"] {
      #expect(outcome.output.contains("\n  \(command)"))
    }
    #expect(outcome.output.contains("gradflow sweep experiments/decay.yaml"))
  }

  @Test func initPrintsASpecificationThatRuns() throws {
    let text = try program.run(["init", "--name", "mine"]).output
    let path = try directory.write(text, to: "mine.yaml")
    let outcome = try program.run([
      "sweep", path, "hidden_size=4", "sequence_length=5", "seeds=2", "-o", directory.file("run"),
      "--no-figures",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Rate: least-squares slope"))
    #expect(outcome.errors.contains("Next: gradflow compare"))
  }

  @Test func tablesFitTheTerminal() throws {
    let path = try directory.write(
      "name: n\ncells: [rnn, lstm]\nhidden_size: 4\nsequence_length: 3\nseeds: 3\n", to: "n.yaml")
    let run = directory.file("run")
    #expect(try program.run(["sweep", path, "--no-figures", "-o", run]).status == 0)
    let whole = try program.run(["compare", run]).output
    for columns in [60, 80] {
      let fitting = try program.run(["compare", run], environment: ["COLUMNS": "\(columns)"])
      #expect(fitting.status == 0)
      for line in fitting.output.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
      #expect(
        Set(whole.split(whereSeparator: \.isWhitespace))
          == Set(fitting.output.split(whereSeparator: \.isWhitespace)))
      let status = try program.run(["status", run], environment: ["COLUMNS": "\(columns)"]).output
      for line in status.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
    }
    #expect(whole.split(separator: "\n").contains { $0.count > 80 })
  }

  @Test func compareAndPlotShowASelection() throws {
    let path = try directory.write(
      "name: n\ncells: [rnn, lstm]\nhidden_size: 4\nsequence_length: [3, 5]\nseeds: 2\n", to: "n.yaml")
    let run = directory.file("run")
    #expect(try program.run(["sweep", path, "--no-figures", "-q", "-o", run]).status == 0)
    let chosen = try program.run(["compare", run, "--where", "T=3,cell=rnn"]).output
    #expect(chosen.contains("T = 3") && !chosen.contains("T = 5") && !chosen.contains("lstm"))
    let figures = directory.file("figures")
    let plotted = try program.run(
      ["plot", run, "--figure", "decay", "--format", "svg", "--where", "T=3", "-o", figures])
    #expect(plotted.status == 0, "\(plotted.errors)")
    #expect(try directory.read("figures/decay-T-3.gp").contains("sequence length T = 3"))
    let none = try program.run(["compare", run, "--where", "T=4"])
    #expect(none.status == 78 && none.errors.contains("allowed: 3, 5"), "\(none.errors)")
  }

  @Test func plotTakesSizesAxesAndTheFiguresOfASpecification() throws {
    let lines = "name: n\ncells: [rnn, lstm]\nhidden_size: 4\nsequence_length: [3, 5]\nseeds: 2\n"
    let path = try directory.write(
      lines + "figures: [{figure: decay, where: {T: 3}, hue: rho}]\n", to: "n.yaml")
    let run = directory.file("run")
    let swept = try program.run(["sweep", path, "-o", run])
    #expect(swept.status == 0 && swept.errors.contains("decay-T-3-by-spectral-radius.png"), "\(swept.errors)")
    func names() throws -> Set<String> {
      Set(
        try FileManager.default.contentsOfDirectory(atPath: run + "/figures").filter { $0.hasSuffix(".gp") })
    }
    #expect(try names() == ["decay-T-3-by-spectral-radius.gp"])
    for options in [["--preset", "slide"], ["--figure", "decay", "--size", "85mm", "--name", "column"]] {
      let plotted = try program.run(["plot", run, "--format", "svg,pdf"] + options)
      #expect(plotted.status == 0, "\(plotted.errors)")
    }
    #expect(
      try names()
        == ["decay-T-3-by-spectral-radius.gp", "decay-T-3-by-spectral-radius-slide.gp", "column.gp"])
    for (options, status, words) in [
      (["--size", "85m"], 64, "is not a size; allowed: a width"),
      (["--size", "20mm", "--font-size", "40"], 64, "too narrow"),
      (["--hue", "rhoo"], 78, "did you mean 'rho'?"), (["--name", "a/b"], 64, "allowed are letters"),
      (["--format", "svg,gif"], 64, "svg,gif"),
    ] as [([String], Int32, String)] {
      let refused = try program.run(["plot", run] + options)
      #expect(refused.status == status && refused.errors.contains(words), "\(options): \(refused.errors)")
    }
    let wrong = try directory.write(lines + "figures: [decya]\n", to: "wrong.yaml")
    for more in [["--dry-run"], []] {
      let refused = try program.run(["sweep", wrong, "-o", directory.file("other")] + more)
      #expect(
        refused.status == 78 && refused.errors.contains("wrong.yaml:6:11: figures: 'decya'"),
        "\(refused.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("other")))
  }

  @Test func completionKnowsTheKeysOfASpecification() throws {
    let script = """
      gradflow() { "$0" "$@"; }
      source <(gradflow --generate-completion-script bash)
      COMP_WORDS=(gradflow sweep decay "$1") COMP_CWORD=3 COMP_LINE="gradflow sweep decay $1" COMP_POINT=${#COMP_LINE}
      _gradflow gradflow "$1" decay
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    func completions(_ begun: String) throws -> [Substring] {
      try Shell.run(script, [program.path, begun]).output.split(separator: "\n")
    }
    #expect(try completions("spec") == ["spectral_radius="])
    #expect(try Set(completions("s")).isSuperset(of: ["seeds=", "sequence_length=", "spectral_radius="]))
    #expect(try completions("xyz").isEmpty)
  }

  @Test func dryRunWritesNothing() throws {
    let path = try directory.write("name: dry\nseeds: 3\n", to: "dry.yaml")
    let outcome = try program.run(["sweep", path, "--dry-run"], in: directory.path)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("dry: 6 trials"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("runs")))
  }

  @Test(arguments: ["r", "r/", "./r", "a/b", "a b?c#d%e", "file:x", "file:y?mode=memory"])
  func aRunMayHaveAnyName(_ name: String) throws {
    let path = try directory.write("name: n\nhidden_size: 4\nsequence_length: 3\nseeds: 1\n", to: "n.yaml")
    for arguments in [
      ["sweep", path, "-q", "--no-figures", "-o", name, "--shard", "1/1"],
      ["merge", name, "-q", "--no-figures"],
      ["sweep", name, "-q", "--no-figures"], ["status", name], ["compare", name],
    ] {
      let outcome = try program.run(arguments, in: directory.path)
      #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
    }
  }

  @Test func quietSaysNothing() throws {
    let path = try directory.write("name: q\nhidden_size: 4\nsequence_length: 3\nseeds: 1\n", to: "q.yaml")
    let outcome = try program.run([
      "sweep", path, "-q", "--no-figures", "-o", directory.file("run"),
    ])
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
  }

  @Test func verifyPrintsTheWorstErrorByQuantityAndFailsOnAMiss() throws {
    let good = try program.run(["verify", ReferenceCases.path("lstm_forget1")])
    #expect(good.status == 0)
    #expect(good.output.contains("log10_grad_c_norm "))
    #expect(good.output.contains("all 1 cases agree"))
    let source = ReferenceCases.path("rnn_tanh_one_step")
    for file in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(atPath: source + "/" + file, toPath: directory.file(file))
    }
    let text = try directory.read("expected.json")
    _ = try directory.write(
      text.replacingOccurrences(of: "\"loss\":", with: "\"lost\":"), to: "expected.json")
    let bad = try program.run(["verify", ReferenceCases.path("lstm_forget1"), directory.path])
    #expect(bad.status == 1)
    #expect(bad.output.contains("MISS: missing in the reference"))
    #expect(bad.output.contains("1 of 2 cases disagree"))
  }

  @Test func verifyComparesWithExactValues() throws {
    let table = try program.run(["verify", "--exact", "--quick"])
    #expect(table.status == 0 && table.errors.isEmpty, "\(table.output)")
    #expect(table.output.contains("Products of Gaussian matrices: ok\n  Newman"))
    #expect(table.output.contains("values of 11 checks agree\n") && !table.output.contains("MISS"))
    let json = try program.run(["verify", "--exact", "--quick", "--json"])
    #expect(json.status == 0)
    let object = try ExactJSON.object(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["passed"] as? Bool == true && (object?["checks"] as? [Any])?.count == 11)
    for wrong in [
      [], ["--quick"], ["--json", directory.path], ["--exact", directory.path],
      ["--exact", "--precision", "float32"],
    ] {
      #expect(try program.run(["verify"] + wrong).status == 64, "\(wrong)")
    }
  }

  @Test func diagnoseWritesItsThreeFiles() throws {
    let outcome = try program.run([
      "diagnose", "--case", ReferenceCases.path("rnn_tanh_long_underflow"), "-o", directory.file("out"),
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let csv = try directory.read("out/timesteps.csv").split(separator: "\n")
    #expect(csv.count == 1 + 2001)
    let summary = try ExactJSON.object(
      with: Data(try directory.read("out/summary.json").utf8))
    let log10 = (summary as? [String: Any])?["log10_total_grad_norm"] as? [String: Double]
    #expect(log10?.count == 4)
    let gradients = try Data(contentsOf: URL(fileURLWithPath: directory.file("out/gradients.safetensors")))
    #expect(gradients.count > 8)
  }

  @Test func aReaderThatGoesAwayEndsNothing() throws {
    let path = try directory.write(
      "name: p\nhidden_size: 4\nsequence_length: 3\nspectral_radius: {from: 0.1, to: 5, step: 0.1}\nseeds: 2\n",
      to: "p.yaml")
    // The talk's reader closes after one line; the sweep goes on to its end.
    let sweep = try Shell.run(
      "\"$0\" sweep \"$1\" --no-figures -o \"$2\" 2>&1 >/dev/null | head -n 1; exit ${PIPESTATUS[0]}",
      [program.path, path, directory.file("run")])
    #expect(sweep.status == 0)
    #expect(FileManager.default.fileExists(atPath: directory.file("run/trials.csv")))
    // The data's reader closes after one line.
    let compare = try Shell.run(
      "\"$0\" compare \"$1\" --format csv 2>/dev/null | head -n 1; exit ${PIPESTATUS[0]}",
      [program.path, directory.file("run")])
    #expect(compare.status == 0)
  }

  @Test func withoutGnuplotTheResultsAndScriptsAreWrittenAndTheCodeIs69() throws {
    let path = try directory.write(
      "name: g\nhidden_size: 4\nsequence_length: 6\nspectral_radius: [0.5, 1]\nseeds: 2\n", to: "g.yaml")
    let outcome = try program.run(
      ["sweep", path, "-o", directory.file("run")], environment: ["PATH": directory.path])
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("apt-get install gnuplot-nox"))
    for file in ["trials.csv", "timesteps.csv", "figures/decay.gp", "figures/decay.csv"] {
      #expect(FileManager.default.fileExists(atPath: directory.file("run/" + file)), "\(file)")
    }
    let plot = try program.run(["plot", directory.file("run")], environment: ["PATH": directory.path])
    #expect(plot.status == 69)
  }

  @Test func anInterruptedSweepSaysHowFarItIsAndContinues() throws {
    let path = try directory.write(
      "name: i\nhidden_size: 64\nsequence_length: 400\nseeds: 200\n", to: "i.yaml")
    let running = try program.start(
      ["sweep", path, "--no-figures", "--jobs", "1", "-o", directory.file("run")])
    #expect(running.waits { running.errors.contains("/400 trials") })
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("To continue, run the same command:"))
    let plan = try program.run(["sweep", path, "--dry-run", "-o", directory.file("run")])
    #expect(plan.status == 0)
    #expect(plan.output.contains("of them are already done"))
  }
}
