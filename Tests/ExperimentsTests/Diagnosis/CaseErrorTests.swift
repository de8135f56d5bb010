import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite struct CaseErrorTests {
  private let directory: TemporaryDirectory
  private let description: String

  init() throws {
    directory = try TemporaryDirectory()
    let source = ReferenceCases.path("rnn_tanh_one_step")
    for file in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(atPath: source + "/" + file, toPath: directory.file(file))
    }
    description = try directory.read("case.json")
  }

  /// The error of the case after a part of its description is replaced.
  private func failure(replacing part: String, by other: String) throws -> CaseError? {
    #expect(description.contains(part))
    _ = try directory.write(description.replacingOccurrences(of: part, with: other), to: "case.json")
    return #expect(throws: CaseError.self) { try ReferenceCase(directory: directory.path) }
  }

  @Test(arguments: [
    ("\"hidden_size\": 5,", "\"hidden_size\": 5.5,", "8:17", "hidden_size: 5.5 is not a whole number"),
    ("\"hidden_size\": 5,", "\"hidden_size\": 0,", "8:17", "allowed: whole numbers from 1 to 1000000000"),
    ("\"hidden_size\": 5,", "\"hidden_size\": \"5\",", "8:17", "remove the quotes"),
    ("\"hidden_size\": 5,", "\"hidden_size\": 1e999,", "8:17", "is beyond float64"),
    ("\"hidden_size\": 5,", "\"hidden_size\": 0e-9223372036854775808,", "8:17", "is out of range"),
    ("\"hidden_size\": 5,", "\"hidden_size\": 5, \"hidden_size\": 5,", "8:20", "given twice, first at "),
    ("\"hidden_size\": 5,", "", "1:1", "the key 'hidden_size' is missing"),
    ("\"hidden_size\": 5,", "\"hidden_size\" 5,", "8:16", "':' is expected here"),
    ("\"hidden_size\": 5,", "\"hidden_size\": 05,", "8:17", "a value is expected here"),
    ("\"hidden_size\": 5,", "\"hidden_size\": .5,", "8:17", "a value is expected here"),
    ("\"hidden_size\": 5,", "// 5", "8:2", "a key in double quotes is expected here"),
    ("false\n}", "false,\n}", "21:1", "a key in double quotes is expected here"),
    ("false\n}", "false\n", "22:1", "the end of the text is not JSON: ',' or '}' is expected here"),
    ("false\n}", "false\n} 1", "21:3", "nothing may follow"),
    ("\"tanh\"", "\"tan\"", "6:16", "activation: \"tan\" is not one of the choices; did you mean 'tanh'?"),
    ("\"rnn\"", "\"gru\"", "6:16", "activation: \"tanh\" applies to the rnn cell only"),
    ("\"rnn\"", "\"a\\u2028\\n\"", "5:10", "cell: \"a\\u{2028}\\n\" is not one of the choices"),
    ("\"rnn\"", "\"\\ud83d\"", "5:11", "in pairs for surrogates"),
    ("\"zero\"", "\"none\"", "13:19", "allowed: zero, file"),
    ("\"cross_entropy_every_step\"", "\"mse\"", "15:11", "loss.kind: \"mse\" is not one of the choices"),
    ("\"readout_size\": 4", "\"readout_size\": null", "14:10", "has no 'readout_size'"),
    ("\"name\": \"rnn_tanh_one_step\"", "\"name\": 3", "3:10", "name: 3 is not a string"),
    ("null", "[[[[[[[[[[[[[[[[[[[[", "19:31", "values nest at most 16 deep"),
  ])
  func placeAndProblemAreTold(_ part: String, _ other: String, _ place: String, _ problem: String) throws {
    let error = try failure(replacing: part, by: other)
    #expect(error?.kind == .malformed)
    #expect(error?.place == "\(directory.file("case.json")):\(place)")
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
  }

  @Test func escapesInStringsAreRead() throws {
    let name = "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é\""
    _ = try directory.write(
      description.replacingOccurrences(of: "\"rnn_tanh_one_step\"", with: name), to: "case.json")
    let reference = try ReferenceCase(directory: directory.path)
    #expect(reference.name == "a\"\\/\u{8}\u{C}\n\r\té😀é")
  }

  @Test(.timeLimit(.minutes(1))) func textThatTakesLongToCompareIsRefused() throws {
    let marks = String(repeating: "\u{301}\u{323}", count: 200_000)
    let error = try failure(replacing: "\"rnn\"", by: "\"rnn\(marks)\"")
    #expect(error?.place == "\(directory.file("case.json")):5:270")
    #expect(error?.problem.contains("combining characters") == true)
  }

  @Test func aMissingTensorIsToldWithShortNames() throws {
    let one = try NumericArray([1.0], shape: [])
    let names = (0..<40).map { String(repeating: "\u{2028}", count: 50) + "\($0)" }
    try SafetensorsFile.write(
      tensors: names.map { ($0, one) }, to: directory.file("weights.safetensors"))
    let error = #expect(throws: CaseError.self) { try ReferenceCase(directory: directory.path) }
    #expect(HostileReading.complaint(aboutMessage: error?.description ?? "") == nil)
    #expect(error?.problem.hasPrefix("has no tensor 'weight_ih_l0'; it contains \\u{2028}") == true)
  }

  @Test func endlessOrHugeDescriptionsAreNotRead() throws {
    let path = directory.file("case.json")
    func replaced(by link: String) throws -> CaseError? {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: link)
      return #expect(throws: CaseError.self) { try ReferenceCase(directory: directory.path) }
    }
    for link in ["/dev/zero", "/dev/full", directory.path, "case.json"] {
      let error = try replaced(by: link)
      #expect(error?.kind == .missing && error?.place == path, "\(link)")
    }
    directory.write([UInt8](repeating: 0x20, count: 2 << 20), to: "huge.json")
    let error = try replaced(by: "huge.json")
    #expect(error?.kind == .malformed && error?.problem.contains("has more than 1048576 bytes") == true)
  }
}
