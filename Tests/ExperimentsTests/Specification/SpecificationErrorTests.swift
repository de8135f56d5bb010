import Experiments
import Foundation
import Testing

@Suite struct SpecificationErrorTests {
  @Test func unknownKeyNamesPlaceNearestAndAllowed() {
    let error = failure("name: x\nseeds: 3\nspectral_radios: 1\n")
    #expect(error?.kind == .unknownKey)
    #expect(error?.file == "x.yaml" && error?.place == .position(file: "x.yaml", line: 3, column: 1))
    #expect(error?.key == "spectral_radios" && error?.suggestion == "spectral_radius")
    #expect(
      error?.description
        == "x.yaml:3:1: unknown key 'spectral_radios'; did you mean 'spectral_radius'? Allowed "
        + "keys: name, task, cells, hidden_size, layers, bidirectional, embedding_size, tied, input_size, batch_size, "
        + "sequence_length, min_length, spectral_radius, initializer, input_scale, initial_state_scale, washout, "
        + "forget_bias, loss, readout_size, clip, seeds, precision, root_seed, record, iterations, optimizer, "
        + "learning_rate, schedule, truncation, weight_sd, dropout, readout_start, stop_at_success, evaluation_size, test_length, "
        + "evaluate_every, record_every, diagnose_every, diagnostics, checkpoint_every, figures")
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let text: String
    let kind: SpecificationError.Kind
    let place: String
    let suggestion: String?
    let words: String

    init(
      _ text: String, _ kind: SpecificationError.Kind, _ place: String,
      suggestion: String? = nil, _ words: String
    ) {
      self.text = text
      self.kind = kind
      self.place = place
      self.suggestion = suggestion
      self.words = words
    }

    var testDescription: String { text.debugDescription }
  }

  static let cases = [
    Case(
      "name: x\nhidden_size: 0", .outOfRange, "2:14",
      "hidden_size: 0 is out of range; allowed: whole numbers from 1 to 16384"),
    Case("name: x\nhidden_size: [8, 16385]", .outOfRange, "2:18", "16385 is out of range"),
    Case("name: x\nhidden_size: 9999999999999999999", .outOfRange, "2:14", "is out of range"),
    Case("name: x\nhidden_size: 6.5", .wrongType, "2:14", "6.5 is not a whole number"),
    Case("name: x\nhidden_size: \"64\"", .wrongType, "2:14", "remove the quotes"),
    Case("name: x\nhidden_size: true", .wrongType, "2:14", "'true' is not a number"),
    Case("name: x\nhidden_size: 0x10", .wrongType, "2:14", "is not a decimal number"),
    Case("name: x\nhidden_size: 010", .wrongType, "2:14", "no leading zeros"),
    Case("name: x\nhidden_size:", .wrongType, "2:13", "nothing is not a number"),
    Case("name: x\nhidden_size: []", .emptyList, "2:14", "has no values"),
    Case("name: x\nhidden_size: [[1]]", .wrongType, "2:15", "a list is not a number"),
    Case(
      "name: x\nhidden_size: [4, 8, 4]", .repeatedValue, "2:21",
      "hidden_size: 4 is given twice"),
    Case("name: x\nspectral_radius: .nan", .outOfRange, "2:18", "is not finite"),
    Case("name: x\nspectral_radius: -.inf", .outOfRange, "2:18", "is not finite"),
    Case("name: x\nspectral_radius: inf", .outOfRange, "2:18", "is not finite"),
    Case("name: x\nspectral_radius: 1e999", .outOfRange, "2:18", "is beyond float64"),
    Case("name: x\nspectral_radius: 1e-999", .outOfRange, "2:18", "is too small"),
    Case("name: x\nspectral_radius: -1", .outOfRange, "2:18", "numbers from 0 to 1e6"),
    Case("name: x\ninput_scale: -0.1", .outOfRange, "2:14", "finite numbers from 0"),
    Case(
      "name: x\ncells: [rnn, lstmm]", .unknownName, "2:14", suggestion: "lstm",
      "cells: 'lstmm' is not one of the choices; did you mean 'lstm'? Allowed: rnn, rnn-relu"),
    Case("name: x\ninitializer: orthogonla", .unknownName, "2:14", suggestion: "orthogonal", ""),
    Case("name: x\ninitializer: {a: 1}", .wrongType, "2:14", "a mapping is not a name"),
    Case("name: x\nclip: {step_norm: 1}", .unknownName, "2:8", suggestion: "step-norm", ""),
    Case("name: x\nclip: step-norm", .wrongType, "2:7", "allowed: step-norm:x, or {step-norm: x}"),
    Case("name: x\nclip: {none: 1}", .wrongType, "2:7", "threshold where none belongs"),
    Case("name: x\nclip: {value: 0}", .outOfRange, "2:15", "clip.value: 0 is out of range"),
    Case("name: x\nclip: {value: 1, step-norm: 2}", .wrongType, "2:7", "is not a clipping rule"),
    Case("name: x\nseeds: 0", .outOfRange, "2:8", "whole numbers from 1 to 100000"),
    Case("name: x\nseeds: [-1]", .outOfRange, "2:9", "from 0 to 18446744073709551615"),
    Case(
      "name: x\nseeds: 3\nseed: 4", .duplicateKey, "3:1",
      "key 'seed', which is 'seeds', is given twice, first at x.yaml:2:1"),
    Case("name: x\nseeds: 3\nseeds: 4", .duplicateKey, "3:1", "given twice, first on line 2"),
    Case("name: x\ntask: {kind: text, kind: text}", .duplicateKey, "2:8", "given twice"),
    Case("name: x\ntask: {kind: noise}", .unknownName, "2:14", "task.kind: 'noise'"),
    Case(
      "name: x\ntask: {knid: text}", .unknownKey, "2:8", suggestion: "kind",
      "unknown key 'knid' in task"),
    Case("name: x\ntask: text", .wrongType, "2:7", "{kind: text, path: FILE}"),
    Case("name: x\ntask: {kind: text}", .missingKey, "2:7", "has no 'path'"),
    Case("name: x\ntask: {kind: gaussian-noise, path: a}", .contradiction, "2:30", "kind text"),
    Case("name: x\ntask: {kind: text, path: /no/such}", .missingFile, "2:26", "no such file"),
    Case("name: x\nprecision: float16", .unknownName, "2:12", suggestion: "float32", ""),
    Case("name: x\nroot_seed: [1]", .wrongType, "2:12", "a list is not a number"),
    Case("name: x\ncells: rnn\nforget_bias: 1", .contradiction, "3:1", "for the lstm cell"),
    Case("name: .x", .outOfRange, "1:7", "not first '.'"),
    Case("name: a b", .outOfRange, "1:7", "is not a valid name"),
    Case("name: true", .wrongType, "1:7", "is not a name"),
    Case("seeds: 3", .missingKey, "", "key 'name' is missing"),
    Case("", .missingKey, "", "the specification is empty"),
    Case("# nothing\n", .missingKey, "", "the specification is empty"),
    Case("- a\n- b", .wrongType, "1:1", "cannot be a list"),
    Case("word", .wrongType, "1:1", "cannot be 'word'"),
    Case(
      "name: x\ncells: [rnn", .malformed, "3:1",
      "not YAML: did not find expected ',' or ']'"),
    Case("name: x\n\u{1}: 3", .malformed, "2:1", "control characters"),
    Case("name: x\n---\nname: y", .malformed, "2:1", "another document"),
    Case("name: x\nseeds: &a 3", .malformed, "2:8", "anchors and aliases"),
    Case(
      "name: x\nseeds: [" + String(repeating: "*a, ", count: 20) + "]", .malformed, "2:9",
      "anchors and aliases"),
    Case("%TAG ! a\n---\nname: x", .malformed, "1:1", "tags (!) are not supported"),
    Case("name: x\nseeds: 0e-9223372036854775808", .outOfRange, "2:8", "is out of range"),
    Case("name: x\nhidden_size: 0e9223372036854775807", .outOfRange, "2:14", "is out of range"),
    Case(
      "name: e" + String(repeating: "\u{301}\u{323}", count: 200), .tooLarge, "1:264",
      "256 combining characters"),
    Case(
      "? \"e" + String(repeating: "\\u0301", count: 300) + "\"\n: 1", .tooLarge, "1:1541",
      "256 combining characters"),
    Case(
      "# 100%\nname: \"e" + String(repeating: "\\u0301\\\n  ", count: 300) + "\"", .tooLarge, "130:3",
      "256 combining characters"),
    Case("name: x\nseeds: !!int 3", .malformed, "2:8", "tags (!) are not supported"),
    Case("name: x\nseeds: !!str 3", .malformed, "2:8", "tags (!) are not supported"),
    Case("name: x\n? [a]\n: 3", .malformed, "2:3", "a key must be a plain word"),
    Case("name: x\ninput_scale: {from: 1}", .missingKey, "2:14", "has no 'to'"),
    Case("name: x\ninput_scale: {from: 1, to: 2}", .missingKey, "2:14", "neither 'step' nor"),
    Case("name: x\ninput_scale: {from: 2, to: 1, step: 1}", .outOfRange, "2:14", "goes down"),
    Case("name: x\ninput_scale: {from: 1, to: 2, step: 0}", .outOfRange, "2:37", "above 0"),
    Case("name: x\ninput_scale: {from: 0, to: 1, step: 1e-5}", .tooLarge, "2:37", "100000 values"),
    Case("name: x\ninput_scale: {from: 0, to: 1, step: 1e-30}", .outOfRange, "2:37", "too small"),
    Case(
      "name: x\ninput_scale: {from: 1, to: 2, step: 1, count: 2}", .contradiction, "2:14",
      "both"),
    Case("name: x\ninput_scale: {from: 1, to: 2, step: 1, scale: log}", .contradiction, "2:14", ""),
    Case("name: x\ninput_scale: {from: 0, to: 2, count: 3, scale: log}", .outOfRange, "2:14", ""),
    Case("name: x\ninput_scale: {from: 1, to: 2, count: 1}", .contradiction, "2:14", "1 value"),
    Case("name: x\ninput_scale: {from: 1, to: 2, count: 100001}", .outOfRange, "2:38", ""),
    Case("name: x\ninput_scale: {from: 1, too: 2}", .unknownKey, "2:24", suggestion: "to", ""),
    Case(
      "name: x\nbatch_size: {from: 1, to: 2, step: 0.5}", .wrongType, "2:13",
      "1.5 is not a whole"),
  ]

  @Test(arguments: cases) func errorTellsWhereAndWhat(_ example: Case) {
    let error = failure(example.text)
    #expect(error?.kind == example.kind)
    let place = example.place.isEmpty ? "x.yaml: " : "x.yaml:\(example.place): "
    #expect(error?.description.hasPrefix(place) == true, "\(error?.description ?? "")")
    #expect(
      example.words.isEmpty || error?.description.contains(example.words) == true,
      "\(error?.description ?? "")")
    #expect(error?.suggestion == example.suggestion)
    #expect(error?.isMissingInput == (example.kind == .missingFile))
  }

  @Test func overridesAreNamedInTheirErrors() {
    let unknown = failure("name: x", overrides: ["spectral_radios=1"])
    #expect(unknown?.file == nil && unknown?.suggestion == "spectral_radius")
    #expect(
      unknown?.description.hasPrefix("command line: 'spectral_radios=1': unknown key ") == true)
    let range = failure("name: x", overrides: ["hidden_size=0"])
    #expect(range?.kind == .outOfRange)
    #expect(range?.description.hasPrefix("command line: 'hidden_size=0': hidden_size: 0 ") == true)
    #expect(failure("name: x", overrides: ["hidden_size"])?.kind == .wrongType)
    #expect(failure("name: x", overrides: ["hidden_size="])?.kind == .wrongType)
    #expect(failure("name: x", overrides: ["cells=[rnn"])?.kind == .malformed)
    #expect(failure("name: x", overrides: ["seed=1", "seeds=2"])?.kind == .duplicateKey)
  }

  @Test func inputsThatCannotBeHadAreToldApart() throws {
    try withFolder(["binary.yaml": Data([0x6E, 0xFF, 0xFE, 0])]) { folder in
      func kind(_ path: String) -> SpecificationError.Kind? {
        do throws(SpecificationError) {
          _ = try SweepSpecification.read(path: path)
          return nil
        } catch {
          #expect(error.isMissingInput)
          return error.kind
        }
      }
      #expect(kind(folder + "/none.yaml") == .missingFile)
      #expect(kind("") == .missingFile)
      #expect(kind(folder) == .isDirectory)
      #expect(kind(folder + "/binary.yaml") == .notUTF8)
      let error = #expect(throws: SpecificationError.self) {
        try SweepSpecification.read(path: folder + "/binary.yaml")
      }
      #expect(error?.description.hasSuffix("is not UTF-8 text: byte 1 does not start a character") == true)
    }
  }

  @Test(.timeLimit(.minutes(1))) func hostileTextEndsInAnError() {
    let bomb = (0..<40).reduce("a0: &a0 [x, x]\n") { text, level in
      text + "a\(level + 1): &a\(level + 1) [*a\(level), *a\(level), *a\(level)]\n"
    }
    let keyBomb = (0..<5).reduce("? &a0 [x, x]\n: 1\n") { text, level in
      text + "? &a\(level + 1) [*a\(level), *a\(level), *a\(level)]\n: 1\n"
    }
    for text in [
      bomb, keyBomb, "a: &a [*a]", String(repeating: "[", count: 100_000),
      "name: x\nseeds: " + String(repeating: "[", count: 500)
        + String(repeating: "]", count: 500),
      String(repeating: "- ", count: 100_000), String(repeating: "{a: ", count: 100_000),
      "name: " + String(repeating: "x", count: 1_000_000), String(repeating: "a", count: 5_000_000),
      "name: x\nhidden_size: " + String(repeating: "9", count: 1_000_000),
      "name: x\nspectral_radius: 1e" + String(repeating: "9", count: 1_000),
      "name: x\ninput_scale: [" + String(repeating: "1,", count: 500_000) + "1]",
      "name: x\nseeds: {" + String(repeating: "a,", count: 3) + "b}",
      // What takes quadratic time to compare, in keys that the parser compares, and directives that it does.
      "? e" + String(repeating: "\u{301}\u{323}", count: 1_000_000) + "\n: 1\n",
      "{!" + String(repeating: "%CC%81%CC%A3", count: 300_000) + " a: 1}",
      "{\"e" + String(repeating: "\\u0301\\\n \\u0323", count: 200_000) + "\": 1}",
      (0..<200_000).map { "%TAG !a\($0)! b\n" }.joined() + "---\nname: x",
      "\0", "\t", "%YAML 9.9\n---\nname: x", "name: \"\\uD800\"", "*a", "&a", "!", "? ", "<<: {}",
    ] {
      let error = failure(text)
      #expect(error?.description.isEmpty == false)
      #expect((error?.description.count ?? 0) < 1_000)
    }
  }
}
