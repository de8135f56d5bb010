import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

/// Damaged cases by the thousand: each is diagnosed or refused with file, place and problem.
@Suite struct CaseMutationTests {
  /// A directory in which one file is damaged.
  struct Input {
    let directory: String
    let file: String
    let bytes: [UInt8]
    let size: Int
  }

  /// A case that is small and its files, of which `damaged` is not as it was.
  final class Case {
    let directory: TemporaryDirectory
    let files: [String: [UInt8]]
    let description: String
    var damaged: String?

    init(_ name: String) throws {
      directory = try TemporaryDirectory()
      var files: [String: [UInt8]] = [:]
      for file in try FileManager.default.contentsOfDirectory(atPath: ReferenceCases.path(name))
      where !file.hasPrefix("expected") {
        files[file] = Array(
          FileManager.default.contents(atPath: ReferenceCases.path(name) + "/" + file) ?? Data())
        directory.write(files[file] ?? [], to: file)
      }
      self.files = files
      description = String(decoding: files["case.json"] ?? [], as: UTF8.self)
    }

    /// The case with one file damaged; the one before is as it was again.
    func input(_ generator: inout SeededGenerator) -> Input {
      if let damaged { directory.write(files[damaged] ?? [], to: damaged) }
      let file = generator.chance(oneIn: 2) ? "case.json" : generator.one(of: files.keys.sorted())
      let original = files[file] ?? []
      let bytes: [UInt8]
      switch file {
      case "case.json":
        bytes =
          generator.chance(oneIn: 8)
          ? generator.damaged(original)
          : Array(generator.damaged(description, fragments: CaseMutationTests.fragments).utf8)
      case "weights.safetensors": bytes = generator.damagedSafetensors(original)
      default: bytes = generator.damagedNPY(original)
      }
      directory.write(bytes, to: file)
      damaged = file
      let size = files.reduce(0) { $0 + ($1.key == file ? bytes.count : $1.value.count) }
      return Input(directory: directory.path, file: file, bytes: bytes, size: size)
    }
  }

  static let fragments = [
    "{", "}", "[", "]", "{}", "[]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "é", "e\u{301}", "\n", "\0",
    "\u{FEFF}",
    "\u{2028}", "\u{85}", "null", "true", "1.5", "1e400", "\"cell\": \"gru\",", "\"activation\": \"relu\",",
    "\"hidden_size\": 8,", "\"loss\": {\"kind\": \"final_dot\"},", "\"readout_size\": -1,",
    "\"readout_size\": null,",
    "\"kind\": \"cross_entropy_final\",", "\"zero\"", "\"file\"", "\"rnn\"", "// a\n", "NaN", "Infinity", "'",
    String(repeating: "[", count: 600), String(repeating: "{\"a\":", count: 600),
    String(repeating: "x", count: 3_000),
    String(repeating: "\\u2028\\n\\u0007", count: 100), String(repeating: "9", count: 400),
    String(repeating: "\u{1F600}\u{2028}", count: 100),
  ]

  @Test(.timeLimit(.minutes(60)), arguments: HostileReader.parts)
  func damagedCasesAreDiagnosedOrRefused(part: Int) throws {
    let cases = try ["lstm_batch1_h7_initial_state", "rnn_tanh_one_step"].map { try Case($0) }
    var reading = HostileReading(.referenceCase, part: part)
    let tally = reading.tally { generator in
      generator.one(of: cases).input(&generator)
    } size: {
      $0.size
    } read: { input in
      // Without the spectra of a CaseDiagnosis, which take longer than all the rest.
      _ = try ReferenceCase(directory: input.directory).problem(Double.self).diagnose()
    } complaint: { error in
      Self.complaint(about: error)
    }
    #expect(tally.failures.isEmpty, "\(tally.failures.joined(separator: "\n"))")
    #expect(tally.read > 0 && tally.refused > tally.read)
  }

  private static func complaint(about error: any Error) -> String? {
    switch error {
    case let error as ModelFileError:
      return error.file == nil ? "no file" : error.complaint
    case let error as CaseError:
      if error.place.isEmpty || error.problem.isEmpty { return "no place or no problem" }
      return HostileReading.complaint(aboutMessage: error.description)
    default: return "neither a ModelFileError nor a CaseError"
    }
  }
}
