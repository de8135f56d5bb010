import Experiments
import Testing

/// Thousands of damaged specifications: each is read or refused with a message, none crashes.
@Suite struct SpecificationMutationTests {
  /// SplitMix64 (Steele, Lea & Flood 2014).
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  static let seeds = [
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
  ]
  static let fragments = [
    "{", "}", "[", "]", ":", ": ", ",", "-", "- ", "\n", "\n  ", "#", "&a ", "*a", "!!int ", "!",
    "|", ">", "'", "\"", "\\", "%", "@", "`", "?", "? ", "~", "null", "true", ".nan", ".inf",
    "1e999",
    "9999999999999999999", "-0", "0x1", "1_0", "\t", "\r\n", "\u{FEFF}", "\u{85}", "\u{2028}", "é",
    "\0", "---\n", "...\n", "<<: ", "seed: 1\n", "{from: 1, to: 3, step: 1}", "count: 7", "step: 0",
    "e5", ".", "00", "999999",
  ]

  static func mutated(_ text: String, with generator: inout Generator) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let at = Int.random(in: 0...scalars.count, using: &generator)
      let end = min(scalars.count, at + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: scalars.removeSubrange(at..<end)
      case 1: scalars.insert(contentsOf: scalars[at..<end], at: 0)
      case 2:
        let length = Int.random(in: 0...40, using: &generator)
        scalars.insert(contentsOf: scalars[at..<min(scalars.count, at + length)], at: end)
      default:
        let fragment = fragments.randomElement(using: &generator) ?? ""
        scalars.replaceSubrange(at..<min(end, at + 2), with: fragment.unicodeScalars)
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }

  @Test(.timeLimit(.minutes(2)), arguments: 0..<4)
  func mutatedSpecificationsAreReadOrRefused(_ seed: UInt64) throws {
    var generator = Generator(state: seed)
    var readCount = 0
    for round in 0..<1500 {
      let text = Self.mutated(Self.seeds[round % Self.seeds.count], with: &generator)
      do throws(SpecificationError) {
        let specification = try SweepSpecification.parse(
          text: text, file: "/nowhere/x.yaml", requiringTaskFile: false)
        readCount += 1
        #expect(specification.trialCount > 0)
        let again = try SweepSpecification.parse(
          text: specification.normalisedYAML, file: "/nowhere/x.yaml", requiringTaskFile: false)
        #expect(again == specification, "\(text.debugDescription)")
      } catch {
        let message = error.description
        #expect(
          !message.contains { $0.isNewline } && message.count < 1_000, "\(text.debugDescription)")
      }
    }
    #expect(readCount > 50)
  }

  @Test func mutatedOverridesAreReadOrRefused() {
    var generator = Generator(state: 99)
    let overrides = ["spectral_radius=[0.9,1.1]", "clip={step-norm: 1}", "seeds=3", "cell=gru"]
    for round in 0..<2000 {
      let override = Self.mutated(overrides[round % overrides.count], with: &generator)
      do throws(SpecificationError) {
        _ = try SweepSpecification.parse(text: "name: x", file: "x.yaml", overrides: [override])
      } catch {
        #expect(error.description.hasPrefix("command line: "), "\(override.debugDescription)")
      }
    }
  }
}
