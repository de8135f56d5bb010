import Experiments
import Foundation
import Testing

@Suite struct TextTaskTests {
  static let text = Data("to be, or not to be\n".utf8)
  static let sha256 = "6cdc65bd4440e1008fda8a014a66c5ae20a9b753d404532916f9729173a8f99a"

  static func error(
    _ lines: String, in folder: String, requiringTaskFile: Bool = true
  ) -> SpecificationError? {
    do throws(SpecificationError) {
      _ = try SweepSpecification.parse(
        text: "name: x\n" + lines + "\nsequence_length: 10\n", file: folder + "/x.yaml",
        requiringTaskFile: requiringTaskFile)
      return nil
    } catch {
      return error
    }
  }

  @Test func textIsHashedAndItsPathResolved() throws {
    let yaml = Data(
      "name: x\ncells: rnn\nsequence_length: 19\nseeds: 2\ntask: {kind: text, path: ./a.txt}\n".utf8)
    try withFolder(["a.txt": Self.text, "x.yaml": yaml]) { folder in
      let specification = try SweepSpecification.read(path: folder + "/x.yaml")
      guard let file = specification.task.file else {
        Issue.record("not a text task")
        return
      }
      #expect(file.path == "./a.txt" && file.sha256 == Self.sha256)
      #expect(file.resolvedPath.hasSuffix("/a.txt") && !file.resolvedPath.contains("/./"))
      #expect(specification.values(of: .loss, \.loss) == [.crossEntropyFinal])
      #expect(
        specification.values(of: .inputSize, \.inputSize).isEmpty
          && specification.values(of: .readoutSize, \.readoutSize).isEmpty)
      #expect(specification.trialCount == 2 && specification.trials.count == 2)
      #expect(specification.trials.first?.canonicalJSON.contains("input_size") == false)
      #expect(specification.trials.first?.readoutSize == nil)

      let again = try SweepSpecification.parse(
        text: specification.normalisedYAML, file: folder + "/x.yaml")
      #expect(again == specification)
    }
  }

  /// The examples of FIPS 180-2, appendix B.
  @Test(arguments: [
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func publishedDigests(part: String, count: Int, sha256: String) throws {
    let yaml = Data("name: x\nsequence_length: 2\ntask: {kind: text, path: ./a.txt}\n".utf8)
    try withFolder(["a.txt": Data(String(repeating: part, count: count).utf8), "x.yaml": yaml]) { folder in
      let specification = try SweepSpecification.read(path: folder + "/x.yaml")
      #expect(specification.task.file?.sha256 == sha256)
    }
  }

  @Test func normalisedTextTaskIsReadWithoutItsFile() throws {
    let task = "task: {kind: text, path: gone.txt, sha256: \(Self.sha256)}"
    #expect(Self.error(task, in: "/nowhere")?.kind == .missingFile)
    #expect(Self.error(task, in: "/nowhere", requiringTaskFile: false) == nil)
    #expect(
      Self.error("task: {kind: text, path: gone.txt}", in: "/nowhere", requiringTaskFile: false)?
        .kind == .missingFile)
  }

  @Test func unfitTextsAreRefused() throws {
    let files = ["empty.txt": Data(), "binary.txt": Data([0xFF]), "a.txt": Self.text]
    try withFolder(files) { folder in
      func kind(_ task: String) -> SpecificationError.Kind? {
        Self.error("task: {kind: text, \(task)}", in: folder)?.kind
      }
      #expect(kind("path: empty.txt") == .outOfRange)
      #expect(kind("path: binary.txt") == .notUTF8)
      #expect(kind("path: .") == .isDirectory)
      #expect(kind("path: /dev/zero") == .unreadableFile)
      #expect(kind("path: {a: b}") == .wrongType)
      #expect(kind("path: [a]") == .missingFile)
      #expect(kind("path: a.txt, sha256: 12") == .wrongType)
      let other = String(repeating: "0", count: 64)
      #expect(kind("path: a.txt, sha256: \(other)") == .changedText)
      #expect(kind("path: a.txt, sha256: \(Self.sha256)") == nil)
    }
  }

  @Test func aTextHasToBeLongerThanItsSequences() throws {
    try withFolder(["a.txt": Self.text, "long.txt": Data(String(repeating: "ab é", count: 30).utf8)]) {
      folder in
      func refusal(_ file: String, _ length: Int, _ training: String = "") -> SpecificationError? {
        do throws(SpecificationError) {
          _ = try SweepSpecification.parse(
            text: "name: x\ntask: {kind: text, path: \(file)}\nsequence_length: [2, \(length)]\n" + training,
            file: folder + "/x.yaml")
          return nil
        } catch {
          return error
        }
      }
      // 20 characters: the last of 19 steps has a character after it. Characters count, not bytes.
      #expect(refusal("a.txt", 19) == nil)
      let short = refusal("a.txt", 20)
      #expect(short?.kind == .outOfRange && short?.key == "sequence_length")
      #expect(short?.description.hasPrefix("\(folder)/x.yaml:3:") == true)
      #expect(
        short?.description.hasSuffix(
          "the text has 20 characters, and sequences of 20 steps need 21; use a longer text; "
            + "allowed: whole numbers up to 19") == true)
      #expect(refusal("long.txt", 119) == nil && refusal("long.txt", 120) != nil)
      // Trainings are tested on the last tenth.
      #expect(refusal("long.txt", 11, "iterations: 5\n") == nil)
      #expect(
        refusal("long.txt", 12, "iterations: 5\n")?.description.contains("the last tenth of the text") == true
      )
    }
  }

  @Test func keysThatTheVocabularyDecidesAreRefused() throws {
    try withFolder(["a.txt": Self.text]) { folder in
      let task = "task: {kind: text, path: a.txt}\n"
      let size = Self.error(task + "input_size: 3", in: folder)
      #expect(size?.kind == .contradiction)
      #expect(size?.place == .position(file: folder + "/x.yaml", line: 3, column: 1))
      #expect(size?.description.contains("vocabulary determines it") == true)
      #expect(Self.error(task + "readout_size: 3", in: folder)?.kind == .contradiction)
      for loss in ["final-dot", "[cross-entropy-final, final-mse]"] {
        let error = Self.error(task + "loss: \(loss)", in: folder)
        #expect(error?.kind == .contradiction)
        #expect(
          error?.description.hasSuffix("allowed: cross-entropy-final, cross-entropy-every-step")
            == true)
      }
      #expect(Self.error(task + "loss: cross-entropy-every-step", in: folder) == nil)
    }
  }
}
