import Foundation
import TestSupport
import Testing

/// A text whose characters are told by those before them, with quotes and brackets, and with long and short lines.
enum SmallText {
  static let words = ["alpha", "beta", "gamma", "delta", "epsilon"]
  static let code: String = (0..<700).map { k -> String in
    let word = words[k * 7 % 5]
    return k % 3 == 0
      ? "\(word)(\(k % 10)) {\n"
      : k % 3 == 1 ? "  say \"\(word) is \(words[k * 3 % 5])\"; // \(word)\n" : "}\n"
  }.joined()
}

@Suite("Language models at the command line", .serialized) struct LanguageCommandTests {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func specification(_ more: String = "", task: String = "kind: char-lm") throws -> String {
    _ = try directory.write(SmallText.code, to: "code.txt")
    return try directory.write(
      """
      name: small
      task: {\(task), path: code.txt}
      cells: lstm
      hidden_size: 24
      batch_size: 8
      sequence_length: 25
      iterations: 60
      optimizer: adam
      learning_rate: 0.01
      evaluate_every: 20
      evaluation_size: 200
      diagnose_every: 0
      checkpoint_every: 30
      seeds: 1
      \(more)
      """, to: "small.yaml")
  }

  private func train(_ more: String = "", task: String = "kind: char-lm") throws -> String {
    let run = directory.file("run")
    let outcome = try program.run(
      ["train", try specification(more, task: task), "--no-figures", "-q", "-o", run])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return run
  }

  @Test func aTrainingIsComparedWithModelsWithoutRecurrence() throws {
    let run = try train()
    let baselines = CSVRows(try String(contentsOfFile: run + "/baselines.csv", encoding: .utf8))
    #expect(
      baselines["model"] == ["unigram", "Markov chain", "n-gram (Kneser–Ney)", "window softmax"])
    let losses = baselines.numbers("test_loss").compactMap(\.self)
    #expect(losses.count == 4 && losses[0] > losses[1] && losses[1] > losses[2])
    let trials = CSVRows(try String(contentsOfFile: run + "/trials.csv", encoding: .utf8)).rows[0]
    let loss = try #require(trials["test_loss"].flatMap(Double.init))
    #expect(try #require(trials["test_perplexity"].flatMap(Double.init)) == exp(loss))
    #expect(try #require(trials["test_bits"].flatMap(Double.init)) == loss / log(2))
    #expect(trials["validation_loss"].flatMap(Double.init) != nil)
    // Chance is the bigram model.
    #expect(trials["chance_loss"].flatMap(Double.init) == losses[1])
    let training = CSVRows(try String(contentsOfFile: run + "/training.csv", encoding: .utf8))
    let bits = training.numbers("test_bits").compactMap(\.self)
    let tests = training.numbers("test_loss").compactMap(\.self)
    #expect(bits.count == tests.count && bits.count >= 4)
    let text = try program.run(["compare", run]).output
    #expect(text.contains("bits") && text.contains("perplexity") && text.contains("n-gram (Kneser–Ney)"))
    let again = try program.run(["repro", run, String((trials["trial"] ?? "").prefix(6))])
    #expect(again.status == 0, "\(again.output)\(again.errors)")
  }

  @Test func aTrainingSaysWhatTextItLearns() throws {
    let path = try specification()
    let found = try program.run([
      "train", path, "iterations=1", "checkpoint_every=0", "--no-figures", "-o", directory.file("run"),
    ])
    #expect(found.errors.contains(/text: [\d,]+ characters, [\d,]+ for training, [\d,]+ for validation/))
    #expect(found.errors.contains(/vocabulary: \d\d characters: \\n ␣ "/), "\(found.errors)")
    let words = try program.run([
      "train", path, "task={kind: word-lm, path: code.txt, vocabulary: 6}", "iterations=1",
      "checkpoint_every=0", "--no-figures", "-o", directory.file("words"),
    ])
    #expect(words.errors.contains(/vocabulary: 6 words: <unk> .* stands for \d+(\.\d)? % of the training/))
  }

  @Test func aModelSaysAndScoresText() throws {
    let run = try train()
    let said = try program.run(["generate", run, "--prompt", "alpha", "--length", "50", "--seed", "3"])
    #expect(said.status == 0 && said.output.hasPrefix("alpha") && said.output.count == 56)
    let again = try program.run(["generate", run, "--prompt", "alpha", "--length", "50", "--seed", "3"])
    #expect(said.output == again.output)
    let rows = CSVRows(
      try program.run([
        "generate", run, "--prompt", "a", "--length", "5", "--log-probabilities", "--seed", "1",
      ])
      .output.replacingOccurrences(of: "\"\n\"", with: "newline"))
    #expect(rows.columns == ["position", "token", "log_probability"])
    let table = try program.run(["generate", run, "--by-checkpoint", "--length", "20"])
    #expect(table.status == 0)
    for update in ["0", "30", "60"] { #expect(table.output.contains("  \(update) "), "\(table.output)") }
    _ = try directory.write("alpha(1) {\n  say \"beta\";\n}\n", to: "new.txt")
    let score = try program.run(["score", run, "new.txt", "--format", "json"], in: directory.path)
    #expect(score.status == 0 && score.output.contains("\"tokens\": 26"), "\(score.output)\(score.errors)")
    let unknown = try program.run(["score", run, "small.yaml"], in: directory.path)
    #expect(unknown.status == 65 && unknown.errors.contains("not in the model's vocabulary"))
  }

  @Test func unitsAreFoundInATrainedNetworkAndNoneInADrawnOne() throws {
    let run = try train("precision: float32")
    let folder = directory.file("units")
    let found = try program.run(["units", run, "--text", directory.file("code.txt"), "-o", folder])
    #expect(found.status == 0, "\(found.errors)")
    let units = CSVRows(try String(contentsOfFile: folder + "/units.csv", encoding: .utf8))
    // h, c and four gates of 24 units.
    #expect(units.rows.count == 6 * 24)
    #expect(units.rows(where: ["quantity": "c"]).allSatisfy { $0["gate_memory"] != "" })
    #expect(units.rows(where: ["quantity": "f"]).allSatisfy { $0["left_saturated"] != "" })
    for name in ["associations.csv", "closing.csv", "figures/saturation.svg", "figures/closing.svg"] {
      #expect(FileManager.default.fileExists(atPath: folder + "/" + name), "\(name)")
    }
    // Drawn twice into one folder, which is its own.
    #expect(
      try program.run(["units", run, "--text", directory.file("code.txt"), "-o", folder]).status == 0)
    let associations = CSVRows(try String(contentsOfFile: folder + "/associations.csv", encoding: .utf8))
    #expect(!associations.rows.isEmpty)
  }

  @Test func aTextIsColouredInTheTerminal() throws {
    let run = try train()
    let colour = ["CLICOLOR_FORCE": "1", "COLORTERM": "truecolor", "NO_COLOR": nil, "COLUMNS": "60"]
    let unit = try program.run(["view", run, "--unit", "0:c:3", "--length", "80"], environment: colour)
    #expect(unit.status == 0 && unit.output.contains("\u{1B}[0;38;2;"), "\(unit.errors)")
    let indexed = try program.run(
      ["view", run, "--unit", "0:f:3", "--length", "80"],
      environment: ["CLICOLOR_FORCE": "1", "COLORTERM": nil, "NO_COLOR": nil])
    #expect(indexed.output.contains("48;5;"))
    let plain = try program.run(
      ["view", run, "--at", "40", "--length", "80"], environment: ["NO_COLOR": "1", "COLUMNS": "60"])
    #expect(plain.status == 0 && !plain.output.contains("\u{1B}") && plain.output.contains("^"))
    #expect(plain.output.contains(/90 % of\sΣ‖∂L\/∂x_t‖ comes from the last/))
    let missing = try program.run(["view", run, "--unit", "7:c:3"])
    #expect(missing.status == 64 && missing.errors.contains("0:h, 0:c, 0:i"))
  }

  @Test func thePageOfAModelOpensInABrowser() throws {
    let run = try train()
    let page = directory.file("page.html")
    let written = try program.run(["view", run, "--length", "60", "-o", page])
    #expect(written.status == 0, "\(written.errors)")
    // It replaces its own pages and nothing else.
    #expect(try program.run(["view", run, "--length", "60", "-o", page]).status == 0)
    let mine = try directory.write("<p>mine</p>", to: "mine.html")
    #expect(try program.run(["view", run, "-o", mine]).status == 73)
    guard let browser = HeadlessBrowser.installed else { return }
    struct Found: Decodable {
      let tokens, models, units: Int
      let changed: Bool
    }
    let visit = try browser.visit(
      try String(contentsOfFile: page, encoding: .utf8),
      script: """
        const tokens = () => [...document.querySelectorAll("#unit-text span[data-t]")];
        const colours = () => tokens().map(token => getComputedStyle(token).backgroundColor).join();
        const unit = document.getElementById("unit");
        unit.value = 3; unit.dispatchEvent(new Event("change"));
        const first = colours();
        unit.value = 40; unit.dispatchEvent(new Event("change"));
        return {
          tokens: tokens().length, units: unit.options.length, changed: colours() !== first,
          models: JSON.parse(document.getElementById("data").textContent).models.length,
        };
        """)
    #expect(visit.errors.isEmpty && visit.requests.isEmpty, "\(visit.errors) \(visit.requests)")
    let found = try visit.result(Found.self)
    // The loss is listed with the units.
    #expect(found.tokens == 60 && found.models == 3 && found.units == 6 * 24 + 1 && found.changed)
  }

  @Test func wordsAreLearnedToo() throws {
    let run = try train("embedding_size: 24\ntied: true", task: "kind: word-lm, vocabulary: 12")
    let said = try program.run(["generate", run, "--prompt", "say", "--length", "10"])
    #expect(said.status == 0 && said.output.hasPrefix("say"), "\(said.errors)")
    let score = try program.run(["score", run])
    #expect(score.output.contains("bits per word") && score.output.contains("<unk>"), "\(score.output)")
    #expect(try program.run(["units", run]).errors.contains("features are of characters"))
  }

  @Test func theFourLettersAreWorkedThrough() throws {
    let found = try program.run(["hello", "--updates", "0"])
    #expect(found.status == 0)
    for words in ["Forward", "Backward", "W_hh[3,2]", "W_xh[1,h]", "b_y[o]", "p_t (h e l o)"] {
      #expect(found.output.contains(words), "\(words)")
    }
    let json = try program.run(["hello", "--json", "--word", "banana", "--hidden", "2"])
    let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((value?["letters"] as? [String]) == ["b", "a", "n"])
    #expect((value?["steps"] as? [Any])?.count == 5)
    let weights = try program.run(["hello", "--word", "h"])
    #expect(weights.status == 64 && weights.errors.contains("2 to 40"))
  }

  @Test func gradientsAreCheckedAsMinCharRNNDoes() throws {
    let path = try specification()
    let found = try program.run(["gradcheck", path, "cells=rnn", "hidden_size=6", "--checks", "3"])
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output.contains("weight_hh_l0\n"))
    #expect(found.output.contains(/-?\d\.\d+e[-+]\d+, -?\d\.\d+e[-+]\d+ => \d\.\d+e[-+]\d+/))
    #expect(try program.run(["gradcheck", path, "--bound", "0"]).status == 1)
  }

  @Test func whatCannotBeReadIsRefused() throws {
    let run = try train()
    for (arguments, status, words) in [
      (["generate", run, "--update", "7"], Int32(66), "there are those after 0, 30, 60"),
      (["generate", run, "--temperature=-1"], 64, "finite numbers from 0"),
      (["generate", run, "--prompt", "☃"], 65, "not in the model's vocabulary"),
      (["score", directory.file("nowhere")], 66, "nowhere"),
      (["view", run, "--from", "100000"], 65, "there are not two"),
      (["units", run, "--shifts", "2"], 64, "whole numbers from 4"),
    ] {
      let found = try program.run(arguments)
      #expect(found.status == status && found.errors.contains(words), "\(arguments): \(found.errors)")
    }
  }
}
