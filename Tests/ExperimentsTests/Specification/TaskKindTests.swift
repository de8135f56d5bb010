import Experiments
import Foundation
import TestSupport
import Testing

@Suite("Kinds of tasks") struct TaskKindTests {
  private static func task(_ text: String) throws -> TaskSpecification {
    try parse("task: \(text)\nsequence_length: 40\ncells: rnn\nseeds: 1").task
  }

  // What decides a trial's id: of old kinds as it always was, and a choice only where it is not the first.
  @Test(arguments: [
    ("{kind: gaussian-noise}", #"{"kind":"gaussian-noise"}"#),
    ("{kind: adding}", #"{"kind":"adding"}"#),
    ("{kind: memorisation}", #"{"bits":5,"kind":"memorisation"}"#),
    ("{kind: echo}", #"{"delay":10,"kind":"echo","symbols":8}"#),
    ("{kind: echo, symbols: 3, delay: 20}", #"{"delay":20,"kind":"echo","symbols":3}"#),
    ("{kind: flip-flop, bits: 2}", #"{"bits":2,"kind":"flip-flop"}"#),
    ("{kind: reversal}", #"{"kind":"reversal","symbols":8}"#),
    ("{kind: class-to-sequence}", #"{"classes":4,"kind":"class-to-sequence"}"#),
    (
      "{kind: class-to-sequence, feedback: own-output, classes: 6}",
      #"{"classes":6,"kind":"class-to-sequence"}"#
    ),
    (
      "{kind: class-to-sequence, feedback: nothing}",
      #"{"classes":4,"feedback":"nothing","kind":"class-to-sequence"}"#
    ),
  ])
  func identityAndTextOfATask(text: String, json: String) throws {
    let task = try Self.task(text)
    #expect(task.identity.json == json)
    #expect(try Self.task(task.text) == task)
  }

  @Test func membersReachTheTask() throws {
    let echo = try Self.task("{kind: echo, delay: 20, symbols: 3}").identity
    #expect((echo.drawn as? Echo)?.delay == 20 && (echo.drawn as? Echo)?.symbolCount == 3)
    #expect(echo.leastSteps == 21 && echo.label == "echo after 20 steps" && echo.readsTokens)
    let bits = try Self.task("{kind: flip-flop, bits: 2}").identity
    #expect((bits.drawn as? FlipFlop)?.bits == 2 && !bits.readsTokens && bits.allowsLengths)
    let waves = try Self.task("{kind: class-to-sequence, classes: 7, feedback: nothing}").identity
    let drawn = try #require(waves.drawn as? ClassToSequence)
    #expect(drawn.inputClassCount == 7 && drawn.feedback == .nothing && !waves.readsTokens)
    #expect(waves.topology == .oneToMany(.nothing))
    let reversal = try Self.task("{kind: reversal, symbols: 5}").identity
    #expect((reversal.drawn as? Reversal)?.symbolCount == 5 && reversal.topology == .encoderDecoder)
  }

  // A kind that is drawn is described by its task alone.
  @Test func everyDrawnKindHasItsTask() throws {
    for kind in TaskKind.all where kind.file == nil && kind != .gaussianNoise {
      let task = try #require(try Self.task("{kind: \(kind.name)}").identity.drawn, "\(kind.name)")
      #expect(task.name != "this task" && task.allowsLengths, "\(kind.name)")
      #expect(try parse("task: {kind: \(kind.name)}\nsequence_length: 40").task.identity.hasSuccessRule)
    }
  }

  @Test(arguments: [
    ("{kind: echo, delay: 0}", SpecificationError.Kind.outOfRange, "whole numbers from 1"),
    ("{kind: echo, bits: 2}", .contradiction, "for kind memorisation or flip-flop only"),
    ("{kind: class-to-sequence, feedback: own}", .unknownName, "own-output, nothing"),
    ("{kind: class-to-sequence, feedback: 3}", .unknownName, "own-output, nothing"),
    ("{kind: reversal, feedback: nothing}", .contradiction, "for kind class-to-sequence only"),
    ("{kind: reversal, symbols: 1}", .outOfRange, "whole numbers from 2"),
    ("{kind: echo, delay: 40}", .outOfRange, "at least 41 steps, not 40"),
  ])
  func refuses(text: String, kind: SpecificationError.Kind, words: String) throws {
    let error = try #require(failure("name: x\nsequence_length: 40\ntask: \(text)"))
    #expect(error.kind == kind && error.description.contains(words), "\(error)")
  }

  // MARK: - Digits

  /// Twenty images of the shape, whose pixels are their places, in two classes.
  private static func archive(_ shape: [Int]) throws -> Data {
    let pixels = shape.reduce(1, *)
    let images = try NumericArray((0..<20 * pixels).map { Double($0 % pixels + 1) }, shape: [20] + shape)
    let labels = try NumericArray((0..<20).map { $0 % 2 }, shape: [20])
    return Data(
      StoredArchive([
        ("images.npy", try NPYFile.encoded(images)), ("labels.npy", try NPYFile.encoded(labels)),
      ])
      .bytes)
  }

  private static func digits(_ members: String, shape: [Int]) throws -> SweepSpecification {
    let yaml = Data("name: x\ncells: rnn\nseeds: 1\ntask: {kind: digits, path: d.npz\(members)}\n".utf8)
    return try withFolder(["d.npz": try archive(shape), "x.yaml": yaml]) {
      try SweepSpecification.read(path: $0 + "/x.yaml")
    }
  }

  @Test(arguments: [
    ("", [3, 2], ["pixels": 6], 6), (", rows: pixel", [6], ["pixels": 6], 6),
    (", rows: row", [3, 2], ["pixels": 6, "width": 2], 3),
    (", rows: row", [16], ["pixels": 16, "width": 4], 4),
    (", rows: row, width: 8", [16], ["pixels": 16, "width": 8], 2),
    (", rows: row, width: 3", [6], ["pixels": 6, "width": 3], 2),
    (", rows: row", [2, 3, 4], ["pixels": 24, "width": 12], 2),
    (", rows: image", [3, 2], ["pixels": 6], 1),
  ])
  func digitsAreReadByPixelsRowsOrWhole(
    members: String, shape: [Int], numbers: [String: Int], steps: Int
  ) throws {
    let specification = try Self.digits(members, shape: shape)
    let task = specification.task.identity
    #expect(task.numbers == numbers && task.fixedSteps == steps && task.leastSteps == steps)
    #expect(specification.values(of: .sequenceLength, \.sequenceLength) == [steps])
    #expect(task.usualInputs == numbers["pixels"].map { $0 / steps } && !task.allowsLengths)
    #expect(task.topology == (members.hasSuffix("image") ? .oneToOne : .manyToOne))
    // The normalised text needs no file.
    let text = "name: x\ntask: \(specification.task.text)\ncells: rnn\nseeds: 1"
    let again = try SweepSpecification.parse(text: text, file: "/nowhere/x.yaml", requiringTaskFile: false)
    #expect(again.task.identity == task)
    let old = numbers.count == 1 && !members.hasSuffix("image")
    #expect(task.json.contains("rows") != old && task.json.contains(#""pixels":\#(numbers["pixels"] ?? 0)"#))
  }

  @Test(arguments: [
    (", rows: row", [6], "6 pixels are no square; add width: n; allowed: divisors of 6"),
    (", rows: row, width: 4", [6], "does not divide the 6 pixels"),
    (", rows: row, width: 3", [3, 2], "disagrees with the file, which has 2"),
    (", width: 2", [3, 2], "is for rows: row only"), (", rows: column", [3, 2], "pixel, row, image"),
  ])
  func unfitRowsAreRefused(members: String, shape: [Int], words: String) throws {
    let error = #expect(throws: SpecificationError.self) { try Self.digits(members, shape: shape) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
}
