import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Captures of programs in Python") struct CaptureTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func diagnose(
    _ path: String, update: Int? = nil, names: [String]? = nil, call: Int? = nil
  ) throws -> CaptureDiagnosis {
    let capture = try CaptureFolder(path)
    return try CaptureDiagnosis(
      CapturedUpdate(capture.update(update), of: capture), names: names, call: call, plan: DiagnosisPlan())
  }

  private func refusal(_ path: String, update: Int? = nil) -> String {
    do {
      _ = try diagnose(path, update: update)
      return "nothing"
    } catch {
      return "\(error)".replacingOccurrences(of: directory.path + "/", with: "")
    }
  }

  /// A copy that may be damaged.
  private func copy(_ name: String) throws -> String {
    let path = directory.file(name)
    try FileManager.default.copyItem(atPath: Captures.path(name), toPath: path)
    return path
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  /// Changes `update.json` and states its new digest.
  private func edit(_ path: String, _ old: String, _ new: String, resealing: Bool = true) throws {
    let (file, index) = (path + "/update-0000000/update.json", path + "/capture.json")
    let before = try text(file)
    let after = before.replacingOccurrences(of: old, with: new)
    #expect(before != after)
    try after.write(toFile: file, atomically: true, encoding: .utf8)
    guard resealing else { return }
    func digest(_ text: String) -> String { SHA256.hash(Data(text.utf8)).hexadecimal }
    try text(index).replacingOccurrences(of: digest(before), with: digest(after))
      .write(toFile: index, atomically: true, encoding: .utf8)
  }

  // MARK: - What agrees

  @Test func modulesBetweenAnythingElseAgreeWithAutomaticDifferentiation() throws {
    let found = try diagnose(Captures.path("tagger"))
    #expect(found.modules.map(\.name) == ["lstm", "cell"] && !found.hasRefused)
    for module in found.modules {
      let check = try #require(module.check)
      #expect(try #require(check.outputs) < 1e-14 && check.agrees)
      #expect(try #require(check.weightGradients) < 1e-13)
      #expect(try #require(check.inputGradients) < 1e-13)
    }
    let lstm = found.diagnoses[0]
    #expect(lstm.layers.count == 4 && lstm.problem.batch == 4 && lstm.problem.steps == 6)
    // In the caller's order: lengths 6, 3, 5, 1.
    #expect(lstm.problem.sequences == [0, 2, 1, 3])
    // Cells of a loop are one sequence.
    #expect(found.diagnoses[1].problem.steps == 3)
    #expect(lstm.loss == 1.3165118494236543)
  }

  @Test func tokensOfAnEmbeddingAreKnown() throws {
    let found = try diagnose(Captures.path("tagger"), names: ["lstm"])
    try found.folder(name: "tagger").modules[0].diagnosis.write(to: directory.file("out"))
    let rows = CSVRows(try text(directory.file("out/tokens.csv")))
    #expect(rows["count"].compactMap(Int.init).reduce(0, +) == 15)
    #expect(rows.columns == ["token", "count", "log10_grad_x", "log10_grad_embedding"])
  }

  @Test func aModuleOfAnotherEquationIsRefusedByNameAndOthersAreReported() throws {
    let found = try diagnose(Captures.path("projected"))
    #expect(found.hasRefused && found.diagnoses.map(\.problem.name) == ["rnn"])
    #expect(found.refusals.count == 1 && found.refusals[0].hasPrefix("lstm: not reported: "))
    #expect(found.refusals[0].contains("proj_size"))
  }

  @Test func cellStatesThatAreReadOnTheWayRefuseTheirModuleAlone() throws {
    let found = try diagnose(Captures.path("looking"))
    #expect(found.diagnoses.map(\.problem.name) == ["1"])
    #expect(
      found.refusals.count == 1
        && found.refusals[0].hasPrefix("0: not reported: cell states c_t before the last"))
  }

  @Test func aSeriesHasItsEvolution() throws {
    let evolution = try CaptureEvolution(CaptureFolder(Captures.path("series")))
    #expect(evolution.modules.map(\.name) == ["0"])
    let updates = evolution.modules[0].updates
    #expect(updates.map(\.number) == [0, 2, 4] && updates.allSatisfy { $0.check.agrees })
    // The batches have 5, 7 and 9 steps.
    #expect(updates.map { $0.layers[0].byLag.count } == [5, 7, 9])
    for update in updates {
      let found = try diagnose(Captures.path("series"), update: update.number).diagnoses[0]
      let norms = found.layers[0].steps.hidden
      #expect(update.layers[0].byLag == Array(norms.dropFirst().reversed()))
      #expect(update.loss == found.loss)
    }
    let files = try evolution.write(to: directory.path)
    #expect(files == ["evolution.csv", "updates.csv"])
    let rows = CSVRows(try text(directory.file("evolution.csv")))
    #expect(rows.rows.count == 21 && rows["update"].last == "4")
    #expect(CSVRows(try text(directory.file("updates.csv")))["module"] == ["0", "0", "0"])
  }

  // MARK: - What does not agree

  @Test func aModuleThatIsAnotherOneIsNotReported() throws {
    let path = try copy("projected")
    try edit(path, "\"rnn_tanh\"", "\"rnn_relu\"")
    let found = try diagnose(path)
    #expect(found.diagnoses.isEmpty && found.hasRefused)
    #expect(
      found.lines[1].hasPrefix(
        "rnn: not reported: disagrees with what was captured: largest relative difference of outputs "))
    let check = try #require(found.modules[1].check)
    #expect(!check.agrees && check.worst != nil)
  }

  @Test func differencesThatAreNoNumbersDoNotAgree() {
    var check = CaptureCheck(tolerance: 1e-9)
    check.compareOutputs([1, .nan], [1, 2], "outputs")
    #expect(!check.agrees && check.worst == "outputs")
    var other = CaptureCheck(tolerance: 1e-9)
    other.compareWeights([.infinity], [1], scale: 1, "w")
    #expect(!other.agrees)
    var missing = CaptureCheck(tolerance: 1e-9)
    missing.compareWeights([], [1], scale: 1, "w")
    #expect(!missing.agrees)
  }

  // MARK: - Bad input

  @Test func captureOfAnotherVersionIsRefused() throws {
    let path = try copy("tagger")
    let index = path + "/capture.json"
    try text(index).replacingOccurrences(of: "\"version\": 1", with: "\"version\": 2")
      .write(toFile: index, atomically: true, encoding: .utf8)
    let message = refusal(path)
    #expect(
      message.hasPrefix("tagger/capture.json:3:13: ") && message.contains("capture again"), "\(message)")
  }

  @Test func captureThatWasEditedIsRefused() throws {
    let path = try copy("tagger")
    try edit(path, "\"steps\": 6", "\"steps\": 5", resealing: false)
    #expect(
      refusal(path).hasPrefix("tagger/update-0000000/update.json: is not the text that capture.json states"))
    let other = try copy("series")
    let arrays = other + "/update-0000004/m0-c0.npz"
    var data = try #require(FileManager.default.contents(atPath: arrays))
    data[200] ^= 1
    try data.write(to: URL(fileURLWithPath: arrays))
    #expect(refusal(other).contains("m0-c0.npz: is not the file that update.json states the sha256 of"))
  }

  @Test func captureThatWasCutShortIsRefused() throws {
    let path = try copy("series")
    try FileManager.default.removeItem(atPath: path + "/update-0000002/m0.npz")
    #expect(refusal(path) == "nothing")
    #expect(
      refusal(path, update: 2).contains("update-0000002/m0.npz: no such file; the capture is not whole"))
    try FileManager.default.removeItem(atPath: path + "/update-0000004")
    #expect(refusal(path).contains("update-0000004/update.json: no such file"))
    try FileManager.default.removeItem(atPath: path + "/capture.json")
    #expect(refusal(path).contains("a capture is a folder with capture.json"))
    try "{\"format\": ".write(toFile: path + "/capture.json", atomically: true, encoding: .utf8)
    #expect(refusal(path).hasPrefix("series/capture.json"))
  }

  @Test func numbersThatAreNoneAreNamed() throws {
    let found = try diagnose(Captures.path("nan"))
    #expect(found.diagnoses.isEmpty)
    #expect(
      found.refusals.count == 1 && found.refusals[0].contains("is nan; the program had left the range there"))
  }

  @Test func sizesThatContradictEachOtherAreRefused() throws {
    for (old, new) in [
      ("\"steps\": 6", "\"steps\": 7"), ("\"hidden_size\": 4", "\"hidden_size\": 5"),
      ("\"layer_count\": 2", "\"layer_count\": 3"), ("\"batch\": 4", "\"batch\": 3"),
      ("\"input_size\": 3", "\"input_size\": 2"), ("\"bidirectional\": true", "\"bidirectional\": false"),
      ("\"weight_hh\": 1", "\"weight_hh\": 0"), ("\"cell\": \"lstm\"", "\"cell\": \"gru\""),
    ] {
      let path = try copy("tagger")
      defer { try? FileManager.default.removeItem(atPath: path) }
      try edit(path, old, new)
      #expect(refusal(path) != "nothing", "\(new)")
    }
  }

  @Test func choicesThatThereAreNotAreNamed() throws {
    #expect(
      refusal(Captures.path("series"), update: 3).contains("no update 3 was captured; there are 0, 2, 4"))
    #expect(throws: CaseError.self) { try diagnose(Captures.path("tagger"), names: ["lst"]) }
    #expect(try diagnose(Captures.path("tagger"), call: 1).diagnoses.isEmpty)
  }
}
