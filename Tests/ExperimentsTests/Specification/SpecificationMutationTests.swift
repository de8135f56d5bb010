import Experiments
import Foundation
import TestSupport
import Testing

/// Damaged specifications by the thousand: each is read or refused with place and problem.
@Suite struct SpecificationMutationTests {
  /// A specification as it may be given.
  enum Input {
    case text(String)
    case override(String)
    /// A file's bytes, which need not be text.
    case file([UInt8], path: String)
  }

  static let samples = [
    SpecificationTemplate.text(),
    """
    name: decay
    cells: [rnn, lstm]
    sequence_length: {from: 10, to: 1000, count: 5, scale: log}
    spectral_radius: {from: 0.5, to: 1.5, step: 0.1}
    forget_bias: [-1, 0, 1.5e0]
    clip: [none, {step-norm: 1.0}, {value: 2}]
    loss: [final-dot, final-mse]
    seeds: [1, 2, 3]
    """,
    "name: t\ntask: {kind: text, path: \"a\\tb\", sha256: \(String(repeating: "0", count: 64))}\n",
    "name: x\nhidden_size: 4\ninput_scale: {from: 0, to: 1, step: 0.25}\nroot_seed: 7\nprecision: float64\n",
  ]
  static let overrides = [
    "spectral_radius=[0.9,1.1]", "clip={step-norm: 1}", "seeds=3", "cell=gru",
    "input_scale={from: 0, to: 1, step: 0.5}", "task={kind: text, path: a}",
  ]
  static let fragments = [
    "{", "}", "[", "]", ":", ": ", ",", "-", "- ", "\n", "\n  ", "#", "&a ", "*a", "!!int ", "!",
    "!%ED%A0%80 ",
    "!<%FF> ", "|", ">", "'", "\"", "\\", "\"\\xff\\u0000\\ud800\"", "%", "%YAML 1.1\n", "%TAG ! a\n", "@",
    "`", "?",
    "? ", "~", "null", "true", ".nan", ".inf", "\t", "\r\n", "\u{FEFF}", "\u{85}", "\u{2028}", "é",
    "e\u{301}", "\0",
    "\u{202E}", "\u{E000}", "---\n", "...\n", "<<: ", "<<: {seeds: 3}\n", "<<: *a\n", "seed: 1\n",
    "seeds: 1\n",
    "{from: 1, to: 3, step: 1}", "{from: 0, to: 1e300, step: 1e-300}",
    "{from: 0, to: 1, count: 999999999999}",
    "{from: 1, to: 100000000, count: 100000, scale: log}", "{from: 0, to: 99999, step: 1}", "count: 7",
    "step: 0",
    "e5", ".", "00", "999999", "? {a: b}\n: 1\n", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    String(repeating: "*a, ", count: 20), String(repeating: "[", count: 40),
    String(repeating: "{a: ", count: 40),
    String(repeating: "- ", count: 40), String(repeating: "? ", count: 40),
    String(repeating: "x", count: 3_000),
    String(repeating: "9", count: 400), String(repeating: "\u{301}\u{323}", count: 200),
    String(repeating: "\u{1F600}", count: 100), String(repeating: "1, ", count: 200),
    String(repeating: "\u{2028}", count: 70), "\"" + String(repeating: "\\u2028\\a", count: 70) + "\"",
  ]

  @Test(.timeLimit(.minutes(60)), arguments: HostileReader.parts)
  func damagedSpecificationsAreReadOrRefused(part: Int) throws {
    let folder = try TemporaryDirectory()
    var reading = HostileReading(.specification, part: part)
    let tally = reading.tally { generator in
      Self.input(&generator, in: folder)
    } size: { input in
      switch input {
      case .text(let text), .override(let text): return text.utf8.count
      case .file(let bytes, _): return bytes.count
      }
    } read: { input in
      try Self.read(input)
    } complaint: { error in
      guard let error = error as? SpecificationError else { return "not a SpecificationError" }
      return Self.complaint(about: error)
    }
    #expect(tally.failures.isEmpty, "\(tally.failures.joined(separator: "\n"))")
    #expect(tally.read > 0 && tally.refused > tally.read)
  }

  private static func input(_ generator: inout SeededGenerator, in folder: TemporaryDirectory) -> Input {
    switch generator.number(0...9) {
    case 0...6: return .text(generator.damaged(generator.one(of: samples), fragments: fragments))
    case 7...8: return .override(generator.damaged(generator.one(of: overrides), fragments: fragments))
    default:
      let bytes = generator.damaged(Array(generator.one(of: samples).utf8))
      return .file(bytes, path: folder.write(bytes, to: "x.yaml"))
    }
  }

  /// Why a specification that was read is not one.
  private struct Unstable: Error {}

  private static func read(_ input: Input) throws {
    let file = "/nowhere/x.yaml"
    let specification: SweepSpecification
    switch input {
    case .text(let text):
      specification = try .parse(text: text, file: file, requiringTaskFile: false)
    case .override(let override):
      specification = try .parse(text: "name: x", file: file, overrides: [override])
    case .file(_, let path):
      specification = try .read(path: path, requiringTaskFile: false)
    }
    let again = try SweepSpecification.parse(
      text: specification.normalisedYAML, file: file, requiringTaskFile: false)
    // Where a text lies is said relative to its specification.
    guard specification.trialCount > 0, again.normalisedYAML == specification.normalisedYAML else {
      throw Unstable()
    }
  }

  /// What an error lacks: a place in the text, unless the text as a whole is meant, and a line that says what is wrong.
  private static func complaint(about error: SpecificationError) -> String? {
    switch error.place {
    case .position(_, let line, let column): if line < 1 || column < 1 { return "no place" }
    case .commandLine: break
    case .file:
      let meansTheWhole: [SpecificationError.Kind] = [.missingKey, .tooLarge, .notUTF8]
      if !meansTheWhole.contains(error.kind) { return "no line and column" }
    }
    if error.problem.isEmpty || error.allowed?.isEmpty ?? false { return "no problem or no advice" }
    return HostileReading.complaint(aboutMessage: error.description)
  }
}
